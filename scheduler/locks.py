"""Advisory locks, each held by a connection of its own: what ends the connection frees the lock."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Self

from psycopg import Connection

from eventstore.datastore import Datastore
from eventstore.errors import AWAY

_NOTICE_AFTER_MS: Final = 3000
"""How long the holder's machine waits for a server that vanished without a word."""

_SERVER_NOTICES_LATER: Final = (
    "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3"
)
"""The server frees the lock of a machine that vanished after 6 s: once its holder has stopped."""


class HeldLock:
    """A lock by name; whoever has it keeps it until it is released or its connection ends."""

    def __init__(self, datastore: Datastore, name: str) -> None:
        """Hold nothing yet; the same name in another schema is another lock."""
        self._datastore = datastore
        self._key = f"{name} {datastore.schema}"
        self._connection: Connection[Any] | None = None

    def take(self) -> bool:
        """Take the lock if it is free; say whether it is held now.

        Raises:
            psycopg.OperationalError: the database does not answer.
        """
        if self._connection is None:
            self._connection = Connection.connect(
                self._datastore.conninfo, autocommit=True, tcp_user_timeout=_NOTICE_AFTER_MS
            )
            self._connection.execute(_SERVER_NOTICES_LATER)
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [self._key]
        ).fetchone()
        return row is not None and bool(row[0])

    def kept_for(self, seconds: float) -> bool:
        """Wait so long, less where the connection ends meanwhile; say whether it is still held."""
        if self._connection is None:
            return False
        try:
            for _ in self._connection.notifies(timeout=seconds):
                pass
            self._connection.execute("SELECT")
        except AWAY:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give the lock back; it is free when this returns."""
        if self._connection is None:
            return
        # Closing alone frees it only once the server has noticed; of a lost one it has to notice.
        with suppress(*AWAY), self._connection:
            self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


@contextmanager
def only_here(datastore: Datastore, name: str) -> Iterator[bool]:
    """Yield whether this is the only place where `name` is done in this partition now."""
    with HeldLock(datastore, name) as lock:
        yield lock.take()
