"""Routing what is open of an order as a part of the command that opened it, in one append."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.base.handling import Decision, Json, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import StreamId, key_of
from domain.handlers.capacity_work import capacity_events
from domain.handlers.order_streams import answer, find_order, stream_of
from domain.handlers.placing.deciding import (
    Reserved,
    reserve_all,
    still_holds,
    streams_of,
)
from domain.handlers.placing.order_demand import REFUSED_BEFORE, demand_of, open_shares
from domain.handlers.placing.outcome import promised, routed_lines
from domain.handlers.placing.planning import Route, Routed, likely_sources, plan_demand
from domain.handlers.placing.promising import unplaced
from domain.handlers.placing.truth import channel_settings, serves
from domain.handlers.stock_work import StockWork
from domain.order.commands import OrderCommand
from domain.order.events import RoutingFoundNothing
from domain.order.evolve import evolve
from domain.order.holding import tried_too_often
from domain.order.rerouting_events import RoutingHeld
from domain.order.state import Order
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.routing.plan import RoutingCause


@dataclass(frozen=True, slots=True)
class AfterWork:
    """The states of a view, with what a command already does to stock items on top.

    So an order's own reservations that are given back are free for it.
    """

    view: View
    work: StockWork

    def state(self, stream: StreamId) -> Any:
        """Return the state of a loaded stream; raise NotLoaded otherwise."""
        return self.work.state(stream) if self.work.has(stream) else self.view.state(stream)

    def exists(self, stream: StreamId) -> bool:
        """Say whether a loaded stream has any event; raise NotLoaded otherwise."""
        return self.view.exists(stream)

    def has(self, stream: StreamId) -> bool:
        """Say whether the stream is loaded; counts as no read."""
        return self.view.has(stream)

    def missing(self, streams: Iterable[StreamId]) -> tuple[StreamId, ...]:
        """Return those of `streams` that are not loaded."""
        return self.view.missing(streams)


@dataclass(frozen=True, slots=True)
class Again:
    """An order as it was planned for, what the command changes of it, and the plan after that.

    Nothing is routed where nothing is open, or where it must not be routed any more.
    """

    order: Order
    changes: tuple[Event, ...]
    after: Order
    routed: Routed | None


def plan_again(
    command: OrderCommand,
    order: Order,
    changes: Sequence[Event],
    cause: RoutingCause,
    *,
    facts: RoutingFacts | None,
    view: View,
    route: Route,
    group_id: str | None = None,
) -> Again | Need:
    """Plan what is open of an order, or of one group of it, once the command's changes happened.

    The channel must be loaded.
    """
    after = folded(order, changes)
    if after.hold is not None or tried_too_often(after):
        return Again(order, tuple(changes), after, None)
    channel = channel_settings(view, command.channel_id)
    demand = demand_of(after, channel, cause, wanted=open_shares(after, group_id))
    if not demand.wanted:
        return Again(order, tuple(changes), after, None)
    known = facts or NO_FACTS
    missing = view.missing(likely_sources(demand.item_ids(), channel.sources, known))
    if missing:
        return Need(missing)
    routed = plan_demand(command, demand, known, view, route)
    return routed if isinstance(routed, Need) else Again(order, tuple(changes), after, routed)


def decide_again(
    command: OrderCommand,
    again: Again,
    view: View,
    work: StockWork,
    *,
    freed: Iterable[StreamId] = (),
    passing_over: StreamId | None = None,
    subject: str | None = None,
) -> Decision | Need | Replan:
    """Return the command's changes, and reservations and backorders for what is open after them.

    `work` is what the command does to stock items itself, and `freed` are those whose queues
    are served once the order has what it gets; `passing_over` is an order that gets none of it.
    What finds no place stays open; that is recorded once, until something happens to the order.
    """
    if not _fits(command, again, view):
        return Replan()
    routed, own = again.routed, list(again.changes)
    reserved = None
    if routed is not None:
        missing = view.missing(streams_of(routed))
        if missing:
            return Need(missing)
        seen = AfterWork(view, work)
        if not still_holds(routed, seen):
            return Replan()
        reserved = reserve_all(routed, command.now, seen)
        if not isinstance(reserved.event, RoutingFoundNothing) or not again.after.just_routed:
            own.append(reserved.event)
        for stream, events in reserved.stock.items():
            work.add(stream, events)
    own += _held(again, reserved)
    for stream in freed:
        work.serve(stream, passing_over=passing_over)
    followed = work.order_events()
    if isinstance(followed, Need):
        return followed
    own += followed.pop(stream_of(command), [])
    changed = {**({stream_of(command): own} if own else {}), **followed}
    days = capacity_events(changed, view)
    if isinstance(days, Need):
        return days
    outcome = outcome_of(command, again, own, reserved)
    return Decision({**changed, **work.events(), **days}, outcome, subject=subject)


def folded(order: Order, events: Iterable[Event]) -> Order:
    """Return an order after events."""
    for event in events:
        order = evolve(order, event)
    return order


def outcome_of(
    command: OrderCommand, again: Again, own: Sequence[Event], reserved: Reserved | None
) -> Mapping[str, Json]:
    """Return what the caller is told: how the order stands, and where open quantities went."""
    after = folded(again.order, own)
    return {
        **answer(command, again.order, own),
        "routed": [] if again.routed is None else routed_lines(again.routed),
        "promises": [] if reserved is None else promised(reserved.promises),
        "routing_hold": None if after.hold is None else after.hold.reason,
    }


def _fits(command: OrderCommand, again: Again, view: View) -> bool:
    """Say whether the order and the channel's rules are still as planned on."""
    if find_order(command, view) != again.order:
        return False
    routed = again.routed
    return routed is None or channel_settings(view, command.channel_id) == routed.demand.channel


def _held(again: Again, reserved: Reserved | None) -> list[Event]:
    """Return the hold that an order comes to: it was tried too often, or nobody is left."""
    after, routed = again.after, again.routed
    if after.hold is not None:
        return []
    if routed is None or reserved is None:
        held = tried_too_often(after) and bool(open_shares(after))
        return [RoutingHeld("too-many-tries", after.tries)] if held else []
    if not nothing_left(routed):
        return []
    return [RoutingHeld("nothing-left", folded(after, [reserved.event]).tries)]


def nothing_left(routed: Routed) -> bool:
    """Say whether nobody may ever serve any of what found no place, because of refusals.

    A location that is only suspended or out of stock may serve it one day.
    """
    demand = routed.demand
    known = {key_of(stream): location for stream, location in routed.seen_locations}
    groups = {group.group_id: group for group in demand.groups}
    left = unplaced(routed)
    for _, group_id in left:
        group = groups[group_id]
        for place in demand.channel.sources if group.store is None else (group.store,):
            location = known.get(place)
            if place not in demand.excluded and (
                location is None
                or serves(replace(location, suspended=False), demand.channel_id, group.method)
            ):
                return False
    return bool(left) and REFUSED_BEFORE in demand.excluded.values()
