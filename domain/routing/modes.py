"""How goods reach the customer from a location."""

from domain.routing.facts import LocationFacts
from domain.routing.plan import FulfilmentMode
from domain.routing.request import RoutingGroup


def mode_of(group: RoutingGroup, location: LocationFacts) -> FulfilmentMode:
    """Return the mode of a group's fulfilment at a location.

    Goods for a store that another location sends travel there first.
    """
    if group.method != "ship":
        return group.method if location.location_id == group.store else "transfer"
    if location.attributes.kind == "warehouse":
        return "ship-from-warehouse"
    return "ship-from-store" if location.attributes.kind == "store" else "dropship"
