"""The way goods go from a location: who carries them, when they leave and when they are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.policy import Policy
from domain.routing.promise import arrival, hand_over, holidays_at, working_days
from domain.routing.reference import Service
from domain.routing.request import RoutingGroup

TRANSFER: Final = "transfer"
"""The service level at which goods go to a store; where no carrier offers it, `STANDARD`."""
STANDARD: Final = "standard"
OWN_VAN_DAYS: Final = (1, 2, 3, 4, 5)
"""Weekdays on which goods travel to a store where no carriers are known."""


@dataclass(frozen=True, slots=True)
class Way:
    """The day goods leave or are ready, and the day they are there; None where nobody knows."""

    leaves: date | None
    arrives: date | None


def is_sent(group: RoutingGroup, location_id: str) -> bool:
    """Say whether goods travel: to the customer, or to a store that another location sends to."""
    return group.method == "ship" or location_id != group.store


def way_of(
    location: LocationFacts,
    service: Service | None,
    group: RoutingGroup,
    now: datetime,
    facts: RoutingFacts,
    policy: Policy,
) -> Way:
    """Return when a group's goods leave a location, and when they are there.

    What is collected where it lies is there when it is ready. What travels to a store can be
    collected on the store's first open day after it came.
    """
    calendars = facts.reference.calendars
    leaves = hand_over(location, now, calendars, service.cut_off if service is not None else None)
    if leaves is None or not is_sent(group, location.location_id):
        return Way(leaves, leaves)
    holidays = holidays_at(group.destination, calendars)
    if service is not None:
        zone = zone_of(service, location, group)
        if zone is None:
            return Way(leaves, None)
        came = arrival(leaves, service.transit_days[zone], service.delivers_on, holidays)
    elif group.method == "ship":
        return Way(leaves, None)
    else:
        came = arrival(leaves, policy.constraints.transfer_days, OWN_VAN_DAYS, holidays)
    return Way(leaves, came if group.method == "ship" else _collected(group, came, facts))


def _collected(group: RoutingGroup, came: date, facts: RoutingFacts) -> date | None:
    store = facts.locations.get(group.store or "")
    if store is None:
        return None
    after = came + timedelta(days=1)
    return next(working_days(store.attributes, after, facts.reference.calendars), None)


def services_of(
    location: LocationFacts, group: RoutingGroup, facts: RoutingFacts
) -> Iterator[tuple[int, Service, str]]:
    """Yield the services that go from a location at the group's level: number, service, zone."""
    going = [
        (index, service, zone)
        for index, service in enumerate(facts.reference.services)
        if (zone := zone_of(service, location, group)) is not None
    ]
    level = group.service
    if group.method != "ship":
        level = TRANSFER if any(one.level == TRANSFER for _, one, _ in going) else STANDARD
    return (one for one in going if one[1].level == level)


def zone_of(service: Service, location: LocationFacts, group: RoutingGroup) -> str | None:
    """Return the zone of a service from a location to a group's place, None: it does not go."""
    here, there = location.attributes, group.destination
    return service.zone(
        (here.country, here.postal_code or ""), (there.country, there.postal_code or "")
    )
