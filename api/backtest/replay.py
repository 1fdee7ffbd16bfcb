"""Walks the log once and decides the window's orders again, under every strategy."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from api.backtest.history import Decided, History, with_load
from api.backtest.put_back import PutBack
from api.backtest.sources import ReferenceSource
from api.backtest.window import Window
from domain.base.streams import StreamId
from domain.order.events import (
    AllocationShipped,
    BackorderFilled,
    LinesAllocated,
    LinesCancelled,
)
from domain.routing.constraints import eligible
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedAllocation
from domain.routing.policy import Policy
from domain.routing.replay.course import Course
from domain.routing.replay.figures import Figures, Tally
from domain.routing.replay.measuring import measure
from domain.routing.replay.strategy import Answer, Strategy, answer_of
from domain.routing.request import RoutingRequest
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent

Mode = Literal["as-known", "own-course"]
Stage = Callable[[str, int], Callable[[], object]]
"""Begins a stage of so many steps and returns what is called after each."""

DONE: Final = "really done"
BATCH: Final = 2_000
NOTHING: Final = Answer()


class NothingToReplay(ValueError):
    """The log has no decision in the window."""


@dataclass(slots=True)
class Column:
    """One way of deciding: what it came to so far, and its own course where it has one."""

    strategy: Strategy
    tally: Tally = field(default_factory=Tally)
    course: Course = field(default_factory=Course)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A back-test's columns by name, what was really done first, and how long deciding took.

    `skipped` are decisions of the window that an own course does not take again: orders were
    routed anew for something that happened to them in history.
    """

    mode: Mode
    columns: Mapping[str, Figures]
    decisions: int
    skipped: int
    decided_per_second: Mapping[str, float]


