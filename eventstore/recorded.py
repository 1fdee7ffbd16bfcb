"""What the log gives back: events with everything recorded about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.base.messages import Event
from domain.base.streams import StreamId


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it stands in the log.

    `position` counts from 1 over the whole log without gaps, in commit order;
    `version` counts from 1 within the stream. `occurred_at` is business time,
    `recorded_at` the database's clock under the lock, never backwards.
    """

    position: int
    stream: StreamId
    version: int
    event_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID
    subject_id: str | None
    event: Event


@dataclass(frozen=True, slots=True)
class Batch:
    """The wanted events of a range of the log; `through` is the last position it covers."""

    events: Sequence[RecordedEvent]
    through: int
