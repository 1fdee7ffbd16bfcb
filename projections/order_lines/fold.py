"""Folds orders into one row per line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.money import ZERO
from domain.base.streams import category_of
from domain.order.events import OrderPlaced
from domain.order.rerouting_events import (
    DeliveryChoiceAwaited,
    DeliveryChosen,
    RoutingHeld,
    RoutingHoldReleased,
)
from domain.order.status import OrderStatus
from eventstore.recorded import RecordedEvent
from projections.order_stages import ORDER_CHANGES, move, moves, status_of
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class LineRow:
    """A line of an order, in the line's unit and the order's currency.

    `held` stops its routing; `groups` are the deliveries that share it, and `awaiting` those of
    them whose customer has to choose.
    """

    order_id: str
    line_id: str
    line_number: int
    channel_id: str
    external_id: str
    placed_at: datetime
    item_id: str
    sku: str
    description: str | None
    currency: str
    list_price: Decimal
    unit_price: Decimal
    discount_amount: Decimal
    amount: Decimal
    tax_rate: Decimal
    tax_amount: Decimal
    status: OrderStatus
    ordered: Decimal
    unassigned: Decimal
    backordered: Decimal
    reserved: Decimal
    shipped: Decimal
    delivered: Decimal
    cancelled: Decimal
    position: int
    held: str | None = None
    groups: list[str] = field(default_factory=list)
    awaiting: list[str] = field(default_factory=list)


LINES: Final = Table(
    "order_lines",
    LineRow,
    ("order_id", "line_id"),
    load_by=1,
    by_stream=ByStream(
        lambda stream: (stream,) if category_of(stream) == "order" else None,
        lambda row: (row.order_id,),
    ),
)


_DECISIONS: Final = (RoutingHeld, RoutingHoldReleased, DeliveryChoiceAwaited, DeliveryChosen)
"""The events that say who decides how an order goes on."""


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch: quantities by event, the status once per row."""
    lines = tables[LINES]
    lines.load((event.stream,) for event in events)
    for recorded in events:
        if isinstance(recorded.event, OrderPlaced):
            lines.replace_group((recorded.stream,), list(_placed(recorded, recorded.event)))
            continue
        for change in moves(recorded.event):
            row = lines.known(recorded.stream, change.line_id)
            if row is not None:
                move(row, change)
                row.position = recorded.position
        if isinstance(recorded.event, _DECISIONS):
            for row in _decided(recorded.event, lines.group(recorded.stream)):
                row.position = recorded.position
                lines.put(row)
    for row in lines.changed():
        row.status = status_of(row)


def _decided(event: Event, lines: Iterable[LineRow]) -> Iterator[LineRow]:
    """Yield the lines for which it is now another who decides how they go on."""
    match event:
        case RoutingHeld(reason):
            for row in lines:
                row.held = reason
                yield row
        case RoutingHoldReleased():
            for row in lines:
                row.held = None
                yield row
        case DeliveryChoiceAwaited(group_id):
            for row in lines:
                if group_id in row.groups:
                    row.awaiting = sorted({*row.awaiting, group_id})
                    yield row
        case DeliveryChosen(group=group):
            for row in lines:
                row.held = None
                row.awaiting = [one for one in row.awaiting if one != group.group_id]
                yield row


def _placed(recorded: RecordedEvent, event: OrderPlaced) -> Iterator[LineRow]:
    for number, line in enumerate(event.lines, start=1):
        yield LineRow(
            order_id=recorded.stream,
            line_id=line.line_id,
            line_number=number,
            channel_id=event.channel_id,
            external_id=event.external_id,
            placed_at=recorded.occurred_at,
            item_id=line.item_id,
            sku=line.sku,
            description=line.description,
            currency=event.currency,
            list_price=line.list_price,
            unit_price=line.unit_price,
            discount_amount=sum((discount.amount for discount in line.discounts), ZERO),
            amount=line.amount,
            tax_rate=line.tax_rate,
            tax_amount=line.tax_amount,
            status="open",
            ordered=line.quantity,
            unassigned=line.quantity,
            backordered=ZERO,
            reserved=ZERO,
            shipped=ZERO,
            delivered=ZERO,
            cancelled=ZERO,
            position=recorded.position,
            groups=sorted({share.group_id for share in line.shares}),
        )


READ_MODEL: Final = ReadModel(
    name="order_lines",
    version=2,
    events=frozenset(
        {
            *ORDER_CHANGES,
            OrderPlaced,
            *_DECISIONS,
        }
    ),
    tables=(LINES,),
    views=("order_lines",),
    fold=fold,
)
