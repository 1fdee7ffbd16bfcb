"""Moving an order's work from a suspended location: nothing is given back that finds no place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.base.handling import Decision, FactsWanted, Handler, Json, Need, Replan, View
from domain.base.messages import Event
from domain.base.quantity import ZERO, as_number
from domain.base.streams import StreamId, channel_stream, location_stream
from domain.handlers.capacity_work import capacity_events
from domain.handlers.giving_back import give_back, streams_given_back
from domain.handlers.order_streams import answer, find_order, stream_of
from domain.handlers.placing.again import folded
from domain.handlers.placing.deciding import reserve_all, still_holds, streams_of
from domain.handlers.placing.order_demand import demand_to_move, to_move
from domain.handlers.placing.planning import Route, Routed, likely_sources, plan_demand
from domain.handlers.placing.truth import channel_settings
from domain.handlers.stock_work import StockWork
from domain.location.decider import Location
from domain.order.events import Allocation, AllocationReleased
from domain.order.holding import may_move
from domain.order.moving import SUSPENDED, choices_at, give_way
from domain.order.rerouting_commands import MoveAllocations
from domain.order.rerouting_events import AllocationsKept, KeepReason
from domain.order.state import Order, Share
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts


@dataclass(frozen=True, slots=True)
class Move:
    """An order and a location as they were planned for, what is to move, and where to.

    Nothing was routed where nothing is to move, or where it must not be any more.
    """

    order: Order
    location: Location
    wanted: Mapping[Share, Decimal]
    routed: Routed | None


class MoveAllocationsHandler(Handler[MoveAllocations]):
    """Releases at a suspended location exactly what it reserves elsewhere, in one append.

    What no other place has stays reserved where it is, and that is recorded once until
    something happens to the order. What the location was to hand out itself waits for the
    customer's choice.
    """

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: MoveAllocations) -> FactsWanted:
        """Ask for the places of the channel; the order's items are known once it is loaded."""
        return FactsWanted(channel_id=command.channel_id)

    def streams(self, command: MoveAllocations) -> Iterable[StreamId]:
        """Read the order, its channel and the location."""
        return (
            stream_of(command),
            channel_stream(command.channel_id),
            location_stream(command.location_id),
        )

    def plan(self, command: MoveAllocations, facts: RoutingFacts | None, view: View) -> Move | Need:
        """Route what the location holds of the order, as far as its work is to move.

        Raises:
            UnknownOrder: it was never placed.
        """
        order = find_order(command, view)
        location: Location = view.state(location_stream(command.location_id))
        wanted = to_move(order, command.location_id) if location.moves_work else {}
        if not wanted or not may_move(order):
            return Move(order, location, wanted, None)
        routed = self._routed(command, order, wanted, facts or NO_FACTS, view)
        return routed if isinstance(routed, Need) else Move(order, location, wanted, routed)

    def _routed(
        self,
        command: MoveAllocations,
        order: Order,
        wanted: Mapping[Share, Decimal],
        facts: RoutingFacts,
        view: View,
    ) -> Routed | Need:
        """Return where it goes; where lines must not be split, those that fit whole alone."""
        channel = channel_settings(view, command.channel_id)
        while True:
            demand = demand_to_move(order, channel, command.location_id, wanted)
            sources = likely_sources(demand.item_ids(), channel.sources, facts)
            missing = view.missing(sources)
            if missing:
                return Need(missing)
            routed = plan_demand(command, demand, facts, view, self._route)
            if isinstance(routed, Need) or channel.split != "lines" or not routed.shortages:
                return routed
            short = {(one.line_id, one.group_id) for one in routed.shortages}
            whole = {share: each for share, each in wanted.items() if share not in short}
            if not whole:
                return _without_allocations(routed)
            wanted = whole

    def decide(self, command: MoveAllocations, plan: Move, view: View) -> Decision | Need | Replan:
        """Release and reserve what moves, and say what stays.

        Raises:
            UnknownOrder: it was never placed.
        """
        order = find_order(command, view)
        if order != plan.order or view.state(location_stream(command.location_id)) != plan.location:
            return Replan()
        choices = choices_at(order, command.location_id) if plan.location.moves_work else []
        if plan.routed is not None:
            return _moved(command, plan, plan.routed, choices, view)
        stays = _stays(command, plan, (), "too-many-tries") if plan.wanted else []
        own, outcome = _told(command, plan, [*choices, *stays])
        return Decision(own, outcome)


def _moved(
    command: MoveAllocations, plan: Move, routed: Routed, choices: Sequence[Event], view: View
) -> Decision | Need | Replan:
    order = plan.order
    if channel_settings(view, command.channel_id) != routed.demand.channel:
        return Replan()
    released, _ = give_way(order, command.location_id, routed.allocations)
    missing = view.missing((*streams_of(routed), *streams_given_back(order, released)))
    if missing:
        return Need(missing)
    if not still_holds(routed, view):
        return Replan()
    work = StockWork(view, command, reason=SUSPENDED)
    give_back(order, released, work)
    reserved = reserve_all(routed, command.now, view)
    for stream, events in reserved.stock.items():
        work.add(stream, events)
    stays = _stays(command, plan, routed.allocations, "no-other-place")
    tried = [*released, reserved.event] if released else [reserved.event] if stays else []
    own, outcome = _told(command, plan, [*choices, *tried, *stays])
    days = capacity_events(own, view)
    return days if isinstance(days, Need) else Decision({**own, **work.events(), **days}, outcome)


def _stays(
    command: MoveAllocations, plan: Move, found: Iterable[Allocation], reason: KeepReason
) -> list[AllocationsKept]:
    """Return what the location keeps; nothing where the very same was recorded already."""
    _, kept = give_way(plan.order, command.location_id, found)
    parts = tuple(part for part in kept if (part.line_id, part.group_id) in plan.wanted)
    if not parts or (not found and command.location_id in plan.order.kept_at):
        return []
    return [AllocationsKept(command.location_id, parts, reason)]


def _without_allocations(routed: Routed) -> Routed:
    """Return a plan that found something, but nothing that may be taken."""
    return replace(routed, allocations=(), fulfilments=(), holds={}, totals={}, locations={})


def _told(
    command: MoveAllocations, plan: Move, own: Sequence[Event]
) -> tuple[dict[StreamId, Sequence[Event]], Mapping[str, Json]]:
    """Return the order's events by stream, and how it then stands: units moved, and kept."""
    order = plan.order
    moved = sum((each.quantity for each in own if isinstance(each, AllocationReleased)), ZERO)
    after = folded(order, own)
    held = to_move(after, command.location_id) if plan.location.moves_work else {}
    outcome = {
        **answer(command, order, own),
        "moved": as_number(moved),
        "kept": as_number(sum(held.values(), ZERO)),
        "choices": [group.group_id for group in after.groups if group.awaits_choice is not None],
    }
    return ({stream_of(command): own} if own else {}), outcome
