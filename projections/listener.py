"""Waiting for new events: a hint wakes at once, a poll where no hint comes."""

import time
from threading import Event
from typing import Any, Final

import psycopg
import structlog
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from eventstore.writer.hints import channel_of

_TRY_AGAIN_AFTER: Final = 1.0

log = structlog.get_logger(__name__)


class Listener:
    """Waits on a connection of its own; without the connection it only waits shorter."""

    def __init__(self, datastore: Datastore) -> None:
        """Connect at the first wait."""
        self._datastore = datastore
        self._connection: Connection[Any] | None = None
        self._next_try = 0.0

    def wait(self, stop: Event, seconds: float) -> None:
        """Return after a hint, or after `seconds` at the latest."""
        connection = self._connected()
        if connection is None:
            stop.wait(seconds)
            return
        try:
            for _ in connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error as error:
            log.info("listener lost, polling", schema=self._datastore.schema, error=str(error))
            self.close()
            stop.wait(seconds)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._next_try = time.monotonic() + _TRY_AGAIN_AFTER

    def _connected(self) -> Connection[Any] | None:
        if self._connection is None and time.monotonic() >= self._next_try:
            try:
                connection = self._datastore.connect()
                connection.execute(
                    SQL("LISTEN {}").format(Identifier(channel_of(self._datastore.schema)))
                )
            except psycopg.Error as error:
                log.info("no listener, polling", schema=self._datastore.schema, error=str(error))
                self.close()
            else:
                self._connection = connection
        return self._connection
