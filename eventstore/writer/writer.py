"""The writer: a thread that takes waiting commands, decides them together and appends."""

from collections.abc import Iterable, Sequence
from threading import Event, Thread
from typing import Any, Final

import structlog
from psycopg import Connection

from domain.base.streams import StreamId
from domain.routing.facts import FactsSource
from eventstore.commands import CommandRow, refusal_from_json
from eventstore.datastore import Datastore
from eventstore.errors import AWAY, FellBehind, HandlerFailed, KeyReused, Unavailable, describe
from eventstore.writer.append import Append
from eventstore.writer.deciding import Group, Limits, fail
from eventstore.writer.hints import Hints
from eventstore.writer.planning_facts import PlanningFacts
from eventstore.writer.queue import TicketQueue
from eventstore.writer.states import Loaded, States
from eventstore.writer.tickets import Answer, Ticket
from eventstore.writer.urgency import most_urgent_first

_LONGEST_PAUSE: Final = 1.0
MOST_LOSSES: Final = 20
"""Connections that may break over one command before it is given up."""
log = structlog.get_logger(__name__)


class Writer:
    """One per partition and process; owns one connection and the hot states."""

    def __init__(
        self,
        datastore: Datastore,
        append: Append,
        states: States,
        facts: FactsSource | None,
        *,
        queue: TicketQueue,
        most_commands: int = 200,
        limits: Limits | None = None,
    ) -> None:
        """Prepare; `start` begins to take commands."""
        self._datastore = datastore
        self._append = append
        self._states = states
        self._facts = PlanningFacts(facts)
        self._queue = queue
        self._most = most_commands
        self._limits = limits or Limits()
        self._hints = Hints(datastore)
        self._connection: Connection[Any] | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"writer {datastore.schema}", daemon=True)

    def start(self) -> None:
        """Begin to take commands."""
        self._thread.start()
        self._hints.start()

    def stop(self, *, timeout: float = 30.0) -> None:
        """Answer what waits, within `timeout` seconds, then stop."""
        self._queue.close()
        self._thread.join(timeout)
        self._stopping.set()
        self._hints.stop()
        self._facts.close()

    def _run(self) -> None:
        while tickets := self._queue.take(self._most):
            try:
                self._write(tickets)
            except FellBehind as error:
                log.info("group tried again", **describe(error))
                self._states.forget()
                self._queue.put_back(tickets)
            except AWAY as error:
                log.warning("connection lost, outcome looked up", **describe(error))
                self._recover(tickets)
            except Exception as error:  # noqa: BLE001 - the writer outlives any single group
                self._isolate(tickets, error)
        if self._connection is not None:
            self._connection.close()

    def _write(self, tickets: Sequence[Ticket]) -> None:
        connection = self._connected()
        self._facts.read(tickets)
        self._states.refresh(connection)

        def load(streams: Iterable[StreamId]) -> dict[StreamId, Loaded]:
            return self._states.load(connection, streams)

        group = Group(self._states)
        left_over = group.decide_all(most_urgent_first(tickets), load, self._limits)
        if group.settled:
            self._facts.read_ahead([*left_over, *self._queue.waiting(self._most)])
            self._append_and_answer(connection, group)
        self._queue.put_back(left_over)

    def _append_and_answer(self, connection: Connection[Any], group: Group) -> None:
        appended = self._append.run(connection, group)
        self._queue.put_back(appended.put_back)
        for ticket, row in appended.answered:
            _answer(ticket, row, repeated=False)
        for ticket, row in appended.repeated:
            _answer(ticket, row, repeated=True)
        self._hints.send()

    def _connected(self) -> Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = self._datastore.connect()
        return self._connection

    def _recover(self, tickets: Sequence[Ticket]) -> None:
        """Find out what became of a group whose connection broke; put back what was not done."""
        self._states.forget()
        pause = 0.05
        while not self._stopping.wait(pause):
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                self._drop_connection()
                known = self._append.answers(self._connected(), tickets)
            except AWAY as error:
                log.warning("no connection yet", **describe(error))
                continue
            for ticket in tickets:
                if ticket.identity in known:
                    _answer(ticket, known[ticket.identity], repeated=False)
                elif ticket.losses >= MOST_LOSSES:
                    msg = f"the connection broke {ticket.losses} times over this command"
                    fail(ticket, Unavailable(msg))
                ticket.losses += 1
                ticket.start_again()
            self._queue.put_back(t for t in tickets if not t.future.done())
            return

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _isolate(self, tickets: Sequence[Ticket], error: Exception) -> None:
        """Find the command that breaks a group by writing each alone; fail only that one."""
        self._drop_connection()
        self._states.forget()
        waiting = [ticket for ticket in tickets if not ticket.future.done()]
        if len(waiting) > 1:
            log.error("group failed, each command alone now", **describe(error))
            self._most_alone(waiting)
        for ticket in waiting if len(waiting) == 1 else ():
            log.error("command failed", command=ticket.command.command_type, **describe(error))
            fail(ticket, HandlerFailed(ticket.command.command_type, error))

    def _most_alone(self, tickets: Sequence[Ticket]) -> None:
        for ticket in tickets:
            ticket.start_again()
            try:
                self._write([ticket])
            except FellBehind:
                self._states.forget()
                self._queue.put_back([ticket])
            except AWAY:
                self._recover([ticket])
            except Exception as error:  # noqa: BLE001 - the writer outlives any single command
                self._isolate([ticket], error)


def _answer(ticket: Ticket, row: CommandRow, *, repeated: bool) -> None:
    if ticket.future.done():
        return
    if row.digest != ticket.digest:
        ticket.future.set_exception(KeyReused(f"the key {ticket.key!r} was used for another body"))
    elif row.refused:
        ticket.future.set_exception(refusal_from_json(row.outcome))
    else:
        ticket.future.set_result(Answer(row.outcome, row.position, repeated))
