"""Leading: one process at a time, another one as soon as the first has lost its connection."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event, Thread

import psycopg
import pytest

from eventstore.datastore import Datastore
from scheduler import leader
from scheduler.leader import lead
from scheduler.locks import HeldLock, only_here


class Candidate:
    """A process that would lead, as a thread; says whether it leads."""

    def __init__(self, datastore: Datastore) -> None:
        """Begin at once."""
        self.leads = Event()
        self.stepped_down = Event()
        self._stop = Event()
        self._thread = Thread(
            target=lead, args=(datastore, self._office, self._stop), kwargs={"partition": "main"}
        )
        self._thread.start()

    def leave(self) -> None:
        """Stop and wait until it has stopped."""
        self._stop.set()
        self._thread.join()

    @contextmanager
    def _office(self) -> Iterator[None]:
        self.stepped_down.clear()
        self.leads.set()
        yield
        self.leads.clear()
        self.stepped_down.set()


@contextmanager
def candidates(datastore: Datastore, number: int) -> Iterator[list[Candidate]]:
    """Yield so many candidates; stop them afterwards."""
    all_ = [Candidate(datastore) for _ in range(number)]
    try:
        yield all_
    finally:
        for one in all_:
            one.leave()


def leader_of(all_: list[Candidate], *, within: float = 5.0) -> Candidate:
    """Return the only one that leads."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        leading = [one for one in all_ if one.leads.is_set()]
        if leading:
            assert len(leading) == 1
            return leading[0]
        time.sleep(0.01)
    raise AssertionError("nobody leads")


def cut(conninfo: str, schema: str) -> int:
    """End the connection that holds the scheduler's lock of a schema; return how many."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks AS l, "
            "(SELECT hashtextextended(%s, 0) AS key) AS k WHERE l.locktype = 'advisory' "
            "AND l.granted AND ((l.classid::bigint << 32) | l.objid::bigint) = k.key",
            [f"scheduler {schema}"],
        ).fetchone()
    return int(row[0]) if row else 0


@pytest.fixture
def datastore(postgres: str, schema: str) -> Datastore:
    """Return where an empty schema is."""
    return Datastore(postgres, schema)


def test_another_takes_over_when_the_leaders_connection_is_cut(
    datastore: Datastore, postgres: str, schema: str
) -> None:
    """Of two, one leads; its connection cut, it steps down at once and the other leads in 2 s."""
    with candidates(datastore, 2) as both:
        first = leader_of(both)
        began = time.monotonic()
        assert cut(postgres, schema) == 1
        assert first.stepped_down.wait(0.4)
        assert leader_of(both) is not first
        assert time.monotonic() - began < 2


def test_leaving_hands_over(datastore: Datastore, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the leader stops, its office has ended before the other one's begins."""
    monkeypatch.setattr(leader, "RETRY", 0.05)
    with candidates(datastore, 2) as both:
        first = leader_of(both)
        other = next(one for one in both if one is not first)
        first.leave()
        assert first.stepped_down.is_set()
        assert other.leads.wait(2)


def test_partitions_have_leaders_of_their_own(datastore: Datastore, postgres: str) -> None:
    """A lock of one schema says nothing about another schema."""
    elsewhere = Datastore(postgres, "elsewhere")
    with HeldLock(datastore, "x") as here, HeldLock(elsewhere, "x") as there:
        assert here.take()
        assert there.take()


def test_a_lock_is_held_once(datastore: Datastore) -> None:
    """While a lock is held nobody else gets it; released, the next one does."""
    with HeldLock(datastore, "x") as held, HeldLock(datastore, "x") as other:
        assert held.take()
        assert not other.take()
        held.release()
        assert other.take()
    with only_here(datastore, "x") as alone, only_here(datastore, "x") as again:
        assert (alone, again) == (True, False)


def test_an_office_that_breaks_ends_the_leading(datastore: Datastore) -> None:
    """An error that is not about reaching the database is raised, and the lock is free again."""

    def broken() -> AbstractContextManager[None]:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        lead(datastore, broken, Event(), partition="main")
    with only_here(datastore, "scheduler") as free:
        assert free


def test_a_database_that_is_away_is_waited_for(schema: str) -> None:
    """Without a database nobody leads, nothing is raised, and stopping works."""
    away = Datastore("host=127.0.0.1 port=1 dbname=none user=none", schema)
    stop = Event()
    thread = Thread(target=lead, args=(away, nullcontext, stop), kwargs={"partition": "main"})
    thread.start()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
