"""A site says no: what it was given is routed elsewhere, or its customer chooses."""

from collections.abc import Iterable, Sequence

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import StreamId, channel_stream, subject_stream
from domain.handlers.giving_back import give_back, streams_given_back
from domain.handlers.order_streams import find_order, stream_of
from domain.handlers.placing.again import AfterWork, Again, decide_again, plan_again
from domain.handlers.placing.planning import Route
from domain.handlers.stock_work import StockWork
from domain.order.groups import person_of
from domain.order.refusing import refuse
from domain.order.rerouting_commands import RefuseAllocation
from domain.order.state import Order
from domain.routing.engine import route as exact_route
from domain.routing.facts import RoutingFacts
from domain.subject.decider import check_not_erased


class RefuseAllocationHandler(Handler[RefuseAllocation]):
    """Releases what a site refuses, and routes it in the same append to somebody else.

    What became free there serves the queues of others, not this order, which the site has just
    refused.
    """

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: RefuseAllocation) -> FactsWanted:
        """Ask for the places of the channel; the order's items are known once it is loaded."""
        return FactsWanted(channel_id=command.channel_id)

    def streams(self, command: RefuseAllocation) -> Iterable[StreamId]:
        """Read the order and its channel."""
        return (stream_of(command), channel_stream(command.channel_id))

    def plan(
        self, command: RefuseAllocation, facts: RoutingFacts | None, view: View
    ) -> Again | Need:
        """Route what the order has open once the site has refused.

        Raises:
            UnknownOrder: it was never placed.
            UnknownAllocation: it has no such allocation.
            NotEnoughAllocated: the allocation holds less.
            InvalidStep: a part of it is no multiple of the line's step.
        """
        order = find_order(command, view)
        refused = refuse(
            order,
            command.allocation_id,
            quantity=command.quantity,
            reason=command.reason,
            note=command.note,
        )
        work = _work(command, order, refused, view)
        if isinstance(work, Need):
            return work
        seen = AfterWork(view, work)
        return plan_again(
            command, order, refused, "refused", facts=facts, view=seen, route=self._route
        )

    def decide(
        self, command: RefuseAllocation, plan: Again, view: View
    ) -> Decision | Need | Replan:
        """Record the refusal, free the stock for others, and reserve elsewhere what was found.

        Raises:
            UnknownOrder: it was never placed.
            SubjectIsErased: there is a note, about a person who was erased.
        """
        order = find_order(command, view)
        if order != plan.order:
            return Replan()
        subject = None
        if command.note is not None:
            subject = person_of(order.channel_id, order.external_id, order.customer_id)
            check_not_erased(view.state(subject_stream(subject)))
        work = _work(command, order, plan.changes, view)
        if isinstance(work, Need):
            return work
        return decide_again(
            command,
            plan,
            view,
            work,
            freed=streams_given_back(order, plan.changes),
            passing_over=stream_of(command),
            subject=subject,
        )


def _work(
    command: RefuseAllocation, order: Order, refused: Sequence[Event], view: View
) -> StockWork | Need:
    missing = view.missing(streams_given_back(order, refused))
    if missing:
        return Need(missing)
    work = StockWork(view, command, reason=command.reason)
    give_back(order, refused, work)
    return work
