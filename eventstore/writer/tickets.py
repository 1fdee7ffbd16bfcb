"""A command on its way through the writer, and what it is answered."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from domain.base.errors import Refusal
from domain.base.handling import Decision, Handler, Json
from domain.base.messages import Command
from domain.base.streams import StreamId

UNPLANNED: Final = object()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the principal owns idempotency keys, the actor is what the log shows.

    `correlation_id` ties together what one request started; `causation_id` is the event or
    command that led to this one. Both default to the command's id.
    """

    principal: str
    actor: str
    correlation_id: UUID | None = None
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an accepted command came to.

    `position` is the log's position from which its effects can be read; `repeated` says that
    the outcome is the stored one of an earlier command under the same key.
    """

    outcome: Mapping[str, Json]
    position: int
    repeated: bool = False


@dataclass(slots=True)
class Ticket:
    """A command waiting for its answer; only the writer's thread touches it after queueing."""

    command: Command
    handler: Handler[Any]
    caller: Caller
    key: str
    digest: bytes
    future: Future[Answer] = field(default_factory=Future)
    plan: Any = UNPLANNED
    facts: Any = None
    tries: int = 0
    losses: int = 0
    urgency: int = 0

    def start_again(self) -> None:
        """Forget what was planned, and on which facts."""
        self.plan = UNPLANNED
        self.facts = None

    @property
    def identity(self) -> tuple[str, str]:
        """Return the principal and idempotency key: the command's row."""
        return self.caller.principal, self.key


@dataclass(slots=True)
class Settled:
    """A ticket that is decided: a decision or a refusal, and the streams it was based on."""

    ticket: Ticket
    reads: set[StreamId]
    result: Decision | Refusal
    refused_in_plan: bool = False
    starts: dict[StreamId, int] = field(default_factory=dict)
    """The versions that the decision's events follow, once it is applied."""

    @property
    def writes(self) -> set[StreamId]:
        """Return the streams that it appends to."""
        return set() if self.decision is None else set(self.decision.events)

    @property
    def decision(self) -> Decision | None:
        """Return the decision, None where the command was refused."""
        return self.result if isinstance(self.result, Decision) else None

    @property
    def event_count(self) -> int:
        """Return how many events it appends."""
        if self.decision is None:
            return 0
        return sum(len(events) for events in self.decision.events.values())
