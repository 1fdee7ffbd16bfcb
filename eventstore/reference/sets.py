"""Sets of reference data: kept under the hash of their content, never changed, one in use."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psycopg import Cursor
from psycopg.rows import class_row, tuple_row

from eventstore.datastore import Datastore
from eventstore.errors import UnknownReferenceData

Kind = Literal["postal_codes", "carriers", "holidays"]
Rows = Cursor[tuple[Any, ...]]

_SETS: Final = """
SELECT s.kind, s.hash, s.row_count, s.source, s.loaded_at,
       s.number = (SELECT u.set_number FROM {schema}.reference_uses AS u
                   JOIN {schema}.reference_sets AS o ON o.number = u.set_number
                   WHERE o.kind = s.kind ORDER BY u.number DESC LIMIT 1) AS in_use
FROM {schema}.reference_sets AS s ORDER BY s.kind, s.number
"""
_IN_USE: Final = """
SELECT DISTINCT ON (s.kind) s.kind, s.hash
FROM {schema}.reference_uses AS u JOIN {schema}.reference_sets AS s ON s.number = u.set_number
WHERE u.number <= %s ORDER BY s.kind, u.number DESC
"""
_KEEP: Final = """
INSERT INTO {schema}.reference_sets (number, kind, hash, row_count, source, content)
SELECT coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s FROM {schema}.reference_sets
ON CONFLICT (kind, hash) DO NOTHING RETURNING number
"""
_USE: Final = """
INSERT INTO {schema}.reference_uses (number, set_number)
SELECT coalesce((SELECT max(number) FROM {schema}.reference_uses), 0) + 1, s.number
FROM {schema}.reference_sets AS s
WHERE s.kind = %(kind)s AND s.hash = %(hash)s AND s.number IS DISTINCT FROM (
    SELECT u.set_number FROM {schema}.reference_uses AS u
    JOIN {schema}.reference_sets AS o ON o.number = u.set_number
    WHERE o.kind = %(kind)s ORDER BY u.number DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """A set as it is listed; `in_use`: of its kind, it was brought into use last."""

    kind: Kind
    hash: str
    row_count: int
    source: str
    loaded_at: datetime
    in_use: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A set to be kept; `content` is None where the rows have a table of their own."""

    kind: Kind
    hash: str
    row_count: int
    source: str
    content: bytes | None = None


def hash_of(content: bytes) -> str:
    """Return the SHA-256 that names a content."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def keeping(datastore: Datastore, draft: Draft) -> Iterator[tuple[Rows, int | None]]:
    """Keep a set and bring it into use; one transaction, one loader at a time.

    Yields a cursor, and the number of a set that is new. What was kept before is not kept
    again, only brought into use; what is in use already changes nothing.
    """
    with (
        datastore.get_connection() as connection,
        connection.transaction(),
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"reference data {datastore.schema}"],
        )
        added = cursor.execute(
            datastore.sql(_KEEP),
            [draft.kind, draft.hash, draft.row_count, draft.source, draft.content],
        ).fetchone()
        yield cursor, None if added is None else added[0]
        cursor.execute(datastore.sql(_USE), {"kind": draft.kind, "hash": draft.hash})


def all_sets(datastore: Datastore) -> list[ReferenceSet]:
    """Return every set that was loaded, by kind, the oldest first."""
    with (
        datastore.get_connection() as connection,
        connection.cursor(row_factory=class_row(ReferenceSet)) as cursor,
    ):
        return cursor.execute(datastore.sql(_SETS)).fetchall()


def hashes_in_use(datastore: Datastore, number: int) -> dict[Kind, str]:
    """Return the hash of each kind's set in use after the `number`-th change of sets."""
    return dict(select(datastore, _IN_USE, [number]))


def content_of(datastore: Datastore, kind: Kind, digest: str) -> bytes:
    """Return a set's content.

    Raises:
        UnknownReferenceData: it is not kept here.
    """
    found = select(
        datastore,
        "SELECT content FROM {schema}.reference_sets WHERE kind = %s AND hash = %s",
        [kind, digest],
    )
    if not found:
        raise UnknownReferenceData(kind, digest)
    return bytes(found[0][0])


def select(datastore: Datastore, text: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query; `{schema}` is filled."""
    with (
        datastore.get_connection() as connection,
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        return cursor.execute(datastore.sql(text), parameters).fetchall()
