"""Folds orders into what a customer may know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.base.quantity import as_number
from domain.base.streams import category_of
from domain.order.events import AllocationShipped, LinesAllocated, OrderPlaced
from domain.order.rerouting_events import DeliveryChoiceAwaited, DeliveryChosen
from domain.order.status import OrderStatus, Stages, status
from eventstore.recorded import RecordedEvent
from projections.order_stages import ORDER_CHANGES, STAGES, Move, moves
from projections.order_status.words import words
from projections.promises import Promises, latest, promised
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table

Line = dict[str, Any]
"""A line as JSON: texts, and its quantities by stage as numbers."""


@dataclass(slots=True)
class StatusRow:
    """An order; `lines`, `parcels`, `promises` and `choices` are shown as they are.

    `groups` are the deliveries that share each line.
    """

    order_id: str
    channel_id: str
    external_id: str
    placed_at: datetime
    position: int
    changed_at: datetime
    lines: list[Line]
    parcels: list[dict[str, Any]] = field(default_factory=list)
    promises: Promises = field(default_factory=dict)
    status: OrderStatus = "open"
    words: str = ""
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    choices: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)


ORDER_STATUS: Final = Table(
    "order_status",
    StatusRow,
    ("order_id",),
    by_stream=ByStream(
        lambda stream: (stream,) if category_of(stream) == "order" else None,
        lambda row: (row.order_id,),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch: quantities by event, the words once per row."""
    orders = tables[ORDER_STATUS]
    placed = {event.stream for event in events if isinstance(event.event, OrderPlaced)}
    orders.load((event.stream,) for event in events if event.stream not in placed)
    for recorded in events:
        if isinstance(recorded.event, OrderPlaced):
            orders.put(_placed(recorded, recorded.event))
            continue
        row = orders.known(recorded.stream)
        if row is not None:
            _changed(row, recorded)
    for row in orders.changed():
        _describe(row)


def _placed(recorded: RecordedEvent, event: OrderPlaced) -> StatusRow:
    nothing = dict.fromkeys(STAGES, 0)
    return StatusRow(
        order_id=recorded.stream,
        channel_id=event.channel_id,
        external_id=event.external_id,
        placed_at=recorded.occurred_at,
        position=recorded.position,
        changed_at=recorded.recorded_at,
        lines=[
            {
                "line_id": line.line_id,
                "sku": line.sku,
                "description": line.description,
                **nothing,
                "ordered": as_number(line.quantity),
                "unassigned": as_number(line.quantity),
            }
            for line in event.lines
        ],
        groups={line.line_id: [share.group_id for share in line.shares] for line in event.lines},
    )


def _changed(row: StatusRow, recorded: RecordedEvent) -> None:
    row.position = recorded.position
    row.changed_at = recorded.recorded_at
    lines = {line["line_id"]: line for line in row.lines}
    for change in moves(recorded.event):
        if change.line_id in lines:
            _move(lines[change.line_id], change)
    match recorded.event:
        case LinesAllocated(promises=promises):
            row.promises = promised(row.promises, promises)
            row.ship_by = latest(row.promises, "ship_by")
            row.deliver_by = latest(row.promises, "deliver_by")
        case AllocationShipped() as event:
            _shipped(row, recorded, event)
        case DeliveryChoiceAwaited(group_id=group_id, reason=reason):
            row.choices = {**row.choices, group_id: reason}
        case DeliveryChosen(group=group):
            row.choices = {key: why for key, why in row.choices.items() if key != group.group_id}


def _move(line: Line, change: Move) -> None:
    if change.source is not None:
        line[change.source] = as_number(Decimal(str(line[change.source])) - change.quantity)
    line[change.target] = as_number(Decimal(str(line[change.target])) + change.quantity)


def _shipped(row: StatusRow, recorded: RecordedEvent, event: AllocationShipped) -> None:
    part = {"line_id": event.line_id, "quantity": as_number(event.quantity)}
    for parcel in row.parcels:
        if parcel["shipment_id"] == event.shipment_id:
            parcel["lines"].append(part)
            return
    row.parcels.append(
        {
            "shipment_id": event.shipment_id,
            "tracking": event.tracking,
            "shipped_at": recorded.occurred_at.isoformat(),
            "lines": [part],
        }
    )


def _describe(row: StatusRow) -> None:
    whole = Stages()
    asked = False
    for line in row.lines:
        stages = Stages(*[Decimal(str(line[stage])) for stage in STAGES])
        awaits = any(group in row.choices for group in row.groups.get(line["line_id"], ()))
        line["status"] = status(stages)
        line["words"] = words(stages, awaits_choice=awaits)
        whole += stages
        asked = asked or (awaits and stages.cancellable > 0)
    row.status = status(whole)
    row.words = words(whole, awaits_choice=asked)


READ_MODEL: Final = ReadModel(
    name="order_status",
    version=2,
    events=frozenset({*ORDER_CHANGES, OrderPlaced, DeliveryChoiceAwaited, DeliveryChosen}),
    tables=(ORDER_STATUS,),
    views=("order_status",),
    fold=fold,
)
