"""The customer's choice for a delivery group that its store will not hand out."""

from collections.abc import Iterable, Sequence

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import StreamId, channel_stream, location_stream, subject_stream
from domain.handlers.giving_back import give_back, streams_given_back
from domain.handlers.order_streams import find_order, stream_of
from domain.handlers.placing.again import AfterWork, Again, decide_again, plan_again
from domain.handlers.placing.outcome import insufficient_stock
from domain.handlers.placing.planning import Route
from domain.handlers.placing.promising import unplaced
from domain.handlers.placing.truth import channel_settings
from domain.handlers.stock_work import StockWork
from domain.location.events import LocationAttributes
from domain.order.choosing import CHANGED, choose, subject_of_choice
from domain.order.groups import Places
from domain.order.rerouting_commands import ChooseDelivery
from domain.order.state import Order
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.subject.decider import check_not_erased


class ChooseDeliveryHandler(Handler[ChooseDelivery]):
    """Lets a group go another way, or wait, and routes it in the same append.

    What it held is given back first and free for it; what it then does not need serves queues.
    """

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: ChooseDelivery) -> FactsWanted:
        """Ask for the places of the channel and the coordinates of the destination."""
        place = command.destination
        if place is None or place.postal_code is None:
            return FactsWanted(channel_id=command.channel_id)
        return FactsWanted(
            channel_id=command.channel_id, destinations=((place.country, place.postal_code),)
        )

    def streams(self, command: ChooseDelivery) -> Iterable[StreamId]:
        """Read the order, its channel and the store it goes to."""
        yield stream_of(command)
        yield channel_stream(command.channel_id)
        if command.store is not None:
            yield location_stream(command.store)

    def plan(self, command: ChooseDelivery, facts: RoutingFacts | None, view: View) -> Again | Need:
        """Route the group the way that was chosen.

        Raises:
            UnknownOrder: it was never placed.
            UnknownGroup: the order has no such group.
            NoChoiceAwaited: the group waits for none, and nothing of it is held from routing.
            InvalidOrder: the choice lacks its store or destination, or names a needless one.
            CannotDeliverThere: the channel does not sell to that country or from that store.
        """
        order = find_order(command, view)
        channel = channel_settings(view, command.channel_id)
        places = Places(_stores(command, view), (facts or NO_FACTS).coordinates)
        chosen = choose(order, command, channel, places)
        work = _work(command, order, chosen, view)
        if isinstance(work, Need):
            return work
        return plan_again(
            command,
            order,
            chosen,
            "changed",
            facts=facts,
            view=AfterWork(view, work),
            route=self._route,
            group_id=command.group_id,
        )

    def decide(self, command: ChooseDelivery, plan: Again, view: View) -> Decision | Need | Replan:
        """Record the choice and reserve what was found; refuse a way that has too little.

        Raises:
            UnknownOrder: it was never placed.
            SubjectIsErased: it carries data of a person who was erased.
            InsufficientStock: too little is free on the way that was chosen.
        """
        order = find_order(command, view)
        if order != plan.order:
            return Replan()
        subject = subject_of_choice(order, command)
        if subject is not None:
            check_not_erased(view.state(subject_stream(subject)))
        work = _work(command, order, plan.changes, view)
        if isinstance(work, Need):
            return work
        freed = streams_given_back(order, plan.changes)
        decision = decide_again(command, plan, view, work, freed=freed, subject=subject)
        if command.choice == "wait" or not isinstance(decision, Decision):
            return decision
        if plan.routed is not None and unplaced(plan.routed):
            raise insufficient_stock(plan.routed)
        return decision


def _stores(command: ChooseDelivery, view: View) -> dict[str, LocationAttributes]:
    if command.store is None:
        return {}
    attributes = view.state(location_stream(command.store)).attributes
    return {} if attributes is None else {command.store: attributes}


def _work(
    command: ChooseDelivery, order: Order, chosen: Sequence[Event], view: View
) -> StockWork | Need:
    missing = view.missing(streams_given_back(order, chosen))
    if missing:
        return Need(missing)
    work = StockWork(view, command, reason=CHANGED)
    give_back(order, chosen, work)
    return work
