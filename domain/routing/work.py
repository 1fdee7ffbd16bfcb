"""The open work that a decision saw, kept with it: the log cannot tell it for a position."""

from collections.abc import Iterable

from domain.routing.facts import RoutingFacts
from domain.routing.plan import LocationWork
from domain.routing.policy import Policy
from domain.routing.request import RoutingRequest


def seen_work(
    request: RoutingRequest, facts: RoutingFacts, policies: Iterable[Policy]
) -> tuple[LocationWork, ...]:
    """Return the open fulfilments that the policies' criteria could see, by location id.

    For `backlog` those of the candidates, for `zone-backlog` those of their zones too; nothing
    where no policy has either. Locations without open work are left out.
    """
    names = {criterion.name for policy in policies for criterion in policy.criteria}
    if not names & {"backlog", "zone-backlog"}:
        return ()
    seen = {one for one in request.candidates if one in facts.locations}
    if "zone-backlog" in names:
        zones = {facts.locations[one].attributes.backlog_zone for one in seen} - {None}
        seen |= {
            location_id
            for location_id, one in facts.locations.items()
            if one.attributes.backlog_zone in zones
        }
    return tuple(
        LocationWork(location_id, facts.locations[location_id].open_fulfilments)
        for location_id in sorted(seen)
        if facts.locations[location_id].open_fulfilments
    )
