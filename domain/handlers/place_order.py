"""Taking an order: route on facts, decide on truth, reserve and record in one append."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import (
    StreamId,
    channel_stream,
    hold_stream,
    location_stream,
    order_stream,
    subject_stream,
)
from domain.handlers.capacity_work import capacity_events
from domain.handlers.holding import held_of, stock_streams, take_over
from domain.handlers.placing.deciding import reserve_all, still_holds, streams_of
from domain.handlers.placing.demand import demand_of
from domain.handlers.placing.outcome import (
    insufficient_stock,
    money_of,
    promised,
    routed_lines,
    status_of,
)
from domain.handlers.placing.planning import Route, Routed, plan_demand
from domain.handlers.placing.preparing import Prepared, facts_wanted_by, prepare, prioritised
from domain.handlers.placing.urgency import urgency_of
from domain.hold.decider import check_placeable
from domain.hold.state import Hold
from domain.order.commands import PlaceOrder
from domain.order.errors import OrderExists
from domain.order.events import GroupPromise
from domain.order.groups import stores_named, subject_of
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.subject.decider import check_not_erased


@dataclass(frozen=True, slots=True)
class Plan:
    """An order, checked and priced under a channel's rules, and where its lines come from.

    An order of charges only has nothing to route.
    """

    prepared: Prepared
    routed: Routed | None


class PlaceOrderHandler(Handler[PlaceOrder]):
    """Accepts or refuses an order, on loaded stock items only."""

    by_urgency = True

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: PlaceOrder) -> FactsWanted:
        """Ask for the lines' items and the coordinates of the destinations."""
        places = (command.destination, *(group.destination for group in command.groups))
        return facts_wanted_by(command.channel_id, command.lines, places)

    def urgency(self, command: PlaceOrder, facts: RoutingFacts | None) -> int:
        """Let priority customers come first where stock is short."""
        return urgency_of(command, facts)

    def streams(self, command: PlaceOrder) -> Iterable[StreamId]:
        """Read the order, its channel, its hold, the stores it names and whose data it carries."""
        yield order_stream(command.channel_id, command.external_id)
        yield channel_stream(command.channel_id)
        if command.hold_id is not None:
            yield hold_stream(command.channel_id, command.hold_id)
        for store in stores_named(command):
            yield location_stream(store)
        subject = subject_of(command)
        if subject is not None:
            yield subject_stream(subject)

    def plan(self, command: PlaceOrder, facts: RoutingFacts | None, view: View) -> Plan | Need:
        """Check and price the order and route its lines, on what it may have of its hold too.

        Raises:
            Refusal: the order exists, or does not fit its hold, channel, items, groups or amounts.
        """
        _check_new(command, subject_of(command), view)
        hold = _hold_of(command, view)
        missing = view.missing(stock_streams(hold)) if hold is not None else ()
        if missing:
            return Need(missing)
        facts = facts or NO_FACTS
        prepared = prepare(command, facts, view)
        if isinstance(prepared, Need):
            return prepared
        if not prepared.placed.lines:
            return Plan(prepared, None)
        own = held_of(hold, view) if hold is not None else None
        stream = order_stream(command.channel_id, command.external_id)
        demand = demand_of(prepared.placed, stream, prepared.channel, own=own)
        if facts.policies:
            prepared, demand = prioritised(prepared, demand, command.now, facts)
        routed = plan_demand(command, demand, facts, view, self._route)
        return routed if isinstance(routed, Need) else Plan(prepared, routed)

    def decide(self, command: PlaceOrder, plan: Plan, view: View) -> Decision | Need | Replan:
        """Record the order with its reservations and backorders, all or nothing.

        Raises:
            OrderExists: the channel sent it before.
            SubjectIsErased: it carries data of a person who was erased.
            UnknownHold: it names a hold that the channel does not have.
            HoldIsOver: the hold it names has expired, was released or was placed.
            InsufficientStock: the channel asks, has no backorders, and something is short.
        """
        _check_new(command, plan.prepared.placed.subject_id, view)
        hold, routed = _hold_of(command, view), plan.routed
        wanted = (*plan.prepared.found.seen, *(streams_of(routed) if routed else ()))
        missing = view.missing((*wanted, *(stock_streams(hold) if hold is not None else ())))
        if missing:
            return Need(missing)
        if not _fits(plan, hold, view):
            return Replan()
        if routed is not None and routed.shortages and not routed.demand.queues:
            raise insufficient_stock(routed)
        reserved = reserve_all(routed, command.now, view) if routed is not None else None
        own: Sequence[Event] = (plan.prepared.placed,)
        if reserved is not None:
            own = (*own, reserved.event)
        stream = order_stream(command.channel_id, command.external_id)
        others = _others(command, hold, {} if reserved is None else reserved.stock, view)
        if isinstance(others, Need):
            return others
        days = capacity_events({stream: own, **others}, view)
        if isinstance(days, Need):
            return days
        promises = () if reserved is None else reserved.promises
        return _decision(stream, plan, {**others, **days}, own, promises)


def _check_new(command: PlaceOrder, subject: str | None, view: View) -> None:
    if view.exists(order_stream(command.channel_id, command.external_id)):
        raise OrderExists(
            f"{command.channel_id} sent order {command.external_id!r} before", field="external_id"
        )
    if subject is not None:
        check_not_erased(view.state(subject_stream(subject)))


def _hold_of(command: PlaceOrder, view: View) -> Hold | None:
    """Return the hold that an order takes over, if it names one; refuse one it may not."""
    if command.hold_id is None:
        return None
    hold: Hold = view.state(hold_stream(command.channel_id, command.hold_id))
    check_placeable(hold, channel_id=command.channel_id, hold_id=command.hold_id, now=command.now)
    return hold


def _fits(plan: Plan, hold: Hold | None, view: View) -> bool:
    """Say whether the channel's rules, the items, the stock and the hold are as planned on."""
    if not plan.prepared.fits(view):
        return False
    if plan.routed is None:
        return True
    if hold is not None and held_of(hold, view) != plan.routed.demand.own:
        return False
    return still_holds(plan.routed, view)


def _others(
    command: PlaceOrder,
    hold: Hold | None,
    stock: Mapping[StreamId, Sequence[Event]],
    view: View,
) -> Mapping[StreamId, Sequence[Event]] | Need:
    """Return what happens beside the order: on stock items, to its hold, to those it serves."""
    if hold is None:
        return stock
    order = order_stream(command.channel_id, command.external_id)
    return take_over(hold, order, stock, command, view)


def _decision(
    stream: StreamId,
    plan: Plan,
    others: Mapping[StreamId, Sequence[Event]],
    own: Sequence[Event],
    promises: Sequence[GroupPromise],
) -> Decision:
    placed = plan.prepared.placed
    return Decision(
        events={stream: own, **others},
        outcome={
            "order_id": f"{placed.channel_id}:{placed.external_id}",
            "status": status_of(placed, plan.routed),
            "lines": [] if plan.routed is None else routed_lines(plan.routed),
            "totals": money_of(placed),
            "promises": promised(promises),
        },
        subject=placed.subject_id,
    )
