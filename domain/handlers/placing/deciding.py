"""From a plan to events: whether it still holds on loaded states, and what it then means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.base.handling import View
from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.base.streams import StreamId, stock_key, stock_stream
from domain.handlers.placing.booking import days_have_room, days_of
from domain.handlers.placing.planning import Routed
from domain.handlers.placing.promising import dues_of, kept_promise, promises_of
from domain.handlers.placing.truth import serves
from domain.order.events import Backorder, GroupPromise, LinesAllocated, RoutingFoundNothing
from domain.stock.decider import reserve
from domain.stock.evolve import evolve
from domain.stock.serving import has_room, queue_backorder


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
        *days_of(routed),
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
    own = routed.demand.own
    for stream, total in routed.totals.items():
        if view.state(stream).free + own.get(stream, ZERO) < total:
            return False
    channel_id = routed.demand.channel_id
    for stream, methods in routed.locations.items():
        location = view.state(stream)
        if not all(serves(location, channel_id, method) for method in methods):
            return False
    if not days_have_room(routed, view):
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
    dues = dues_of(routed, now, view)
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
                promise=kept_promise(
                    groups[hold.group_id],
                    dues[hold.group_id, stock_key(stream)[1]].ship_by,
                ),
                own=demand.own.get(stream, ZERO),
            )[0]
            for hold in holds
        ]
    waits = [_queue(routed, backorder, stock, now, view) for backorder in routed.backorders]
    promises = promises_of(routed, dues, waits)
    event = LinesAllocated(
        routed.allocations,
        routed.backorders,
        promises,
        routed.decision,
        routed.fulfilments,
        demand.cause,
    )
    return Reserved(event, promises, stock)


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
