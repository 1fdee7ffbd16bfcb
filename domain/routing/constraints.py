"""Which candidate locations a delivery group may use, and why not the others."""

from typing import Final

from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.request import RoutingGroup, RoutingRequest

UNKNOWN: Final = "unknown-location"
SUSPENDED: Final = "suspended"
CHANNEL: Final = "channel-not-served"
CAPABILITY: Final = "capability-missing"

Exclusions = dict[str, set[str]]
"""Location ids by the reason that excluded them."""


def eligible(
    request: RoutingRequest, group: RoutingGroup, facts: RoutingFacts, exclusions: Exclusions
) -> list[str]:
    """Return the candidates that the group may use, in their order; note the others' reasons.

    A group that is picked up or reserved knows its store alone: nothing else is a candidate.
    """
    found = []
    for location_id in request.candidates:
        if group.method != "ship" and location_id != group.store:
            continue
        reason = _reason(request, group, location_id, facts.locations.get(location_id))
        if reason is None:
            found.append(location_id)
        else:
            exclusions.setdefault(reason, set()).add(location_id)
    return found


def _reason(
    request: RoutingRequest,
    group: RoutingGroup,
    location_id: str,
    location: LocationFacts | None,
) -> str | None:
    if location is None:
        return UNKNOWN
    if location.suspended:
        return SUSPENDED
    if location_id in request.excluded:
        return request.excluded[location_id]
    served = location.attributes.channels
    if served and request.channel_id not in served:
        return CHANNEL
    needed = "ship" if group.method == "ship" else "pickup"
    return None if needed in location.attributes.capabilities else CAPABILITY
