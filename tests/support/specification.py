"""Given events, when a command, then events: a tiny language for handlers, without a database.

`given(stream, *events)` may be chained; `when(command)` decides as the writer does: it loads
only what the handler asks for, plans, decides, and decides again to prove that it is
repeatable. `then`, `then_nothing` and `refused` say what came of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.base.errors import Refusal
from domain.base.handling import Decision, Need, NotLoaded, Replan
from domain.base.messages import Command, Event
from domain.base.streams import StreamId, category_of
from domain.catalogue import AGGREGATES, HANDLERS
from domain.routing.facts import NO_FACTS, RoutingFacts

MAX_ROUNDS = 50


@dataclass
class MemoryView:
    """The states of those streams that were asked for; the log itself stays unseen."""

    world: "World"
    loaded: set[StreamId] = field(default_factory=set)

    def state(self, stream: StreamId) -> Any:
        """Return a loaded stream's state."""
        if stream not in self.loaded:
            raise NotLoaded(stream)
        return self.world.state(stream)

    def exists(self, stream: StreamId) -> bool:
        """Say whether a loaded stream has any event."""
        if stream not in self.loaded:
            raise NotLoaded(stream)
        return bool(self.world.log.get(stream))

    def has(self, stream: StreamId) -> bool:
        """Say whether the stream is loaded."""
        return stream in self.loaded

    def missing(self, streams: Iterable[StreamId]) -> tuple[StreamId, ...]:
        """Return those of `streams` that are not loaded."""
        return tuple(dict.fromkeys(stream for stream in streams if stream not in self.loaded))


@dataclass
class World:
    """A log in memory, and the states its streams fold to."""

    log: dict[StreamId, list[Event]] = field(default_factory=dict)
    facts: RoutingFacts = NO_FACTS
    _states: dict[StreamId, Any] = field(default_factory=dict)

    def append(self, stream: StreamId, events: Sequence[Event]) -> None:
        """Add events and fold them."""
        state = self.state(stream)
        for event in events:
            state = AGGREGATES[category_of(stream)].evolve(state, event)
        self._states[stream] = state
        self.log.setdefault(stream, []).extend(events)

    def state(self, stream: StreamId) -> Any:
        """Return the state of a stream; the first one where it has no events."""
        if stream in self._states:
            return self._states[stream]
        return AGGREGATES[category_of(stream)].initial

    def decide(self, command: Command) -> Decision:
        """Plan and decide as the writer does, twice, and return the one decision.

        Raises:
            Refusal: a rule said no, both times alike.
        """
        handler = HANDLERS[type(command)]
        view = MemoryView(self, set(handler.streams(command)))
        for _ in range(MAX_ROUNDS):
            try:
                plan = handler.plan(command, self.facts, view)
                if isinstance(plan, Need):
                    _load(view, plan.streams)
                    continue
                decision = handler.decide(command, plan, view)
            except NotLoaded as unread:
                _load(view, (unread.stream,))
                continue
            if isinstance(decision, Need):
                _load(view, decision.streams)
            elif not isinstance(decision, Replan):
                assert handler.decide(command, plan, view) == decision, "deciding is repeatable"
                return decision
        raise AssertionError(f"{command.command_type} was not decided in {MAX_ROUNDS} rounds")

    def do(self, command: Command) -> Decision:
        """Decide, append what was decided, and return it; a refusal changes nothing."""
        before = _copy(self.log), dict(self._states)
        try:
            decision = self.decide(command)
        except Refusal:
            assert (self.log, self._states) == before, "a refusal changes nothing"
            raise
        assert (self.log, self._states) == before, "deciding changes nothing"
        for stream, events in decision.events.items():
            self.append(stream, events)
        return decision


def _load(view: MemoryView, streams: Iterable[StreamId]) -> None:
    new = set(streams) - view.loaded
    assert new, "a handler that needs streams names some that are not loaded"
    view.loaded |= new


def _copy(log: Mapping[StreamId, Sequence[Event]]) -> dict[StreamId, list[Event]]:
    return {stream: list(events) for stream, events in log.items()}


@dataclass
class Outcome:
    """What came of a command."""

    world: World
    decision: Decision | None
    refusal: Refusal | None

    def then(self, stream: StreamId, *events: Event) -> "Outcome":
        """Exactly these events were appended to the stream."""
        assert list(self._decided().events.get(stream, ())) == list(events)
        return self

    def then_only(self, *streams: StreamId) -> "Outcome":
        """Events were appended to these streams and to no other."""
        assert {s for s, events in self._decided().events.items() if events} == set(streams)
        return self

    def then_nothing(self) -> "Outcome":
        """It was accepted and nothing was appended."""
        return self.then_only()

    def answers(self, **members: Any) -> "Outcome":
        """The answer has these members with these values."""
        outcome = self._decided().outcome
        assert {name: outcome.get(name) for name in members} == members
        return self

    def refused(self, refusal: type[Refusal], **members: Any) -> Refusal:
        """It was refused with this error; `field` and other members are as given."""
        assert self.refusal is not None, f"accepted: {self.decision}"
        assert type(self.refusal) is refusal
        found = {"field": self.refusal.field, **self.refusal.members}
        assert {name: found.get(name) for name in members} == members
        return self.refusal

    def state(self, stream: StreamId) -> Any:
        """Return a stream's state after it."""
        return self.world.state(stream)

    def and_when(self, command: Command) -> "Outcome":
        """Go on with a further command on what this one left."""
        self._decided()
        return given_world(self.world).when(command)

    def _decided(self) -> Decision:
        if self.refusal is not None:
            raise AssertionError("refused") from self.refusal
        assert self.decision is not None
        return self.decision


@dataclass(frozen=True)
class Given:
    """What happened before."""

    world: World

    def given(self, stream: StreamId, *events: Event) -> "Given":
        """Say what else happened."""
        world = copy_of(self.world)
        world.append(stream, events)
        return Given(world)

    def given_facts(self, facts: RoutingFacts) -> "Given":
        """Say what the read models know."""
        world = copy_of(self.world)
        world.facts = facts
        return Given(world)

    def when(self, command: Command) -> Outcome:
        """Decide a command; what was given stays as it is, for other commands."""
        world = copy_of(self.world)
        try:
            return Outcome(world, world.do(command), None)
        except Refusal as refusal:
            return Outcome(world, None, refusal)


def given(stream: StreamId, *events: Event) -> Given:
    """Say what happened to one stream."""
    return Given(World()).given(stream, *events)


def given_world(world: World) -> Given:
    """Start from a world that commands were done in."""
    return Given(world)


def given_nothing() -> Given:
    """Start from an empty log."""
    return Given(World())


def copy_of(world: World) -> World:
    """Return a world of its own; events and states are shared, since nobody can change them."""
    return World(_copy(world.log), world.facts, dict(world._states))
