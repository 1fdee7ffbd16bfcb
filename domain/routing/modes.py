"""How goods reach the customer from a location."""

from domain.routing.facts import LocationFacts
from domain.routing.plan import FulfilmentMode
from domain.routing.request import RoutingGroup
from domain.routing.ways import is_sent


def mode_of(group: RoutingGroup, location: LocationFacts) -> FulfilmentMode:
    """Return the mode of a group's fulfilment at a location.

    Goods for a store that another location sends travel there first.
    """
    if group.method != "ship":
        return "transfer" if is_sent(group, location.location_id) else group.method
    if location.attributes.kind == "warehouse":
        return "ship-from-warehouse"
    return "ship-from-store" if location.attributes.kind == "store" else "dropship"
