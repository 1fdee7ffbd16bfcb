"""Folds every order event into a row of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.base.streams import category_of
from domain.order.events import OrderPlaced, RoutingFoundNothing
from domain.order.rerouting_events import (
    AllocationRefused,
    AllocationsKept,
    DeliveryChoiceAwaited,
    DeliveryChosen,
    RoutingHeld,
    RoutingHoldReleased,
)
from eventstore.recorded import RecordedEvent
from projections.order_stages import ORDER_CHANGES
from projections.order_timeline.words import words
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class TimelineRow:
    """An event of an order."""

    order_id: str
    position: int
    type: str
    words: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    event_id: UUID


TIMELINE: Final = Table(
    "order_timeline",
    TimelineRow,
    ("order_id", "position"),
    load_by=1,
    by_stream=ByStream(
        lambda stream: (stream,) if category_of(stream) == "order" else None,
        lambda row: (row.order_id,),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch; rows are only added."""
    for recorded in events:
        tables[TIMELINE].put(
            TimelineRow(
                order_id=recorded.stream,
                position=recorded.position,
                type=recorded.type,
                words=words(recorded.event),
                occurred_at=recorded.occurred_at,
                recorded_at=recorded.recorded_at,
                actor=recorded.actor,
                event_id=recorded.event_id,
            )
        )


READ_MODEL: Final = ReadModel(
    name="order_timeline",
    version=1,
    events=frozenset(
        {
            *ORDER_CHANGES,
            OrderPlaced,
            RoutingFoundNothing,
            AllocationRefused,
            AllocationsKept,
            RoutingHeld,
            RoutingHoldReleased,
            DeliveryChoiceAwaited,
            DeliveryChosen,
        }
    ),
    tables=(TIMELINE,),
    views=("order_timeline",),
    fold=fold,
)
