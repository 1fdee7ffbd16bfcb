"""The commands table: what every command was answered, by principal and idempotency key."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, Cursor

from domain.base.errors import Refusal
from domain.base.handling import Json
from domain.base.messages import Command
from eventstore.datastore import Datastore
from eventstore.sealing import DigestSeal

Identity = tuple[str, str]
"""(principal, idempotency key)."""


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command that was answered; `outcome` holds the answer, or the refusal's reasons."""

    principal: str
    key: str
    digest: bytes
    command_id: UUID
    command_type: str
    refused: bool
    outcome: Mapping[str, Json]
    position: int


class CommandTable:
    """Reads and writes answered commands; always inside the caller's transaction."""

    def __init__(self, datastore: Datastore) -> None:
        """Prepare the statements of one partition."""
        self._select = datastore.statement(
            "SELECT c.principal, c.key, c.digest, c.command_id, c.command_type, c.refused, "
            "c.outcome, c.position "
            "FROM unnest(%b::text[], %b::text[]) AS w (principal, key) "
            "JOIN {schema}.commands AS c "
            'ON c.principal = w.principal COLLATE "C" AND c.key = w.key COLLATE "C"'
        )
        self._insert = datastore.statement(
            "INSERT INTO {schema}.commands (recorded_at, principal, key, digest, command_id, "
            "command_type, refused, outcome, position) "
            "SELECT %b, r.* FROM unnest(%b::text[], %b::text[], %b::bytea[], %b::uuid[], "
            "%b::text[], %b::boolean[], %b::json[], %b::bigint[]) AS r"
        )

    def ask(self, connection: Connection[Any], identities: Iterable[Identity]) -> Cursor[Any]:
        """Ask for the rows of commands; pass the cursor to `found`."""
        principals, keys = zip(*identities, strict=True)
        cursor = connection.cursor(row_factory=lambda _: tuple)
        return cursor.execute(self._select, [list(principals), list(keys)], prepare=True)

    @staticmethod
    def found(cursor: Cursor[Any]) -> dict[Identity, CommandRow]:
        """Return the rows asked for, by identity."""
        rows = (CommandRow(*values) for values in cursor)
        return {(row.principal, row.key): row for row in rows}

    def record(
        self, connection: Connection[Any], rows: Sequence[CommandRow], recorded_at: datetime
    ) -> None:
        """Insert answered commands."""
        if not rows:
            return
        columns = zip(
            *(
                (
                    row.principal,
                    row.key,
                    row.digest,
                    row.command_id,
                    row.command_type,
                    row.refused,
                    orjson.dumps(row.outcome).decode(),
                    row.position,
                )
                for row in rows
            ),
            strict=True,
        )
        connection.execute(self._insert, [recorded_at, *map(list, columns)], prepare=True)


def digest_of(command: Command, secret: bytes) -> bytes:
    """Return a keyed digest of what a command asks, without its id and instant.

    Fields left at their defaults do not count: a release that adds an optional field must not
    make a retry under an old key look like another command.
    """
    text = command.model_dump_json(
        exclude={"id", "now"}, exclude_defaults=True, context={"seal": DigestSeal()}
    )
    tagged = f"{command.command_type}\n{text}".encode()
    return hashlib.blake2b(tagged, key=secret[:64], digest_size=32).digest()


def refusal_to_json(refusal: Refusal) -> dict[str, Json]:
    """Return a refusal's reasons as stored."""
    return {
        "code": refusal.code,
        "detail": refusal.detail,
        "field": refusal.field,
        "members": dict(refusal.members),
    }


def refusal_from_json(stored: Mapping[str, Any]) -> Refusal:
    """Return the refusal that was stored, as its own class where this program has it."""
    cls = _refusals().get(stored["code"], Refusal)
    return cls(stored["detail"], field=stored["field"], **stored["members"])


def _refusals() -> dict[str, type[Refusal]]:
    found: dict[str, type[Refusal]] = {}
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        cls = waiting.pop()
        found[cls.code] = cls
        waiting.extend(cls.__subclasses__())
    return found
