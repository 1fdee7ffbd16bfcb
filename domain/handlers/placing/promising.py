"""What delivery groups are promised: by the calendars of what sends and of where it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.base.handling import View
from domain.base.instants import end_of_day, zone, zone_of_country
from domain.base.streams import location_stream
from domain.channel.events import ChannelSettings
from domain.handlers.placing.planning import Routed
from domain.location.decider import Location
from domain.location.events import LocationAttributes
from domain.order.events import GroupPromise
from domain.order.state import GroupState, Share
from domain.routing.plan import PlannedFulfilment


@dataclass(frozen=True, slots=True)
class Due:
    """By when goods leave and are there; None where nothing can be said."""

    ship_by: datetime | None
    deliver_by: datetime | None


def dues_of(routed: Routed, now: datetime, view: View) -> Mapping[tuple[str, str], Due]:
    """Return by (group id, location id) when what is planned leaves, and when it is there.

    The stores of groups that are collected must be loaded.
    """
    groups = {group.group_id: group for group in routed.demand.groups}
    channel = routed.demand.channel
    return {
        (one.group_id, one.location_id): due_of(
            one, groups[one.group_id], channel, now, _store(one, groups[one.group_id], view)
        )
        for one in routed.fulfilments
    }


def due_of(
    one: PlannedFulfilment,
    group: GroupState,
    channel: ChannelSettings,
    now: datetime,
    store: LocationAttributes | None,
) -> Due:
    """Return when a planned fulfilment leaves, and when it is there.

    Goods leave by the end of the working day that routing found, and never sooner promised
    than the channel's dispatch hours. They are there by the end of the day of arrival, or of
    that on which they are promised to leave, if later: in the store's zone, or in the first
    zone of the destination's country, else in the channel's.
    """
    dispatched = now + timedelta(hours=channel.dispatch_hours)
    ship_by = dispatched if one.ship_by is None else max(dispatched, one.ship_by)
    if one.arrives is None:
        return Due(ship_by, None)
    there = zone_of_country(group.place.country, channel.time_zone)
    if store is not None:
        there = store.time_zone
    left = ship_by.astimezone(zone(there)).date()
    return Due(ship_by, end_of_day(max(one.arrives, left), there))


def last_of(dues: Iterable[Due]) -> Due:
    """Return when the last of several leaves and is there; None where one is not known."""
    first, *others = dues
    for due in others:
        first = Due(_later(first.ship_by, due.ship_by), _later(first.deliver_by, due.deliver_by))
    return first


def _store(one: PlannedFulfilment, group: GroupState, view: View) -> LocationAttributes | None:
    if group.store is None or one.arrives is None:
        return None
    store: Location = view.state(location_stream(group.store))
    return store.attributes


def kept_promise(group: GroupState, ship_by: datetime | None) -> datetime | None:
    """Return what a reservation is held for: the group's first promise, once it has one."""
    first = group.first_promise.ship_by if group.first_promise is not None else None
    return first or ship_by


def promises_of(
    routed: Routed,
    dues: Mapping[tuple[str, str], Due],
    waits: Sequence[datetime | None],
) -> tuple[GroupPromise, ...]:
    """Return a promise for each group that got anything: when the last of it leaves and comes.

    `waits` are the days on which the backorders' goods are due, in their order; they leave
    the channel's dispatch hours later, and when they come nobody can say yet.
    """
    dispatch = timedelta(hours=routed.demand.channel.dispatch_hours)
    groups = {group.group_id: group for group in routed.demand.groups}
    found: dict[str, Due] = {}
    parts = [
        *((one.group_id, dues[one.group_id, one.location_id]) for one in routed.allocations),
        *(
            (one.group_id, Due(None if due is None else due + dispatch, None))
            for one, due in zip(routed.backorders, waits, strict=True)
        ),
    ]
    for group_id, due in parts:
        known = found.get(group_id) or _standing(groups[group_id], routed, due)
        found[group_id] = Due(
            _later(known.ship_by, due.ship_by), _later(known.deliver_by, due.deliver_by)
        )
    for _, group_id in unplaced(routed):
        if group_id in found:
            found[group_id] = Due(None, None)
    return tuple(
        [
            GroupPromise(group_id, found[group_id].ship_by, found[group_id].deliver_by)
            for group_id in groups
            if group_id in found
        ]
    )


def _standing(group: GroupState, routed: Routed, due: Due) -> Due:
    """Return what holds for the rest of a group; `due` where nothing is promised or waits."""
    if group.group_id in routed.demand.waiting:
        current = group.promise
        return Due(current.ship_by if current is not None else None, None)
    if group.promise is None or group.promise.ship_by is None:
        return due
    return Due(group.promise.ship_by, group.promise.deliver_by)


def unplaced(routed: Routed) -> tuple[Share, ...]:
    """Return the shares of which some is neither allocated nor queued."""
    queued = {(one.line_id, one.group_id) for one in routed.backorders}
    return tuple(
        (short.line_id, short.group_id)
        for short in routed.shortages
        if (short.line_id, short.group_id) not in queued
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two promises; none at all is the latest."""
    return None if one is None or other is None else max(one, other)
