"""The leader lock of a partition's engine: it only saves work, correctness does not need it."""

import time
from typing import Any, Final

import psycopg
import structlog
from psycopg import Connection

from eventstore.datastore import Datastore

_LOOK_EVERY: Final = 1.0

log = structlog.get_logger(__name__)


class LeaderLock:
    """An advisory lock held by a connection of its own; losing the connection loses the lock."""

    def __init__(self, datastore: Datastore) -> None:
        """Hold nothing yet."""
        self._datastore = datastore
        self._connection: Connection[Any] | None = None
        self._looked = 0.0

    def held(self) -> bool:
        """Say whether the lock is held, taking it if it is free; looks once a second."""
        if self._connection is None:
            return self._take()
        if time.monotonic() - self._looked < _LOOK_EVERY:
            return True
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error as error:
            log.warning("leader lock lost", schema=self._datastore.schema, error=str(error))
            self.close()
            return False
        self._looked = time.monotonic()
        return True

    def close(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take(self) -> bool:
        connection = self._datastore.connect()
        row = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))",
            [f"read models engine {self._datastore.schema}"],
        ).fetchone()
        if row is None or not row[0]:
            connection.close()
            return False
        self._connection = connection
        self._looked = time.monotonic()
        log.info("leads", schema=self._datastore.schema)
        return True
