"""From a plan to events: whether it still holds on loaded states, and what it then means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.base.handling import View
from domain.base.messages import Event
from domain.base.streams import StreamId, stock_stream
from domain.handlers.placing.planning import Routed
from domain.handlers.placing.truth import serves
from domain.order.events import Backorder, GroupPromise, LinesAllocated, RoutingFoundNothing
from domain.order.state import GroupState, Share
from domain.stock.decider import reserve
from domain.stock.serving import has_room, queue_backorder
from domain.stock.state import evolve


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a plan does: the order's event, its promises, and the events of each stock item."""

    event: LinesAllocated | RoutingFoundNothing
    promises: tuple[GroupPromise, ...]
    stock: Mapping[StreamId, list[Event]]


def streams_of(routed: Routed) -> tuple[StreamId, ...]:
    """Return every stream that deciding a plan reads or writes."""
    return (
        *routed.holds,
        *routed.locations,
        *routed.seen_items,
        *(stream for stream, _ in routed.seen_stock),
        *(stream for stream, _ in routed.seen_locations),
    )


def is_as_seen(seen: Mapping[StreamId, object], view: View) -> bool:
    """Say whether loaded streams have the very states that a plan was made on."""
    for stream, state in seen.items():
        now = view.state(stream)
        if now is not state and now != state:
            return False
    return True


def still_holds(routed: Routed, view: View) -> bool:
    """Say whether a plan fits the loaded states: sums first, item by item and place by place.

    What was short must still be short for the same reason: nothing more and nothing less is
    free where its items could come from.
    """
    if not is_as_seen(routed.seen_items, view) or not _queues_have_room(routed, view):
        return False
    for stream, total in routed.totals.items():
        if view.state(stream).free < total:
            return False
    channel_id = routed.demand.channel_id
    for stream, methods in routed.locations.items():
        location = view.state(stream)
        if not all(serves(location, channel_id, method) for method in methods):
            return False
    return all(view.state(stream).free == free for stream, free in routed.seen_stock) and all(
        view.state(stream) == location for stream, location in routed.seen_locations
    )


def _queues_have_room(routed: Routed, view: View) -> bool:
    joining = Counter(_queue_of(routed, backorder) for backorder in routed.backorders)
    return all(has_room(view.state(stream), more) for stream, more in joining.items())


def _queue_of(routed: Routed, backorder: Backorder) -> StreamId:
    return stock_stream(routed.demand.lines[backorder.line_id].item_id, backorder.location_id)


def reserve_all(routed: Routed, now: datetime, view: View) -> Reserved:
    """Return the reservations, backorders and promises of a plan that still holds."""
    if not routed.allocations and not routed.backorders:
        return Reserved(RoutingFoundNothing(routed.decision, routed.demand.cause), (), {})
    demand = routed.demand
    dispatch = timedelta(hours=demand.channel.dispatch_hours)
    groups = {group.group_id: group for group in demand.groups}
    stock: dict[StreamId, list[Event]] = {}
    for stream, holds in routed.holds.items():
        state = view.state(stream)
        stock[stream] = [
            reserve(
                state,
                hold.allocation_id,
                order=demand.order,
                line_id=hold.line_id,
                quantity=hold.quantity,
                priority=demand.priority,
                promise=_kept_promise(groups[hold.group_id], now + dispatch),
            )[0]
            for hold in holds
        ]
    dues = [_queue(routed, backorder, stock, now, view) for backorder in routed.backorders]
    promises = _promises(routed, dues, now, dispatch)
    event = LinesAllocated(
        routed.allocations,
        routed.backorders,
        promises,
        routed.decision,
        routed.fulfilments,
        demand.cause,
    )
    return Reserved(event, promises, stock)


def _kept_promise(group: GroupState, ship_by: datetime) -> datetime:
    """Return what a reservation is held for: the group's first promise, once it has one."""
    first = group.first_promise.ship_by if group.first_promise is not None else None
    return first or ship_by


def _queue(
    routed: Routed,
    backorder: Backorder,
    stock: dict[StreamId, list[Event]],
    now: datetime,
    view: View,
) -> datetime | None:
    demand = routed.demand
    stream = _queue_of(routed, backorder)
    events = stock.setdefault(stream, [])
    state = view.state(stream)
    for event in events:
        state = evolve(state, event)
    (queued,) = queue_backorder(
        state,
        backorder.backorder_id,
        order=demand.order,
        line_id=backorder.line_id,
        quantity=backorder.quantity,
        priority=demand.priority,
        now=now,
        step=demand.lines[backorder.line_id].step,
    )
    events.append(queued)
    return queued.promise


def _promises(
    routed: Routed, dues: list[datetime | None], now: datetime, dispatch: timedelta
) -> tuple[GroupPromise, ...]:
    """Return a promise for each group that got anything: when the last of it may leave."""
    ship_by: dict[str, datetime | None] = {}
    groups = {group.group_id: group for group in routed.demand.groups}
    parts = [(allocation.group_id, now + dispatch) for allocation in routed.allocations]
    waits = [
        (backorder.group_id, None if due is None else due + dispatch)
        for backorder, due in zip(routed.backorders, dues, strict=True)
    ]
    for group_id, until in (*parts, *waits):
        known = ship_by.get(group_id, _standing(groups[group_id], routed, until))
        ship_by[group_id] = _later(known, until)
    for _, group_id in unplaced(routed):
        if group_id in ship_by:
            ship_by[group_id] = None
    return tuple(
        GroupPromise(group_id=group.group_id, ship_by=ship_by[group.group_id], deliver_by=None)
        for group in routed.demand.groups
        if group.group_id in ship_by
    )


def _standing(group: GroupState, routed: Routed, until: datetime | None) -> datetime | None:
    """Return what holds for the rest of a group; `until` where nothing is promised or waits."""
    current = group.promise.ship_by if group.promise is not None else None
    return current if current is not None or group.group_id in routed.demand.waiting else until


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
