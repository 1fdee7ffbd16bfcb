"""Folds orders into one row each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.money import ZERO
from domain.base.streams import category_of, key_of
from domain.order.events import (
    BackorderFilled,
    DeliveryGroup,
    LinesAllocated,
    OrderPlaced,
    RoutingFoundNothing,
)
from domain.order.rerouting_events import (
    DeliveryChoiceAwaited,
    DeliveryChosen,
    RoutingHeld,
    RoutingHoldReleased,
)
from domain.order.status import OrderStatus
from domain.subject.events import SubjectErased
from eventstore.recorded import RecordedEvent
from projections.order_stages import ORDER_CHANGES, move, moves, status_of
from projections.promises import Promises, latest, promised
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class OrderRow:
    """An order; quantities are summed over its lines.

    `held` stops routing, `awaiting` are the groups whose customer has to choose, `exclusions`
    counts by reason the locations that the last routing left out.
    """

    order_id: str
    channel_id: str
    external_id: str
    customer_id: str | None
    subject_id: str | None
    status: OrderStatus
    placed_at: datetime
    priority: int
    country: str | None
    currency: str
    prices: str
    goods_amount: Decimal
    charges_amount: Decimal
    tax_amount: Decimal
    total_amount: Decimal
    line_count: int
    ordered: Decimal
    unassigned: Decimal
    backordered: Decimal
    reserved: Decimal
    shipped: Decimal
    delivered: Decimal
    cancelled: Decimal
    ship_by: datetime | None
    deliver_by: datetime | None
    promises: Promises
    placed_position: int
    position: int
    changed_at: datetime
    held: str | None = None
    awaiting: list[str] = field(default_factory=list)
    exclusions: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class OrderLocationRow:
    """A location at which a part of the order was held or queued."""

    order_id: str
    location_id: str
    status: OrderStatus
    placed_at: datetime
    placed_position: int


@dataclass(slots=True)
class CollectedRow:
    """A delivery group that is collected at a location, unless its customer has to choose."""

    order_id: str
    group_id: str
    location_id: str
    status: OrderStatus


@dataclass(slots=True)
class ErasedRow:
    """A person whose data was erased."""

    subject_id: str
    erased_at: datetime


ORDERS: Final = Table(
    "orders",
    OrderRow,
    ("order_id",),
    by_stream=ByStream(
        lambda stream: (stream,) if category_of(stream) == "order" else None,
        lambda row: (row.order_id,),
    ),
)
LOCATIONS: Final = Table(
    "orders_locations", OrderLocationRow, ("order_id", "location_id"), load_by=1
)
COLLECTED: Final = Table("orders_collected", CollectedRow, ("order_id", "group_id"), load_by=1)
ERASED: Final = Table("orders_erased", ErasedRow, ("subject_id",))


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch: quantities by event, the status once per row."""
    orders = tables[ORDERS]
    placed = {event.stream for event in events if isinstance(event.event, OrderPlaced)}
    orders.load((event.stream,) for event in events if event.stream not in placed)
    streams = {event.stream for event in events if category_of(event.stream) == "order"}
    tables[LOCATIONS].load((stream,) for stream in streams)
    tables[COLLECTED].load((stream,) for stream in streams)
    for recorded in events:
        match recorded.event:
            case OrderPlaced() as event:
                orders.put(_placed(recorded, event))
                for group in event.groups:
                    _collected(tables, recorded.stream, group)
            case SubjectErased():
                tables[ERASED].put(ErasedRow(key_of(recorded.stream), recorded.recorded_at))
            case _:
                _changed(recorded, tables)
    for row in orders.changed():
        row.status = status_of(row)
        _tell_status(row, tables)


def _tell_status(row: OrderRow, tables: Tables) -> None:
    """Give an order's status to its rows by location."""
    for place in tables[LOCATIONS].group(row.order_id):
        if place.status != row.status:
            tables[LOCATIONS].change(row.order_id, place.location_id).status = row.status
    for group in tables[COLLECTED].group(row.order_id):
        if group.status != row.status:
            tables[COLLECTED].change(row.order_id, group.group_id).status = row.status


