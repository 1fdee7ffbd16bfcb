"""Folds basket holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from domain.base.quantity import as_number
from domain.base.streams import category_of, hold_key, hold_stream
from domain.hold.events import (
    BasketHeld,
    HeldStockLost,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
)
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table

Shown = list[dict[str, Any]]


@dataclass(slots=True)
class HoldRow:
    """A basket hold; `lines`, `reservations` and `lost` are shown as they are."""

    channel_id: str
    hold_id: str
    status: str
    held_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    order_id: str | None
    customer_group: str | None
    lines: Shown
    reservations: Shown
    position: int
    changed_at: datetime
    lost: Shown = field(default_factory=list)


HOLDS: Final = Table(
    "basket_holds",
    HoldRow,
    ("channel_id", "hold_id"),
    by_stream=ByStream(
        lambda stream: hold_key(stream) if category_of(stream) == "hold" else None,
        lambda row: (hold_stream(row.channel_id, row.hold_id),),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch; what happens to a hold that was never seen is passed over."""
    tables[HOLDS].load(hold_key(recorded.stream) for recorded in events)
    for recorded in events:
        if isinstance(recorded.event, BasketHeld):
            tables[HOLDS].put(_row(recorded, recorded.event))
            continue
        row = tables[HOLDS].known(*hold_key(recorded.stream))
        if row is not None:
            _change(row, recorded)


def _row(recorded: RecordedEvent, held: BasketHeld) -> HoldRow:
    channel_id, hold_id = hold_key(recorded.stream)
    return HoldRow(
        channel_id=channel_id,
        hold_id=hold_id,
        status="held",
        held_at=recorded.occurred_at,
        expires_at=held.expires_at,
        ended_at=None,
        order_id=None,
        customer_group=held.customer_group,
        lines=[
            {
                "line_id": line.line_id,
                "item_id": line.item_id,
                "sku": line.sku,
                "quantity": as_number(line.quantity),
            }
            for line in held.lines
        ],
        reservations=[
            {
                "reservation_id": one.reservation_id,
                "line_id": one.line_id,
                "group_id": one.group_id,
                "location_id": one.location_id,
                "quantity": as_number(one.quantity),
            }
            for one in held.reservations
        ],
        position=recorded.position,
        changed_at=recorded.recorded_at,
    )


def _change(row: HoldRow, recorded: RecordedEvent) -> None:
    row.position, row.changed_at = recorded.position, recorded.recorded_at
    match recorded.event:
        case HeldStockLost() as lost:
            gone = {
                "reservation_id": lost.reservation_id,
                "item_id": lost.item_id,
                "location_id": lost.location_id,
                "quantity": as_number(lost.quantity),
            }
            row.lost = [*row.lost, gone]
        case HoldReleased():
            row.status, row.ended_at = "released", recorded.occurred_at
        case HoldExpired():
            row.status, row.ended_at = "expired", recorded.occurred_at
        case HoldPlaced(order):
            row.status, row.ended_at, row.order_id = "placed", recorded.occurred_at, order


READ_MODEL: Final = ReadModel(
    name="basket_holds",
    version=1,
    events=frozenset({BasketHeld, HeldStockLost, HoldReleased, HoldExpired, HoldPlaced}),
    tables=(HOLDS,),
    views=("basket_holds",),
    fold=fold,
)
