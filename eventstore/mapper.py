"""Between events and rows: the library's mapper, with our registry and seals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.base.messages import Event
from eventstore.recorded import RecordedEvent
from eventstore.registry import Registry
from eventstore.sealing import CLOSED, ClosedSeal, SubjectSeal


class NewEvent(NamedTuple):
    """An event about to be appended, with everything but its position and recorded instant."""

    originator_id: str
    originator_version: int
    event_id: UUID
    occurred_at: datetime
    actor: str
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID
    subject_id: str | None
    event: Event


@dataclass(frozen=True)
class EventRow(StoredEvent):
    """A row of the log: the library's stored event and what is recorded beside it."""

    event_id: UUID
    schema_version: int
    occurred_at: datetime
    actor: str
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID
    subject_id: str | None
    position: int = 0
    recorded_at: datetime | None = None


class EventMapper(Mapper[str]):
    """Turns new events into rows and rows into recorded events.

    `keys` are the persons' keys at hand; without the person's key, personal data stays closed.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        """Use the closed registry; the library's transcoder is never asked."""
        super().__init__(JSONTranscoder())
        self.registry: Final = registry or Registry()

    def to_stored_event(
        self, domain_event: Any, *, keys: Mapping[str, bytes] | None = None
    ) -> EventRow:
        """Return the row of a `NewEvent`; it names the person only where it seals something.

        Raises:
            SealError: it carries personal data, and names no person or one without a key.
            UnknownEventType: its class is not registered.
        """
        new: NewEvent = domain_event
        type_ = self.registry.type_of(new.event)
        seal = _seal(new.subject_id, new.event_id, keys)
        state = self.registry.encode(new.event, seal)
        return EventRow(
            originator_id=new.originator_id,
            originator_version=new.originator_version,
            topic=type_.name,
            state=state,
            event_id=new.event_id,
            schema_version=type_.version,
            occurred_at=new.occurred_at,
            actor=new.actor,
            command_id=new.command_id,
            correlation_id=new.correlation_id,
            causation_id=new.causation_id,
            subject_id=new.subject_id if seal.used else None,
        )

    def to_domain_event(
        self, stored_event: StoredEvent, *, keys: Mapping[str, bytes] | None = None
    ) -> Any:
        """Return the `RecordedEvent` of a row read with all its columns.

        Raises:
            UnknownEventType: its type or version is not known.
        """
        if not isinstance(stored_event, EventRow):
            msg = "only rows read with all their columns become recorded events"
            raise TypeError(msg)
        return self.recorded(
            (
                stored_event.position,
                stored_event.originator_id,
                stored_event.originator_version,
                stored_event.topic,
                stored_event.state,
                stored_event.event_id,
                stored_event.schema_version,
                stored_event.occurred_at,
                stored_event.recorded_at,
                stored_event.actor,
                stored_event.command_id,
                stored_event.correlation_id,
                stored_event.causation_id,
                stored_event.subject_id,
            ),
            keys=keys,
        )

    def recorded(
        self, row: tuple[Any, ...], *, keys: Mapping[str, bytes] | None = None
    ) -> RecordedEvent:
        """Return the recorded event of a row in the order of `COLUMNS`."""
        seal = _seal(row[13], row[5], keys)
        return RecordedEvent(
            position=row[0],
            stream=row[1],
            version=row[2],
            event_id=row[5],
            type=row[3],
            schema_version=row[6],
            occurred_at=row[7],
            recorded_at=row[8],
            actor=row[9],
            command_id=row[10],
            correlation_id=row[11],
            causation_id=row[12],
            subject_id=row[13],
            event=self.registry.decode(row[3], row[6], row[4], seal),
        )


COLUMNS: Final = (
    "notification_id, originator_id, originator_version, topic, state, event_id, schema_version, "
    "occurred_at, recorded_at, actor, command_id, correlation_id, causation_id, subject_id"
)


def _seal(
    subject_id: str | None, event_id: UUID, keys: Mapping[str, bytes] | None
) -> SubjectSeal | ClosedSeal:
    if subject_id is None or keys is None or subject_id not in keys:
        return CLOSED
    return SubjectSeal(keys[subject_id], subject_id=subject_id, event_id=event_id)
