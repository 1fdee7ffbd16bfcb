"""A person lets a held order be routed again."""

from collections.abc import Iterable

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.streams import StreamId, channel_stream, subject_stream
from domain.handlers.order_streams import find_order, stream_of
from domain.handlers.placing.again import Again, decide_again, plan_again
from domain.handlers.placing.planning import Route
from domain.handlers.stock_work import StockWork
from domain.order.errors import NotHeld
from domain.order.groups import person_of
from domain.order.rerouting_commands import ReleaseRoutingHold
from domain.order.rerouting_events import RoutingHoldReleased
from domain.routing.engine import route as exact_route
from domain.routing.facts import RoutingFacts
from domain.subject.decider import check_not_erased


class ReleaseRoutingHoldHandler(Handler[ReleaseRoutingHold]):
    """Counts tries from 0 again and routes what is open in the same append."""

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: ReleaseRoutingHold) -> FactsWanted:
        """Ask for the places of the channel; the order's items are known once it is loaded."""
        return FactsWanted(channel_id=command.channel_id)

    def streams(self, command: ReleaseRoutingHold) -> Iterable[StreamId]:
        """Read the order and its channel."""
        return (stream_of(command), channel_stream(command.channel_id))

    def plan(
        self, command: ReleaseRoutingHold, facts: RoutingFacts | None, view: View
    ) -> Again | Need:
        """Route what the order has open.

        Raises:
            UnknownOrder: it was never placed.
            NotHeld: its routing is not held.
        """
        order = find_order(command, view)
        if order.hold is None:
            raise NotHeld("The order's routing is not held")
        changes = (RoutingHoldReleased(command.reason, command.ask_again, command.note),)
        return plan_again(
            command, order, changes, "changed", facts=facts, view=view, route=self._route
        )

    def decide(
        self, command: ReleaseRoutingHold, plan: Again, view: View
    ) -> Decision | Need | Replan:
        """Record the release, and reserve and queue what was found.

        Raises:
            UnknownOrder: it was never placed.
            SubjectIsErased: there is a note, about a person who was erased.
        """
        order = find_order(command, view)
        subject = None
        if command.note is not None:
            subject = person_of(order.channel_id, order.external_id, order.customer_id)
            check_not_erased(view.state(subject_stream(subject)))
        work = StockWork(view, command, reason=command.reason)
        return decide_again(command, plan, view, work, subject=subject)
