"""Transactions of the read models on a partition's pool."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import Cursor
from psycopg.rows import class_row, tuple_row

from eventstore.datastore import Datastore

R = TypeVar("R")
Rows = Cursor[tuple[Any, ...]]
"""A cursor whose rows are tuples."""


@contextmanager
def transaction(datastore: Datastore, *, durable: bool = True) -> Iterator[Rows]:
    """Yield a cursor in a transaction; not `durable`: a crash may lose it as a whole."""
    datastore.pool.open()
    with (
        datastore.pool.connection() as connection,
        connection.transaction(),
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        if not durable:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        yield cursor


@contextmanager
def query(datastore: Datastore) -> Iterator[Rows]:
    """Yield a cursor for single statements."""
    datastore.pool.open()
    with (
        datastore.pool.connection() as connection,
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        yield cursor


def fetch(
    datastore: Datastore, row: type[R], text: str, parameters: Sequence[Any] | Mapping[str, Any]
) -> list[R]:
    """Return the rows of a query on views as objects, columns by name; `{schema}` is filled."""
    datastore.pool.open()
    with (
        datastore.pool.connection() as connection,
        connection.cursor(row_factory=class_row(row)) as cursor,
    ):
        return cursor.execute(datastore.sql(text), parameters).fetchall()
