"""Hints to readers that something was appended: NOTIFY after commit, on a connection of its own.

A NOTIFY inside the append would put commits in line behind one another. Readers poll; a lost
hint costs them milliseconds.
"""

from threading import Event, Thread
from typing import Any, Final

import psycopg
import structlog
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from eventstore.errors import describe

_AT_MOST_EVERY: Final = 0.02
log = structlog.get_logger(__name__)


def channel_of(schema: str) -> str:
    """Return the LISTEN channel of a partition's schema."""
    return f"taktstock_{schema}"


class Hints:
    """Sends at most one hint every 20 ms, and never makes an append wait."""

    def __init__(self, datastore: Datastore) -> None:
        """Prepare; `start` begins to send."""
        self._datastore = datastore
        self._statement = SQL("NOTIFY {}").format(Identifier(channel_of(datastore.schema)))
        self._wanted = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"hints {datastore.schema}", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def send(self) -> None:
        """Ask for a hint soon; returns at once."""
        self._wanted.set()

    def stop(self) -> None:
        """Stop sending."""
        self._stopping.set()
        self._wanted.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        connection: Connection[Any] | None = None
        while self._wanted.wait() and not self._stopping.is_set():
            self._wanted.clear()
            try:
                if connection is None or connection.closed:
                    connection = self._datastore.connect()
                self._notify(connection)
            except psycopg.Error as error:
                log.info("hint not sent", **describe(error))
                connection = None
            self._stopping.wait(_AT_MOST_EVERY)
        if connection is not None:
            connection.close()

    def _notify(self, connection: Connection[Any]) -> None:
        with connection.transaction():
            connection.execute("SET LOCAL synchronous_commit = off")
            connection.execute(self._statement)
