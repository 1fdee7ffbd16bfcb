"""What can go wrong with the log, as one family.

LogError
├── KeyReused             the idempotency key was used for another command
├── Busy                  too much is waiting; come back later (retryable)
├── Unavailable           the outcome is not known in time; repeat with the same key (retryable)
├── UnknownEventType      the log holds a type or version that this program does not know
├── MigrationError        the schema cannot be brought up to date
├── FellBehind            others appended more than is followed; what waits is tried again
├── LogCorrupt            a stream's versions have a gap
├── BadReferenceData      reference data contradict themselves or cannot be read; nothing was kept
├── UnknownReferenceData  no set of reference data has that hash
├── HandlerFailed         a handler broke: a fault in the program
└── SealError             a sealed text was altered, or belongs to another event or person
"""

from typing import Any, Final

import psycopg
from eventsourcing import persistence
from eventsourcing.persistence import MapperDeserialisationError

AWAY: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    persistence.OperationalError,
    persistence.InterfaceError,
)
"""The database does not answer, or not in time, whichever library says so."""


class LogError(Exception):
    """Something about the log, not about the business."""


class KeyReused(LogError):
    """Another command came under the same idempotency key."""


class Busy(LogError):
    """Too many commands wait; `retry_after` is in seconds."""

    def __init__(self, *, retry_after: int = 1) -> None:
        """Say when to come back."""
        super().__init__(f"too many commands are waiting; come back in {retry_after} s")
        self.retry_after = retry_after


class Unavailable(LogError):
    """The log did not answer in time: the outcome is unknown, the same key may be repeated."""


class UnknownEventType(LogError, MapperDeserialisationError):
    """The log holds an event that this program does not know."""


class MigrationError(LogError):
    """A migration cannot be applied."""


class FellBehind(LogError):
    """Others appended more than is followed event by event."""


class LogCorrupt(LogError):
    """The log contradicts itself."""


class SealError(LogError):
    """A sealed text cannot be opened with its person's key."""


class BadReferenceData(LogError):
    """Reference data that cannot be used: in which file, line and column, and the way out."""

    def __init__(
        self, problem: str, *, file: str = "", line: int | None = None, column: str | None = None
    ) -> None:
        """Say where the problem is, as far as it has a place."""
        where = [file, f"line {line}" if line else "", column or ""]
        place = ", ".join(part for part in where if part)
        super().__init__(f"{place}: {problem}" if place else problem)


class UnknownReferenceData(LogError):
    """A set that a decision names is not kept here."""

    def __init__(self, kind: str, digest: str) -> None:
        """Name the set."""
        super().__init__(f"no {kind} are kept under {digest}; load the file they came from again")


class HandlerFailed(LogError):
    """A handler broke: a fault in the program, which changed nothing."""

    def __init__(self, command_type: str, cause: BaseException) -> None:
        """Name the command whose handler broke."""
        super().__init__(f"the handler of {command_type} failed: {cause!r}")


def describe(error: BaseException) -> dict[str, Any]:
    """Return an error as fields for a log line."""
    return {"error": type(error).__name__, "detail": str(error)}
