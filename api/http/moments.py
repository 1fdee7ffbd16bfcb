"""Views of the past: as known at or as true at an instant, or as of a position."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator

from api.http.errors import FieldError, InvalidRequest
from api.http.order_shapes import AsOf
from api.http.positions import position_number
from api.http.services import Services, Wired
from domain.base.messages import Instant
from domain.base.streams import StreamId
from eventstore.recorded import RecordedEvent


def _plus_restored(value: Any) -> Any:
    """Undo what form decoding does to the `+` of an offset."""
    return value.replace(" ", "+") if isinstance(value, str) else value


QueryInstant = Annotated[Instant, BeforeValidator(_plus_restored)]


@dataclass(frozen=True, slots=True)
class Moment:
    """What was asked for: at most one of the three is set."""

    known_at: datetime | None
    true_at: datetime | None
    position: int | None

    def events(self, services: Services, stream: StreamId) -> list[RecordedEvent]:
        """Return a stream's events as of the moment, with personal data opened."""
        return services.reader.stream(
            stream,
            through_position=self.position,
            known_at=self.known_at,
            true_at=self.true_at,
            open_personal=True,
        )

    def as_of(self, services: Services, events: list[RecordedEvent]) -> AsOf:
        """Return what an answer says about its view; `position` is the last event seen."""
        seen = services.position_text(max((event.position for event in events), default=0))
        if self.known_at is not None:
            return AsOf(kind="known_at", instant=self.known_at, position=seen)
        if self.true_at is not None:
            return AsOf(kind="true_at", instant=self.true_at, position=seen)
        if self.position is not None:
            return AsOf(kind="position", position=services.position_text(self.position))
        return AsOf(kind="now", position=seen)


async def _moment(
    services: Wired,
    known_at: Annotated[
        QueryInstant | None, Query(description="All that was recorded by this instant.")
    ] = None,
    true_at: Annotated[
        QueryInstant | None, Query(description="All that had happened by this instant.")
    ] = None,
    position: Annotated[
        str | None, Query(max_length=100, description="All that was in the log at this position.")
    ] = None,
) -> Moment:
    if sum(given is not None for given in (known_at, true_at, position)) > 1:
        message = "leave out all but one of known_at, true_at and position"
        raise InvalidRequest([FieldError("known_at", message, "one-moment")])
    number = (
        None
        if position is None
        else position_number(position, services.partition, field="position")
    )
    return Moment(known_at, true_at, number)


Asked = Annotated[Moment, Depends(_moment)]
"""The moment that a query asks for, now unless it says."""
