"""Deciding a group: each command on the states that the ones before it left."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.base.errors import Refusal
from domain.base.handling import Decision, Need, NotLoaded, Replan
from domain.base.streams import StreamId
from eventstore.errors import HandlerFailed
from eventstore.writer.states import Loaded, States
from eventstore.writer.tickets import UNPLANNED, Settled, Ticket
from eventstore.writer.urgency import equally_urgent
from eventstore.writer.view import GroupView

AT_ONCE: Final = 16
"""Commands of a group whose streams are loaded together."""
MAX_ROUNDS: Final = 12
"""Loads that one command may ask for before it is given up as never satisfied."""
MAX_PLANS: Final = 5
"""Plans that one command may make on one set of states."""

Load = Callable[[Iterable[StreamId]], dict[StreamId, Loaded]]


@dataclass(slots=True)
class Limits:
    """How much one group may hold before it is appended."""

    rows: int = 2000
    seconds: float = 0.05


@dataclass(slots=True)
class Group:
    """The commands decided together: states as loaded, states as decided, and the decisions."""

    states: States
    base: dict[StreamId, Loaded] = field(default_factory=dict)
    overlay: dict[StreamId, Loaded] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    rows: int = 0

    def apply(self, settled: Settled) -> None:
        """Put a decision's events on top of the states."""
        self.settled.append(settled)
        if settled.decision is None:
            return
        for stream, events in settled.decision.events.items():
            before = self.overlay.get(stream) or self.base[stream]
            settled.starts[stream] = before.version
            self.overlay[stream] = self.states.fold(stream, before, events)
        self.rows += settled.event_count

    def decide_all(self, tickets: list[Ticket], load: Load, limits: Limits) -> list[Ticket]:
        """Decide tickets in rounds of loading; return those that no longer fitted the group."""
        deadline = time.monotonic() + limits.seconds
        done = 0
        for part in equally_urgent(tickets, AT_ONCE):
            if self.rows >= limits.rows or (done and time.monotonic() > deadline):
                return tickets[done:]
            self._decide_some(part, load)
            done += len(part)
        return []

    def _decide_some(self, tickets: list[Ticket], load: Load) -> None:
        """Decide a few tickets to the end, loading for all of them together."""
        self._load(load, (s for t in tickets for s in t.handler.streams(t.command)))
        pending = tickets
        for _ in range(MAX_ROUNDS):
            needs = [(ticket, self._attempt(ticket)) for ticket in pending]
            pending = [ticket for ticket, need in needs if need is not None]
            if not pending:
                return
            self._load(load, (s for _, need in needs if need for s in need.streams))
        for ticket in pending:
            fail(ticket, HandlerFailed(ticket.command.command_type, RecursionError("needs more")))

    def redecide(self, ticket: Ticket, load: Load) -> Settled | None:
        """Decide again under the lock on the same plan; None where it must be planned anew."""
        for _ in range(MAX_ROUNDS):
            view = GroupView(self.base, self.overlay)
            result = self._run(ticket, view)
            if isinstance(result, Need):
                self._load(load, result.streams)
            elif isinstance(result, Settled):
                return result
            else:
                return None
        return None

    def decide_one(self, ticket: Ticket, load: Load) -> set[StreamId]:
        """Plan and decide one ticket at once, whatever it takes; return the streams it writes."""
        before = len(self.settled)
        self.decide_all([ticket], load, Limits(rows=self.rows + 1, seconds=60.0))
        return set().union(*(settled.writes for settled in self.settled[before:]))

    def _load(self, load: Load, streams: Iterable[StreamId]) -> None:
        missing = {stream for stream in streams if stream not in self.base}
        if missing:
            self.base.update(load(missing))

    def _attempt(self, ticket: Ticket) -> Need | None:
        for _ in range(MAX_PLANS):
            if ticket.plan is UNPLANNED:
                need = self._plan(ticket)
                if need is not None:
                    return need
                if ticket.plan is UNPLANNED:
                    return None
            result = self._run(ticket, GroupView(self.base, self.overlay))
            if isinstance(result, Need):
                return result
            if isinstance(result, Settled):
                self.apply(result)
                return None
            if result is None:
                return None
            ticket.plan = UNPLANNED
        fail(ticket, HandlerFailed(ticket.command.command_type, RecursionError("plans for ever")))
        return None

    def _plan(self, ticket: Ticket) -> Need | None:
        view = GroupView(self.base, self.overlay)
        try:
            plan = ticket.handler.plan(ticket.command, ticket.facts, view)
        except NotLoaded as missing:
            return Need((missing.stream,))
        except Refusal as refusal:
            self.apply(Settled(ticket, view.reads, refusal, refused_in_plan=True))
            return None
        except Exception as error:  # noqa: BLE001 - one command's fault must not stop the others
            fail(ticket, HandlerFailed(ticket.command.command_type, error))
            return None
        if isinstance(plan, Need):
            return plan
        ticket.plan = plan
        return None

    def _run(self, ticket: Ticket, view: GroupView) -> Settled | Need | Replan | None:
        try:
            result = ticket.handler.decide(ticket.command, ticket.plan, view)
        except NotLoaded as missing:
            return Need((missing.stream,))
        except Refusal as refusal:
            return Settled(ticket, view.reads, refusal)
        except Exception as error:  # noqa: BLE001 - one command's fault must not stop the others
            fail(ticket, HandlerFailed(ticket.command.command_type, error))
            return None
        if isinstance(result, Decision):
            unread = view.missing(result.events)
            if unread:
                return Need(unread)
            return Settled(ticket, view.reads | result.events.keys(), result)
        return result


def fail(ticket: Ticket, error: Exception) -> None:
    """Answer a ticket with an error; the caller may have gone."""
    if not ticket.future.done():
        ticket.future.set_exception(error)
