"""Read your writes: waiting, bounded, until read models have taken in a position."""

import asyncio
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from eventstore.datastore import Datastore
from projections.database import query

INTERVAL: Final = 0.02
"""Seconds between two looks at the positions."""


def positions(datastore: Datastore) -> Mapping[str, int]:
    """Return the position of every read model's live tables, by name."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql("SELECT name, position FROM {schema}.read_models WHERE state = 'live'")
        ).fetchall()
    return dict(rows)


def wait_for(
    datastore: Datastore, position: int, names: Collection[str], *, timeout: float
) -> bool:
    """Wait at most `timeout` seconds until these read models are at `position` or later."""
    deadline = time.monotonic() + timeout
    while not _reached(positions(datastore), position, names):
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(INTERVAL, left))
    return True


class PositionWatch:
    """Waits for many requests at once with one look at the positions per interval.

    The looks run in one thread of its own, so that waiting takes neither the event loop's
    time nor the threads that do the work. For one event loop.
    """

    def __init__(self, datastore: Datastore, *, interval: float = INTERVAL) -> None:
        """Watch one partition; `close` ends its thread."""
        self._datastore = datastore
        self._interval = interval
        self._executor = ThreadPoolExecutor(1, f"positions {datastore.schema}")
        self._look: asyncio.Task[Mapping[str, int]] | None = None

    async def wait_for(self, position: int, names: Collection[str], *, timeout: float) -> bool:  # noqa: ASYNC109 - the answer is False, not an exception
        """Wait at most `timeout` seconds until these read models are at `position` or later."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            try:
                found = await asyncio.wait_for(asyncio.shield(self._latest()), left)
            except TimeoutError:
                return False
            if _reached(found, position, names):
                return True

    def close(self) -> None:
        """End the thread."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _latest(self) -> asyncio.Task[Mapping[str, int]]:
        """Return the look that is under way, or begin one."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_again())
            # Those who wait see what went wrong; if nobody waits any more, nobody needs to.
            self._look.add_done_callback(lambda look: look.cancelled() or look.exception())
        return self._look

    async def _look_again(self) -> Mapping[str, int]:
        started = self._look is not None
        if started:
            await asyncio.sleep(self._interval)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, positions, self._datastore)


def _reached(found: Mapping[str, int], position: int, names: Collection[str]) -> bool:
    return all(found.get(name, 0) >= position for name in names)
