"""An order as clients see it: its state with money, places, promises and personal data."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from api.http.money import money_view
from api.http.order_fulfilments import fulfilment_views
from api.http.order_ids import order_id
from api.http.order_shapes import (
    AllocationView,
    AsOf,
    BackorderView,
    ChargeView,
    ContactView,
    DestinationView,
    DiscountView,
    GroupView,
    LineView,
    OrderView,
    PromiseView,
    RoutingView,
    StagesView,
    TotalsView,
)
from domain.base.personal import Personal
from domain.order.events import (
    Contact,
    DeliveryGroup,
    Discount,
    GroupPromise,
    OrderCharge,
    OrderLine,
    OrderPlaced,
)
from domain.order.pricing import totals
from domain.order.rerouting_events import DeliveryChosen
from domain.order.state import AllocationState, BackorderState, GroupState, Order
from domain.order.status import Stages
from eventstore.recorded import RecordedEvent

Part = TypeVar("Part", AllocationState, BackorderState)


def order_view(order: Order, events: Sequence[RecordedEvent], as_of: AsOf) -> OrderView:
    """Return an order from its state and its events, the first of which is that it was placed."""
    placed = events[0].event
    if not isinstance(placed, OrderPlaced):
        raise TypeError(f"an order begins with OrderPlaced, not {events[0].type}")
    stages = order.stages()
    delivered = _deliveries(placed, events)
    return OrderView(
        id=order_id(order.channel_id, order.external_id),
        channel_id=order.channel_id,
        external_id=order.external_id,
        status=order.status,
        placed_at=events[0].occurred_at,
        as_of=as_of,
        currency=order.currency,
        prices=order.prices,
        priority=order.priority,
        customer_id=order.customer_id,
        customer_group=order.customer_group,
        hold_id=placed.hold_id,
        subject_id=order.subject_id,
        contact=_contact(placed.contact),
        note=_clear(placed.note),
        groups=[_group(group, delivered[group.group_id]) for group in order.groups],
        lines=[
            _line(order.lines[line_id], stages[line_id], order.currency)
            for line_id in order.line_ids
        ],
        charges=[_charge(charge, order.currency) for charge in order.charges],
        allocations=_allocations(order),
        fulfilments=fulfilment_views(order, events),
        backorders=_backorders(order),
        routing=_routing(order),
        totals=_totals(order),
    )


def _deliveries(placed: OrderPlaced, events: Sequence[RecordedEvent]) -> dict[str, DeliveryGroup]:
    """Return the delivery groups with their personal data, as placed or as chosen last."""
    found = {group.group_id: group for group in placed.groups}
    for recorded in events:
        match recorded.event:
            case DeliveryChosen(choice="ship" | "another-store", group=group):
                found[group.group_id] = group
    return found


def _routing(order: Order) -> RoutingView:
    return RoutingView(
        hold=None if order.hold is None else order.hold.reason,
        tries=order.tries,
        refused_by=sorted(order.refused_by),
        exclusions={one.reason: one.locations for one in order.exclusions},
    )


def _clear(personal: Personal | None) -> str | None:
    return None if personal is None else personal.text


def _contact(contact: Contact | None) -> ContactView | None:
    if contact is None:
        return None
    return ContactView(
        name=_clear(contact.name), email=_clear(contact.email), phone=_clear(contact.phone)
    )


def _group(group: GroupState, placed: DeliveryGroup) -> GroupView:
    place = placed.destination
    return GroupView(
        id=group.group_id,
        method=group.method,
        store=group.store,
        service=group.service,
        requested_date=group.requested_date,
        destination=DestinationView(
            country=place.country,
            region=place.region,
            postal_code=place.postal_code,
            recipient=_clear(place.recipient),
            street=_clear(place.street),
            city=_clear(place.city),
        ),
        first_promise=_promise(group.first_promise),
        promise=_promise(group.promise),
        awaits_choice=group.awaits_choice,
    )


def _promise(promise: GroupPromise | None) -> PromiseView | None:
    if promise is None:
        return None
    return PromiseView(ship_by=promise.ship_by, deliver_by=promise.deliver_by)


def _line(line: OrderLine, stages: Stages, currency: str) -> LineView:
    return LineView(
        id=line.line_id,
        sku=line.sku,
        item_id=line.item_id,
        description=line.description,
        quantities=_stages(stages),
        list_price=money_view(line.list_price, currency),
        unit_price=money_view(line.unit_price, currency),
        discounts=[_discount(discount, currency) for discount in line.discounts],
        amount=money_view(line.amount, currency),
        tax_rate=line.tax_rate,
        tax_amount=money_view(line.tax_amount, currency),
    )


def _stages(stages: Stages) -> StagesView:
    return StagesView(
        ordered=stages.ordered,
        unassigned=stages.unassigned,
        backordered=stages.backordered,
        reserved=stages.reserved,
        shipped=stages.shipped,
        cancelled=stages.cancelled,
        delivered=stages.delivered,
    )


def _discount(discount: Discount, currency: str) -> DiscountView:
    return DiscountView(source=discount.source, amount=money_view(discount.amount, currency))


def _charge(charge: OrderCharge, currency: str) -> ChargeView:
    return ChargeView(
        id=charge.charge_id,
        kind=charge.kind,
        description=charge.description,
        amount=money_view(charge.amount, currency),
        tax_rate=charge.tax_rate,
        tax_amount=money_view(charge.tax_amount, currency),
    )


def _allocations(order: Order) -> list[AllocationView]:
    return [
        AllocationView(
            id=allocation_id,
            line_id=held.line_id,
            group_id=held.group_id,
            location_id=held.location_id,
            reserved=held.quantity,
            shipped=held.shipped,
            delivered=held.delivered,
        )
        for allocation_id, held in _by_line(order, order.allocations)
    ]


def _backorders(order: Order) -> list[BackorderView]:
    return [
        BackorderView(
            id=backorder_id,
            line_id=waiting.line_id,
            group_id=waiting.group_id,
            location_id=waiting.location_id,
            quantity=waiting.quantity,
        )
        for backorder_id, waiting in _by_line(order, order.backorders)
        if waiting.quantity > 0
    ]


def _by_line(order: Order, parts: Mapping[str, Part]) -> list[tuple[str, Part]]:
    """Return parts with their ids, in the sequence of the lines that they are of."""
    places = {line_id: place for place, line_id in enumerate(order.line_ids)}
    return sorted(parts.items(), key=lambda entry: (places[entry[1].line_id], entry[0]))


def _totals(order: Order) -> TotalsView:
    sums = totals(order.lines.values(), order.charges, tax_included=order.prices == "gross")
    return TotalsView(
        lines=money_view(sums.lines, order.currency),
        charges=money_view(sums.charges, order.currency),
        tax=money_view(sums.tax, order.currency),
        total=money_view(sums.total, order.currency),
    )
