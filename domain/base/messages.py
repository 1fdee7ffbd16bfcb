"""The base classes of commands and events."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


def to_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; raise ValueError where UTC has no such year."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999 of UTC") from None


Instant = Annotated[AwareDatetime, AfterValidator(to_utc)]
"""A point in time with a zone, kept in UTC."""


class Event:
    """A fact that happened; subclasses are frozen, slotted dataclasses with types only.

    An event carries no stream, version, id or instant: the log wraps it with those.
    """

    __slots__ = ()


class Command(BaseModel):
    """A wish to change something, with its own id and the instant it is decided at.

    `id` is the source of every id that the decision creates, so that deciding twice
    yields the same ids. `now` is business time and becomes `occurred_at`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    command_type: ClassVar[str]

    id: UUID
    now: Instant

    def new_id(self, kind: str, ordinal: int | str) -> str:
        """Return the id of the `ordinal`-th `kind` that this command creates (uuid5)."""
        return str(uuid5(self.id, f"{kind}/{ordinal}"))
