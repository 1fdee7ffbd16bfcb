"""Reading one's own writes: waiting is bounded, shared, and starves nobody."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Timer

import pytest

from eventstore.main import Log
from projections.waiting import PositionWatch, wait_for
from tests.projections.story import received
from tests.projections.writing import append, engine

MODELS = ("availability", "orders")


@pytest.fixture
def watch(log: Log) -> Iterator[PositionWatch]:
    """Return a watch on the log."""
    with closing(PositionWatch(log.datastore)) as watch:
        yield watch


def test_what_is_reached_is_not_waited_for(log: Log) -> None:
    """Position 0 is always reached."""
    assert wait_for(log.datastore, 0, MODELS, timeout=0)
    assert not wait_for(log.datastore, 1, MODELS, timeout=0)


def test_waiting_ends_when_all_are_there(log: Log) -> None:
    """It returns soon after the last one has taken the position in."""
    last = append(log, received("mug", "A", 1))
    later = Timer(0.1, engine(log).catch_up)
    later.start()
    assert wait_for(log.datastore, last, MODELS, timeout=5)
    later.join()


def test_waiting_is_bounded(log: Log) -> None:
    """It says that the position was not reached in time."""
    began = time.monotonic()
    assert not wait_for(log.datastore, 99, MODELS, timeout=0.1)
    assert 0.1 <= time.monotonic() - began < 1


def test_many_wait_with_few_looks(
    log: Log, watch: PositionWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred waiters share one look per interval, and the event loop goes on meanwhile."""
    looks: list[float] = []
    real = log.datastore.pool.connection

    def counted(timeout: float | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202
        looks.append(time.monotonic())
        return real(timeout)

    monkeypatch.setattr(log.datastore.pool, "connection", counted)

    async def scenario() -> tuple[list[bool], int]:
        ticks = 0
        waiting = asyncio.gather(
            *(watch.wait_for(99, MODELS, timeout=0.3) for _ in range(100)),
        )
        while not waiting.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return await waiting, ticks

    found, ticks = asyncio.run(scenario())
    assert found == [False] * 100
    assert 2 <= len(looks) <= 16
    assert ticks >= 10


def test_an_async_waiter_sees_what_is_folded(log: Log, watch: PositionWatch) -> None:
    """It returns true once the position is taken in."""
    last = append(log, received("mug", "A", 1))

    async def scenario() -> bool:
        waiting = asyncio.create_task(watch.wait_for(last, MODELS, timeout=5))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await asyncio.to_thread(engine(log).catch_up)
        return await waiting

    assert asyncio.run(scenario())
