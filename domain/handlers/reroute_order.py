"""Routing what is unassigned: reservations that were lost, kits and lines nothing was found for."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.base.handling import Decision, FactsWanted, Handler, Json, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import StreamId, channel_stream
from domain.handlers.capacity_work import capacity_events
from domain.handlers.order_streams import answer, find_order, stream_of
from domain.handlers.placing.deciding import reserve_all, still_holds, streams_of
from domain.handlers.placing.order_demand import demand_of
from domain.handlers.placing.outcome import promised, routed_lines
from domain.handlers.placing.planning import Route, Routed, likely_sources, plan_demand
from domain.handlers.placing.truth import channel_settings
from domain.order.commands import RerouteOrder
from domain.order.events import RoutingFoundNothing
from domain.order.state import Order
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts


@dataclass(frozen=True, slots=True)
class Plan:
    """The order as it was planned for, and where its open quantities come from, if it has any."""

    order: Order
    routed: Routed | None


class RerouteOrderHandler(Handler[RerouteOrder]):
    """Allocates or queues what an order has unassigned, and is silent where nothing changed.

    What the order holds or waits for stays where it is, so it is never in its own way.
    """

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: RerouteOrder) -> FactsWanted:
        """Ask for the places of the channel; the order's items are known once it is loaded."""
        return FactsWanted(channel_id=command.channel_id)

    def streams(self, command: RerouteOrder) -> Iterable[StreamId]:
        """Read the order and its channel."""
        return (stream_of(command), channel_stream(command.channel_id))

    def plan(self, command: RerouteOrder, facts: RoutingFacts | None, view: View) -> Plan | Need:
        """Route the order's open quantities, beside what it holds already.

        Raises:
            UnknownOrder: it was never placed.
        """
        order = find_order(command, view)
        channel = channel_settings(view, command.channel_id)
        demand = demand_of(order, channel, "unassigned")
        if not demand.wanted:
            return Plan(order, None)
        missing = view.missing(
            likely_sources(demand.item_ids(), channel.sources, facts or NO_FACTS)
        )
        if missing:
            return Need(missing)
        routed = plan_demand(command, demand, facts or NO_FACTS, view, self._route)
        return routed if isinstance(routed, Need) else Plan(order, routed)

    def decide(self, command: RerouteOrder, plan: Plan, view: View) -> Decision | Need | Replan:
        """Reserve and queue what was found; what was not found stays unassigned.

        That nothing was found is recorded once, until something happens to the order.

        Raises:
            UnknownOrder: it was never placed.
        """
        order, routed = find_order(command, view), plan.routed
        if order != plan.order or _has_new_rules(command, routed, view):
            return Replan()
        if routed is None:
            return Decision({}, _outcome(command, order, (), []))
        missing = view.missing(streams_of(routed))
        if missing:
            return Need(missing)
        if not still_holds(routed, view):
            return Replan()
        reserved = reserve_all(routed, command.now, view)
        lines = routed_lines(routed)
        if isinstance(reserved.event, RoutingFoundNothing) and order.just_routed:
            return Decision({}, _outcome(command, order, (), lines))
        outcome = _outcome(command, order, (reserved.event,), lines)
        outcome["promises"] = promised(reserved.promises)
        own: dict[StreamId, list[Event]] = {stream_of(command): [reserved.event]}
        days = capacity_events(own, view)
        return (
            days if isinstance(days, Need) else Decision({**own, **reserved.stock, **days}, outcome)
        )


def _has_new_rules(command: RerouteOrder, routed: Routed | None, view: View) -> bool:
    if routed is None:
        return False
    return channel_settings(view, command.channel_id) != routed.demand.channel


def _outcome(
    command: RerouteOrder, order: Order, events: Iterable[Event], routed: Json
) -> dict[str, Json]:
    return {**answer(command, order, events), "routed": routed}
