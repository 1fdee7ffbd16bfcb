"""Transactions of the read models on a partition's pool."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import Cursor
from psycopg.rows import tuple_row

from eventstore.datastore import Datastore

Rows = Cursor[tuple[Any, ...]]
"""A cursor whose rows are tuples."""

LOST: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database is away, restarting or too slow: try again later."""


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
