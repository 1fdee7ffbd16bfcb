"""The append: under the lock the group is checked against what moved, then written whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from psycopg import Connection

from domain.base.errors import Refusal
from domain.base.streams import StreamId
from eventstore.commands import CommandRow, CommandTable, Identity, refusal_to_json
from eventstore.datastore import Datastore
from eventstore.keyring import Keyring
from eventstore.mapper import EventMapper, EventRow, NewEvent
from eventstore.recorder import Head, Recorder
from eventstore.writer.deciding import Group
from eventstore.writer.states import Loaded, States
from eventstore.writer.tickets import UNPLANNED, Settled, Ticket

PLAN_UNDER_LOCK_AFTER = 3
"""Times a command is put back because others moved what it planned on, before the lock is kept
until it is through."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append came to: rows by ticket, earlier answers found, tickets put back."""

    answered: Sequence[tuple[Ticket, CommandRow]]
    repeated: Sequence[tuple[Ticket, CommandRow]]
    put_back: Sequence[Ticket]
    head: int


class Append:
    """Writes decided groups of one partition."""

    def __init__(
        self, datastore: Datastore, mapper: EventMapper, keyring: Keyring, states: States
    ) -> None:
        """Work on one partition's tables."""
        self._mapper = mapper
        self._keyring = keyring
        self._states = states
        self._recorder = Recorder(datastore)
        self.commands = CommandTable(datastore)
        self._snapshot = datastore.statement(
            "INSERT INTO {schema}.snapshots (stream_id, version, state_version, state) "
            "VALUES (%s, %s, %s, %s)"
        )

    def run(self, connection: Connection[Any], group: Group) -> Appended:
        """Append a group in one transaction, deciding again what others have moved."""
        keys = self._keys(connection, group.settled)
        encoded = {id(settled): self._encode(settled, keys) for settled in group.settled}
        with connection.pipeline(), connection.transaction():
            head_cursor = self._recorder.lock(connection)
            news = self._states.ask_news(connection)
            asked = self.commands.ask(connection, [s.ticket.identity for s in group.settled])
            head = self._recorder.head(head_cursor)
            moved = self._states.take_news(news)
            known = self.commands.found(asked)
            group.base |= {s: moved[s] for s in moved.keys() & group.base.keys()}
            settling = _Settling(self._states, connection, group)
            if moved or known:
                settling.again(moved.keys(), known)
                keys = self._keys(connection, group.settled)
            rows = [
                row
                for settled in group.settled
                for row in encoded.get(id(settled)) or self._encode(settled, keys)
            ]
            self._recorder.append(connection, head, rows)
            self._write_snapshots(connection, group)
            self._destroy_keys(connection, group.settled)
            answered = _command_rows(group.settled, head)
            self.commands.record(connection, [row for _, row in answered], head.clock)
        through = head.position + len(rows)
        self._states.appended(group.overlay, through)
        return Appended(answered, settling.repeated, settling.put_back, through)

    def answers(
        self, connection: Connection[Any], tickets: Sequence[Ticket]
    ) -> dict[Identity, CommandRow]:
        """Return the stored answers of tickets, waiting for any append that is under way."""
        with connection.transaction():
            self._recorder.lock(connection)
            return self.commands.found(
                self.commands.ask(connection, [ticket.identity for ticket in tickets])
            )

    def _keys(self, connection: Connection[Any], settled: Sequence[Settled]) -> Mapping[str, bytes]:
        decisions = (one.decision for one in settled if one.decision is not None)
        subjects = {d.subject for d in decisions if d.subject is not None}
        return self._keyring.make(connection, subjects)

    def _encode(self, settled: Settled, keys: Mapping[str, bytes]) -> list[EventRow]:
        decision, ticket = settled.decision, settled.ticket
        if decision is None:
            return []
        command, caller = ticket.command, ticket.caller
        rows: list[EventRow] = []
        for stream, events in decision.events.items():
            for version, event in enumerate(events, settled.starts[stream] + 1):
                new = NewEvent(
                    originator_id=stream,
                    originator_version=version,
                    event_id=uuid5(command.id, f"event/{len(rows)}"),
                    occurred_at=command.now,
                    actor=caller.actor,
                    command_id=command.id,
                    correlation_id=caller.correlation_id or command.id,
                    causation_id=caller.causation_id or command.id,
                    subject_id=decision.subject,
                    event=event,
                )
                rows.append(self._mapper.to_stored_event(new, keys=keys))
        return rows

    def _write_snapshots(self, connection: Connection[Any], group: Group) -> None:
        for stream, after in group.overlay.items():
            state = self._states.snapshot(stream, group.base[stream].version, after)
            if state is not None:
                shape = self._states.aggregate(stream).state_version
                connection.execute(self._snapshot, [stream, after.version, shape, state])

    def _destroy_keys(self, connection: Connection[Any], settled: Sequence[Settled]) -> None:
        decisions = (one.decision for one in settled if one.decision is not None)
        erased = {d.erases for d in decisions if d.erases is not None}
        if erased:
            self._keyring.destroy(connection, erased)


@dataclass(slots=True)
class _Settling:
    """Decides again, under the lock, the commands whose streams moved."""

    states: States
    connection: Connection[Any]
    group: Group
    repeated: list[tuple[Ticket, CommandRow]] = field(default_factory=list)
    put_back: list[Ticket] = field(default_factory=list)

    def again(self, moved: Iterable[StreamId], known: Mapping[Identity, CommandRow]) -> None:
        """Keep what nothing touched; decide the rest anew, each seeing the ones before it."""
        earlier, dirty = self.group.settled, set(moved)
        self.group.settled, self.group.overlay, self.group.rows = [], {}, 0
        for settled in earlier:
            row = known.get(settled.ticket.identity)
            if row is not None:
                self.repeated.append((settled.ticket, row))
                dirty |= settled.writes
            elif settled.reads.isdisjoint(dirty):
                self.group.apply(settled)
            else:
                dirty |= settled.writes
                dirty |= self._decide(settled)

    def _decide(self, settled: Settled) -> set[StreamId]:
        ticket = settled.ticket
        ticket.tries += 1
        if ticket.tries > PLAN_UNDER_LOCK_AFTER:
            ticket.plan = UNPLANNED
            return self.group.decide_one(ticket, self._load)
        fresh = None if settled.refused_in_plan else self.group.redecide(ticket, self._load)
        if fresh is None:
            ticket.start_again()
            self.put_back.append(ticket)
            return set()
        self.group.apply(fresh)
        return fresh.writes

    def _load(self, streams: Any) -> dict[StreamId, Loaded]:
        return self.states.load(self.connection, streams)


def _command_rows(settled: Sequence[Settled], head: Head) -> list[tuple[Ticket, CommandRow]]:
    rows: list[tuple[Ticket, CommandRow]] = []
    position = head.position
    for one in settled:
        position += one.event_count
        ticket = one.ticket
        refused = isinstance(one.result, Refusal)
        outcome = (
            refusal_to_json(one.result) if isinstance(one.result, Refusal) else one.result.outcome
        )
        rows.append(
            (
                ticket,
                CommandRow(
                    principal=ticket.caller.principal,
                    key=ticket.key,
                    digest=ticket.digest,
                    command_id=ticket.command.id,
                    command_type=ticket.command.command_type,
                    refused=refused,
                    outcome=outcome,
                    position=position,
                ),
            )
        )
    return rows