def _placed(recorded: RecordedEvent, event: OrderPlaced) -> OrderRow:
    goods = sum((line.amount for line in event.lines), ZERO)
    charges = sum((charge.amount for charge in event.charges), ZERO)
    tax = sum((line.tax_amount for line in event.lines), ZERO)
    tax += sum((charge.tax_amount for charge in event.charges), ZERO)
    ordered = sum((line.quantity for line in event.lines), ZERO)
    return OrderRow(
        order_id=recorded.stream,
        channel_id=event.channel_id,
        external_id=event.external_id,
        customer_id=event.customer_id,
        subject_id=event.subject_id,
        status="open",
        placed_at=recorded.occurred_at,
        priority=event.priority,
        country=event.groups[0].destination.country if event.groups else None,
        currency=event.currency,
        prices=event.prices,
        goods_amount=goods,
        charges_amount=charges,
        tax_amount=tax,
        total_amount=goods + charges + (tax if event.prices == "net" else ZERO),
        line_count=len(event.lines),
        ordered=ordered,
        unassigned=ordered,
        backordered=ZERO,
        reserved=ZERO,
        shipped=ZERO,
        delivered=ZERO,
        cancelled=ZERO,
        ship_by=None,
        deliver_by=None,
        promises={},
        placed_position=recorded.position,
        position=recorded.position,
        changed_at=recorded.recorded_at,
    )


def _changed(recorded: RecordedEvent, tables: Tables) -> None:
    row = tables[ORDERS].known(recorded.stream)
    if row is None:
        return
    row.position = recorded.position
    row.changed_at = recorded.recorded_at
    for change in moves(recorded.event):
        move(row, change)
    match recorded.event:
        case LinesAllocated(allocations, backorders, promises):
            _routed(row, recorded.event)
            row.promises = promised(row.promises, promises)
            row.ship_by = latest(row.promises, "ship_by")
            row.deliver_by = latest(row.promises, "deliver_by")
            _at(tables, row, [part.location_id for part in allocations])
            _at(tables, row, [part.location_id for part in backorders])
        case BackorderFilled(location_id=location_id):
            _at(tables, row, (location_id,))
        case RoutingFoundNothing() as event:
            _routed(row, event)
        case _:
            _decided(row, recorded.event, tables)


def _routed(row: OrderRow, event: LinesAllocated | RoutingFoundNothing) -> None:
    row.exclusions = {one.reason: one.locations for one in event.decision.exclusions}


def _decided(row: OrderRow, event: Event, tables: Tables) -> None:
    """Keep who has to decide how the order goes on."""
    match event:
        case RoutingHeld(reason):
            row.held = reason
        case RoutingHoldReleased():
            row.held = None
        case DeliveryChoiceAwaited(group_id):
            row.awaiting = sorted({*row.awaiting, group_id})
            tables[COLLECTED].remove(row.order_id, group_id)
        case DeliveryChosen(choice, group):
            row.held = None
            row.awaiting = [one for one in row.awaiting if one != group.group_id]
            if choice != "wait":
                _collected(tables, row.order_id, group)


def _collected(tables: Tables, order_id: str, group: DeliveryGroup) -> None:
    if group.store is not None:
        tables[COLLECTED].put(CollectedRow(order_id, group.group_id, group.store, "open"))


def _at(tables: Tables, row: OrderRow, locations: Iterable[str]) -> None:
    for location_id in locations:
        tables[LOCATIONS].put(
            OrderLocationRow(
                row.order_id, location_id, row.status, row.placed_at, row.placed_position
            )
        )


READ_MODEL: Final = ReadModel(
    name="orders",
    version=3,
    events=frozenset(
        {
            *ORDER_CHANGES,
            OrderPlaced,
            SubjectErased,
            RoutingFoundNothing,
            RoutingHeld,
            RoutingHoldReleased,
            DeliveryChoiceAwaited,
            DeliveryChosen,
        }
    ),
    tables=(ORDERS, LOCATIONS, COLLECTED, ERASED),
    views=("orders", "orders_by_location", "orders_to_collect"),
    fold=fold,
)
