"""Taking an order: route on facts, decide on truth, reserve and record in one append."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.base.handling import Decision, FactsWanted, Handler, Need, Replan, View
from domain.base.messages import Event
from domain.base.streams import (
    StreamId,
    channel_stream,
    location_stream,
    order_stream,
    subject_stream,
)
from domain.base.text import sku_key
from domain.channel.events import ChannelSettings
from domain.handlers.capacity_work import capacity_events
from domain.handlers.placing.deciding import is_as_seen, reserve_all, still_holds, streams_of
from domain.handlers.placing.demand import Demand
from domain.handlers.placing.lookup import FoundItems, find_items, likely_parts
from domain.handlers.placing.outcome import (
    insufficient_stock,
    money_of,
    promised,
    routed_lines,
    status_of,
)
from domain.handlers.placing.planning import Route, Routed, likely_sources, plan_demand
from domain.handlers.placing.truth import channel_settings
from domain.location.events import LocationAttributes
from domain.order.commands import PlaceOrder
from domain.order.errors import OrderExists
from domain.order.events import GroupPromise, OrderPlaced
from domain.order.groups import Places, stores_named, subject_of
from domain.order.placing import place
from domain.order.state import group_state
from domain.routing.choosing import effective_priority
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.subject.decider import check_not_erased


@dataclass(frozen=True, slots=True)
class Plan:
    """An order, checked and priced under a channel's rules, and where its lines come from.

    `found` are the lines' items as they stood. An order of charges only has nothing to route.
    """

    channel: ChannelSettings
    found: FoundItems
    placed: OrderPlaced
    routed: Routed | None


class PlaceOrderHandler(Handler[PlaceOrder]):
    """Accepts or refuses an order, on loaded stock items only."""

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: PlaceOrder) -> FactsWanted:
        """Ask for the lines' items and the coordinates of the destinations."""
        places = (command.destination, *(group.destination for group in command.groups))
        return FactsWanted(
            channel_id=command.channel_id,
            skus=tuple(dict.fromkeys(sku_key(line.sku) for line in command.lines)),
            destinations=tuple(
                dict.fromkeys(
                    (place.country, place.postal_code)
                    for place in places
                    if place is not None and place.postal_code is not None
                )
            ),
        )

    def streams(self, command: PlaceOrder) -> Iterable[StreamId]:
        """Read the order, its channel, the stores it names and whose data it carries."""
        yield order_stream(command.channel_id, command.external_id)
        yield channel_stream(command.channel_id)
        for store in stores_named(command):
            yield location_stream(store)
        subject = subject_of(command)
        if subject is not None:
            yield subject_stream(subject)

    def plan(self, command: PlaceOrder, facts: RoutingFacts | None, view: View) -> Plan | Need:
        """Check and price the order and route its lines.

        Raises:
            Refusal: the order exists, or does not fit its channel, items, groups or amounts.
        """
        _check_new(command, subject_of(command), view)
        channel = channel_settings(view, command.channel_id)
        facts = facts or NO_FACTS
        found = find_items(command.lines, facts, view)
        if isinstance(found, Need):
            parts = likely_parts(command.lines, facts)
            likely = view.missing(likely_sources(parts, channel.sources, facts))
            return Need(tuple(dict.fromkeys((*found.streams, *likely))))
        missing = view.missing(likely_sources(found.part_ids, channel.sources, facts))
        if missing:
            return Need(missing)
        places = Places(_stores(command, view), facts.coordinates)
        placed = place(command, channel, found.items, places)
        if not placed.lines:
            return Plan(channel, found, placed, None)
        demand = Demand(
            order=order_stream(command.channel_id, command.external_id),
            channel_id=command.channel_id,
            channel=channel,
            priority=command.priority,
            customer_group=command.customer_group,
            cause="placed",
            groups=tuple([group_state(group) for group in placed.groups]),
            lines={line.line_id: line for line in placed.lines},
            wanted={
                (line.line_id, share.group_id): share.quantity
                for line in placed.lines
                for share in line.shares
            },
        )
        if facts.policies:
            priority = effective_priority(demand.request(command.now), facts.policies)
            placed, demand = replace(placed, priority=priority), replace(demand, priority=priority)
        routed = plan_demand(command, demand, facts, view, self._route)
        return routed if isinstance(routed, Need) else Plan(channel, found, placed, routed)

    def decide(self, command: PlaceOrder, plan: Plan, view: View) -> Decision | Need | Replan:
        """Record the order with its reservations and backorders, all or nothing.

        Raises:
            OrderExists: the channel sent it before.
            SubjectIsErased: it carries data of a person who was erased.
            InsufficientStock: the channel asks, has no backorders, and something is short.
        """
        _check_new(command, plan.placed.subject_id, view)
        routed = plan.routed
        missing = view.missing((*plan.found.seen, *(streams_of(routed) if routed else ())))
        if missing:
            return Need(missing)
        if not _fits(command, plan, view):
            return Replan()
        stream = order_stream(command.channel_id, command.external_id)
        if routed is None:
            return _decision(stream, plan, {}, (plan.placed,), ())
        if routed.shortages and not routed.demand.queues:
            raise insufficient_stock(routed)
        reserved = reserve_all(routed, command.now, view)
        own = (plan.placed, reserved.event)
        days = capacity_events({stream: own}, view)
        if isinstance(days, Need):
            return days
        return _decision(stream, plan, {**reserved.stock, **days}, own, reserved.promises)


def _check_new(command: PlaceOrder, subject: str | None, view: View) -> None:
    if view.exists(order_stream(command.channel_id, command.external_id)):
        raise OrderExists(
            f"{command.channel_id} sent order {command.external_id!r} before", field="external_id"
        )
    if subject is not None:
        check_not_erased(view.state(subject_stream(subject)))


def _fits(command: PlaceOrder, plan: Plan, view: View) -> bool:
    """Say whether the channel's rules, the items and the stock are still as planned on."""
    return (
        channel_settings(view, command.channel_id) == plan.channel
        and is_as_seen(plan.found.seen, view)
        and (plan.routed is None or still_holds(plan.routed, view))
    )


def _stores(command: PlaceOrder, view: View) -> dict[str, LocationAttributes]:
    found: dict[str, LocationAttributes] = {}
    for store in stores_named(command):
        attributes = view.state(location_stream(store)).attributes
        if attributes is not None:
            found[store] = attributes
    return found


def _decision(
    stream: StreamId,
    plan: Plan,
    others: Mapping[StreamId, Sequence[Event]],
    own: Sequence[Event],
    promises: Sequence[GroupPromise],
) -> Decision:
    placed = plan.placed
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
