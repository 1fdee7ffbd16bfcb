"""Working days of locations with a capacity: facts corrected by loaded days, and what to load."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from domain.base.handling import View
from domain.base.streams import StreamId, capacity_stream
from domain.routing.facts import LocationFacts, Locations, RoutingFacts
from domain.routing.looking import EARLIEST_CUT_OFF
from domain.routing.plan import RoutingPlan
from domain.routing.promise import Calendars, first_day, hand_over, working_days

GROWTH: Final = 4
"""How many more days are loaded each time that all loaded days of a location were full."""


def with_true_days(
    known: Mapping[str, LocationFacts],
    view: View,
    candidates: Collection[str],
    now: datetime,
    calendars: Calendars,
) -> Mapping[str, LocationFacts]:
    """Return the locations with each loaded day as it truly stands, as far as a plan may look."""
    changed: dict[str, LocationFacts] = {}
    for location in _limited(known, candidates):
        true = {
            day: view.state(capacity_stream(location.location_id, day)).booked
            for day in _loaded(location, view, now, calendars)
        }
        if any(location.booked.get(day, 0) != booked for day, booked in true.items()):
            booked = {**location.booked, **true}
            changed[location.location_id] = replace(location, booked=booked)
    return {**known, **changed} if changed else known


def _limited(
    known: Mapping[str, LocationFacts], candidates: Collection[str]
) -> Collection[LocationFacts]:
    """Return the candidates with a capacity, found once where many orders share locations."""
    if not isinstance(known, Locations):
        return _with_capacity(known, candidates)
    key = (_limited, tuple(candidates))
    found = known.kept(key)
    if not isinstance(found, tuple):
        found = _with_capacity(known, candidates)
        known.keep(key, found)
    return found


def _with_capacity(
    known: Mapping[str, LocationFacts], candidates: Collection[str]
) -> tuple[LocationFacts, ...]:
    located = (known.get(location_id) for location_id in candidates)
    return tuple([one for one in located if one is not None and one.attributes.capacity_per_day])


def _loaded(
    location: LocationFacts, view: View, now: datetime, calendars: Calendars
) -> Iterator[date]:
    """Yield the loaded days up to the first other one that has a place at every cut-off.

    A loaded day with a place ends nothing: another group of the order may take that place.
    """
    attributes = location.attributes
    most = attributes.capacity_per_day or 0
    latest = first_day(attributes, now, EARLIEST_CUT_OFF)
    for day in working_days(attributes, first_day(attributes, now), calendars):
        stream = capacity_stream(location.location_id, day)
        if view.has(stream):
            yield day
        elif day >= latest and location.booked.get(day, 0) < most:
            return


def days_to_load(
    plan: RoutingPlan, facts: RoutingFacts, view: View, now: datetime
) -> list[StreamId]:
    """Return the planned days that are not loaded, with ever more that follow.

    A day that was loaded and full led here; where many were, the next ones are as a rule full
    as well.
    """
    calendars = facts.reference.calendars
    found: list[StreamId] = []
    for one in plan.fulfilments:
        if not one.booked or one.leaves is None:
            continue
        if view.has(capacity_stream(one.location_id, one.leaves)):
            continue
        location = facts.locations[one.location_id]
        loaded = sum(1 for _ in _loaded(location, view, now, calendars))
        coming = working_days(location.attributes, one.leaves, calendars)
        found += [
            capacity_stream(one.location_id, day) for day in islice(coming, 1 + GROWTH * loaded)
        ]
    return found


def full_days(
    location_ids: Iterable[str], facts: RoutingFacts, view: View, now: datetime
) -> list[StreamId]:
    """Return the unread days of locations that facts say are full as far as one looks ahead.

    Nothing is refused or backordered because a read model calls a day full.
    """
    calendars = facts.reference.calendars
    found: list[StreamId] = []
    for location_id in location_ids:
        location = facts.locations.get(location_id)
        if location is None or not location.attributes.capacity_per_day or not location.booked:
            continue
        if hand_over(location, now, calendars) is not None:
            continue
        days = working_days(location.attributes, first_day(location.attributes, now), calendars)
        found += [capacity_stream(location_id, day) for day in days]
    return list(view.missing(found))
