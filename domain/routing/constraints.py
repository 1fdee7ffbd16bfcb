"""Which candidate locations a delivery group may use, and why not the others."""

from collections.abc import Sequence
from typing import Final

from domain.item.events import ItemAttributes
from domain.location.events import Capability
from domain.routing.distance import MM_PER_KM
from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.request import RoutingGroup, RoutingRequest

UNKNOWN: Final = "unknown-location"
SUSPENDED: Final = "suspended"
CHANNEL: Final = "channel-not-served"
CAPABILITY: Final = "capability-missing"

COUNTRY: Final = "country-not-served"
EXPORT: Final = "no-export"
TOO_FAR: Final = "too-far-for-bulky-goods"
CLOSED: Final = "closed"
NO_CARRIER: Final = "no-carrier"
CARRIER_CURRENCY: Final = "carrier-in-another-currency"

Exclusions = dict[str, set[str]]
"""Location ids by the reason that excluded them."""


def eligible(
    request: RoutingRequest,
    group: RoutingGroup,
    facts: RoutingFacts,
    exclusions: Exclusions,
    policy: Policy = DEFAULT_POLICY,
) -> list[str]:
    """Return the candidates that the group may use, in their order; note the others' reasons.

    A group that is picked up or reserved knows its store alone: nothing else is a candidate.
    """
    found = []
    for location_id in request.candidates:
        if group.method != "ship" and location_id != group.store:
            continue
        location = facts.locations.get(location_id)
        reason = UNKNOWN if location is None else _reason(request, group, location, policy)
        if reason is None:
            found.append(location_id)
        else:
            exclusions.setdefault(reason, set()).add(location_id)
    return found


def _reason(
    request: RoutingRequest, group: RoutingGroup, location: LocationFacts, policy: Policy
) -> str | None:
    if location.suspended:
        return SUSPENDED
    if location.location_id in request.excluded:
        return request.excluded[location.location_id]
    attributes = location.attributes
    if attributes.channels and request.channel_id not in attributes.channels:
        return CHANNEL
    if ("ship" if group.method == "ship" else "pickup") not in attributes.capabilities:
        return CAPABILITY
    if group.method == "ship" and (attributes.countries or "export" in policy.constraints.require):
        return _reason_not_to_send(group, location, policy)
    return None


def _reason_not_to_send(group: RoutingGroup, location: LocationFacts, policy: Policy) -> str | None:
    """Return why a location does not send to the group's country."""
    goal = group.destination.country
    served = location.attributes.countries
    if served and goal not in served:
        return COUNTRY
    if "export" not in policy.constraints.require or goal == location.attributes.country:
        return None
    domestic = policy.constraints.domestic
    if goal in domestic and location.attributes.country in domestic:
        return None
    return None if "export" in location.attributes.capabilities else EXPORT


def needed_by(items: Sequence[ItemAttributes], policy: Policy) -> frozenset[Capability]:
    """Return the capabilities that goods call for, as far as the policy asks for them."""
    needed: set[Capability] = set()
    for item in items:
        longest = max(item.length_mm or 0, item.width_mm or 0, item.height_mm or 0)
        if item.hazard_class is not None:
            needed.add("hazardous")
        if item.bulky:
            needed.add("bulky")
        if longest > policy.packing.oversize_mm:
            needed.add("oversize")
    return frozenset(needed.intersection(policy.constraints.require))


def unfit(
    needed: frozenset[Capability], location: LocationFacts, distance: int | None, policy: Policy
) -> str | None:
    """Return why a location cannot send goods that call for capabilities, or None.

    Where bulky goods have a radius, a location whose distance nobody knows lies outside it.
    """
    if not needed.issubset(location.attributes.capabilities):
        return CAPABILITY
    radius = policy.constraints.bulky_radius_km
    if "bulky" in needed and radius is not None:
        return TOO_FAR if distance is None or distance > radius * MM_PER_KM else None
    return None
