"""Routing what is unassigned: reservations that were lost, kits and lines nothing was found for."""

from collections.abc import Iterable

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.streams import StreamId, channel_stream
from domain.handlers.order_streams import find_order, stream_of
from domain.handlers.placing.again import Again, decide_again, plan_again
from domain.handlers.placing.planning import Route
from domain.handlers.stock_work import StockWork
from domain.order.commands import RerouteOrder
from domain.routing.engine import route as exact_route
from domain.routing.facts import RoutingFacts


class RerouteOrderHandler(Handler[RerouteOrder]):
    """Allocates or queues what an order has unassigned, and is silent where nothing changed.

    What the order holds or waits for stays where it is, so it is never in its own way. Nothing
    is routed while a person or the customer has to decide; an order that was tried too often
    is held.
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

    def plan(self, command: RerouteOrder, facts: RoutingFacts | None, view: View) -> Again | Need:
        """Route the order's open quantities, beside what it holds already.

        Raises:
            UnknownOrder: it was never placed.
        """
        order = find_order(command, view)
        return plan_again(
            command, order, (), "unassigned", facts=facts, view=view, route=self._route
        )

    def decide(self, command: RerouteOrder, plan: Again, view: View) -> Decision | Need | Replan:
        """Reserve and queue what was found; what was not found stays unassigned.

        Raises:
            UnknownOrder: it was never placed.
        """
        return decide_again(command, plan, view, StockWork(view, command, reason=command.cause))
