"""How a command is handled: which streams it reads, what it plans, what it decides.

A handler is pure. The writer gives it the states it asked for and, if they do not suffice,
it answers `Need`; planning (routing) happens before the log is locked, deciding again under
the lock. Where a plan no longer holds it answers `Replan`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from domain.base.messages import Command, Event
from domain.base.streams import StreamId

C = TypeVar("C", bound=Command)

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True)
class Need:
    """These streams must be loaded before it can be decided."""

    streams: tuple[StreamId, ...]


@dataclass(frozen=True, slots=True)
class Replan:
    """The plan no longer holds on the states as they are now: plan again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened: events by stream in the order they are appended, and the answer."""

    events: Mapping[StreamId, Sequence[Event]]
    outcome: Mapping[str, Json] = field(default_factory=dict)
    subject: str | None = None
    """The person that the events' personal data is about."""
    erases: str | None = None
    """The person whose key is destroyed in the same append."""


class NotLoaded(LookupError):
    """A handler read a stream it did not ask for: the writer loads it and asks again."""

    def __init__(self, stream: StreamId) -> None:
        """Remember the stream."""
        super().__init__(stream)
        self.stream = stream


class View(Protocol):
    """The states that are loaded, as they stand after what was decided before."""

    def state(self, stream: StreamId) -> Any:
        """Return the state of a loaded stream; raise NotLoaded otherwise."""

    def exists(self, stream: StreamId) -> bool:
        """Say whether a loaded stream has any event; raise NotLoaded otherwise."""

    def has(self, stream: StreamId) -> bool:
        """Say whether the stream is loaded; counts as no read."""

    def missing(self, streams: Iterable[StreamId]) -> tuple[StreamId, ...]:
        """Return those of `streams` that are not loaded, for a `Need`."""


@dataclass(frozen=True, slots=True)
class FactsWanted:
    """What a plan wants to know from the read models, before any stream is loaded."""

    channel_id: str
    skus: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    destinations: tuple[tuple[str, str], ...] = ()
    """(country, postal code) pairs whose coordinates are wanted."""


class Handler(ABC, Generic[C]):
    """Decides one kind of command."""

    def facts_wanted(self, command: C) -> FactsWanted | None:
        """Return what planning wants to know from read models; nothing unless overridden."""
        del command
        return None

    by_urgency: ClassVar[bool] = False
    """Whether its commands are decided by urgency; all others keep their place, and no command
    passes them."""

    def urgency(self, command: C, facts: Any) -> int:
        """Return how urgent a command is among those decided with it; the higher comes first."""
        del command, facts
        return 0

    @abstractmethod
    def streams(self, command: C) -> Iterable[StreamId]:
        """Return the streams known from the command alone to be read."""

    def plan(self, command: C, facts: Any, view: View) -> Any:
        """Return a plan, or Need; runs before the lock and may take milliseconds.

        The plan is handed to `decide` as it is; nothing is planned unless overridden.
        """
        del command, facts, view

    @abstractmethod
    def decide(self, command: C, plan: Any, view: View) -> Decision | Need | Replan:
        """Return what happens, from loaded states only.

        Raises:
            Refusal: a rule says no.
        """


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How the streams of one category are folded: the first state and the one mutator."""

    initial: Any
    state_type: type
    evolve: Callable[[Any, Any], Any]
    """`evolve(state, event) -> state`; holds no rule and never raises for a known event."""
    state_version: int = 1
    snapshot_every: int | None = None
    """Events between snapshots; None where streams stay short."""
    kept_hot: int = 20_000
    """States of this category that a writer keeps in memory."""
    to_snapshot: Callable[[Any], Json] | None = None
    """Turns a state into plain JSON values; None where streams stay short."""
    from_snapshot: Callable[[Any], Any] | None = None
    """Turns those back into an equal state."""