class Replay:
    """A back-test under way."""

    def __init__(
        self,
        history: History,
        source: ReferenceSource,
        window: Window,
        mode: Mode,
        strategies: Sequence[Strategy],
        measuring: Policy,
    ) -> None:
        """Prepare columns; nothing is decided yet."""
        self._history = history
        self._source = source
        self._window = window
        self._mode: Mode = mode
        self._measuring = measuring
        self._orders: set[StreamId] = set()
        self._put_back = PutBack(self._orders)
        self._done = Tally()
        self._columns = [Column(strategy) for strategy in strategies]
        self._skipped = 0

    def take(self, recorded: RecordedEvent) -> None:
        """Decide again where the event holds a decision of the window, then take it in."""
        if self._window.holds(recorded.occurred_at):
            decided = self._history.decided(recorded)
            if decided is not None:
                self._decide(decided)
        if self._mode == "own-course":
            self._follow(recorded)
        self._history.apply(recorded)

    def outcome(self) -> Outcome:
        """Return the figures of all columns.

        Raises:
            NothingToReplay: there was no decision in the window.
        """
        if not self._done.decisions:
            first, last = self._window.first, self._window.last
            raise NothingToReplay(f"nothing was routed between {first} and {last}")
        for column in self._columns:
            for item_id in column.course.waited_for():
                self._serve(column, (item_id,))
        return Outcome(
            mode=self._mode,
            columns={
                DONE: self._done.figures(),
                **{one.strategy.name: one.tally.figures() for one in self._columns},
            },
            decisions=self._done.decisions,
            skipped=self._skipped,
            decided_per_second={
                one.strategy.name: one.tally.decisions / one.seconds
                for one in self._columns
                if one.seconds
            },
        )

    def _decide(self, decided: Decided) -> None:
        if self._mode == "own-course" and decided.event.cause != "placed":
            self._skipped += 1
            return
        request = decided.demand.request(decided.recorded.occurred_at)
        if not request.groups:
            return
        reference = self._source.reference(decided.event.decision)
        facts = self._source.placed(self._history.facts(decided.demand, reference), request)
        self._count(self._done, request, facts, _really(decided))
        for column in self._columns:
            own = facts
            if self._mode == "own-course":
                own = self._own_facts(column, decided, facts)
            began = time.perf_counter()
            answer = column.strategy.decide(request, own)
            column.seconds += time.perf_counter() - began
            self._settle(column, decided, request, own, answer)
        if self._mode == "own-course":
            self._orders.add(request.order)
            self._history.left_out.add(request.order)

    def _own_facts(self, column: Column, decided: Decided, facts: RoutingFacts) -> RoutingFacts:
        items = decided.demand.item_ids()
        self._serve(column, items)
        states = self._history.own_states(items, column.course, self._put_back.cells)
        own = self._history.facts(decided.demand, facts.reference, states)
        placed = replace(own, coordinates=facts.coordinates)
        return with_load(placed, column.course.work, column.course.booked)

    def _serve(self, column: Column, item_ids: Iterable[str]) -> None:
        waited = [item for item in item_ids if column.course.is_waited_for(item)]
        for item_id in waited:
            free = self._history.own_free(item_id, column.course, self._put_back.cells)
            column.tally.serve_later(column.course.serve(item_id, free))

    def _settle(
        self,
        column: Column,
        decided: Decided,
        request: RoutingRequest,
        facts: RoutingFacts,
        answer: Answer,
    ) -> None:
        """Count an answer; an order that is short is refused where its channel queues nothing."""
        wanted = sum(line.quantity for group in request.groups for line in group.lines)
        is_short = sum(one.quantity for one in answer.allocations) < wanted
        queues = decided.demand.queues
        is_refused = is_short and not queues and decided.event.cause == "placed"
        self._count(
            column.tally, request, facts, NOTHING if is_refused else answer, is_refused=is_refused
        )
        if self._mode == "own-course" and not is_refused:
            column.course.allocate(request, answer.allocations, answer.fulfilments)
            if queues:
                able = {g.group_id: eligible(request, g, facts, {}) for g in request.groups}
                column.course.wait(request, answer.allocations, able)

    def _count(
        self,
        tally: Tally,
        request: RoutingRequest,
        facts: RoutingFacts,
        answer: Answer,
        *,
        is_refused: bool = False,
    ) -> None:
        sent = measure(request, facts, answer, self._measuring)
        tally.add(request, facts, sent, is_refused=is_refused, is_exact=answer.is_exact)

    def _follow(self, recorded: RecordedEvent) -> None:
        """Let what happened to the window's orders and their stock act on every own course."""
        self._put_back.apply(recorded)
        if recorded.stream not in self._orders:
            return
        match recorded.event:
            case BackorderFilled(quantity=quantity):
                self._done.serve_later(quantity)
            case LinesCancelled(parts):
                for part in parts:
                    for column in self._columns:
                        column.course.cancel(
                            recorded.stream, (part.line_id, part.group_id), part.quantity
                        )
            case AllocationShipped(line_id=line_id, quantity=quantity):
                for column in self._columns:
                    column.course.ship(recorded.stream, line_id, quantity)
            case _:
                pass


def replay(reader: LogReader, run: Replay, stage: Stage) -> Outcome:
    """Walk the whole log in the order of its positions, and return what came of it.

    Raises:
        NothingToReplay: there was no decision in the window.
    """
    head, position = reader.head(), 0
    advance = stage("Replaying history", -(-head // BATCH))
    while position < head:
        batch = reader.read(position, min(BATCH, head - position))
        for recorded in batch.events:
            run.take(recorded)
        position = batch.through
        advance()
    return run.outcome()


def _really(decided: Decided) -> Answer:
    event = decided.event
    if not isinstance(event, LinesAllocated):
        return NOTHING
    return answer_of(
        tuple(
            [
                PlannedAllocation(one.group_id, one.line_id, one.location_id, one.quantity)
                for one in event.allocations
            ]
        ),
        event.fulfilments,
        event.decision,
    )
