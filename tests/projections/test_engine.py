"""The engine: every event once, whoever else works, whatever connection is lost."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import psycopg
import pytest

from domain.base.streams import stock_stream
from domain.subject.events import SubjectErased
from eventstore.datastore import Datastore
from eventstore.main import Log
from eventstore.reader import LogReader
from eventstore.recorded import Batch
from projections.availability.fold import READ_MODEL as AVAILABILITY
from projections.catalogue import READ_MODELS
from projections.database import query
from projections.engine import Engine
from projections.errors import Moved, Retired
from projections.generation import Generation
from projections.install import install
from projections.leader import LeaderLock
from projections.orders.fold import READ_MODEL as ORDERS
from projections.read_model import ReadModel
from projections.runner import Runner
from projections.tracking import TrackingTable
from projections.verify import verify
from projections.waiting import positions, wait_for
from tests.projections.story import received
from tests.projections.writing import append, engine

ROOT: Final = Path(__file__).parents[2]


def on_hand(log: Log) -> Decimal:
    """Return all that is on hand."""
    return one(log, "SELECT coalesce(sum(on_hand), 0) FROM {schema}.availability")  # type: ignore[no-any-return]


def one(log: Log, text: str) -> Any:
    """Return the only value of a query."""
    with query(log.datastore) as cursor:
        [(value,)] = cursor.execute(log.datastore.sql(text)).fetchall()
    return value


@contextmanager
def running(engine: Engine) -> Iterator[None]:
    """Let an engine follow its log in a thread."""
    stop = Event()
    thread = Thread(target=engine.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def terminate(log: Log, which: str) -> int:
    """Terminate the connections whose last statement is like `which`."""
    with query(log.datastore) as cursor:
        rows = cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE %s AND query LIKE %s AND pid <> pg_backend_pid()",
            [which, f"%{log.datastore.schema}%" if "LISTEN" in which else "%"],
        ).fetchall()
    return len(rows)


def test_positions_pass_events_that_nobody_uses(log: Log) -> None:
    """Every read model ends at the head, whatever the events are."""
    last = append(log, received("mug", "A", 1), ("subject:s9", SubjectErased("asked")))
    engine(log).catch_up()
    assert positions(log.datastore) == dict.fromkeys((m.name for m in READ_MODELS), last)


def test_many_small_batches_reach_the_same_as_one(log: Log) -> None:
    """The size of batches is a matter of speed alone."""
    append(log, *(received("mug", "A", n) for n in range(1, 31)))
    Engine(log.datastore, log.reader, READ_MODELS, batch=7).catch_up()
    assert on_hand(log) == sum(range(1, 31))


def test_two_engines_never_count_twice(log: Log) -> None:
    """Two that fold the same read model at once leave each event counted once."""
    engines = [Engine(log.datastore, log.reader, [AVAILABILITY], batch=5) for _ in range(2)]
    done = Event()

    def fold(engine: Engine) -> None:
        while not done.is_set():
            engine.step()
        engine.catch_up()

    threads = [Thread(target=fold, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for n in range(40):
        append(log, *(received("mug", f"L{place}", 1) for place in range(n % 5 + 1)))
    done.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert on_hand(log) == log.reader.head() == 120


_FOLDING: Final = """
import sys, time
from eventstore.main import open_log
from projections.catalogue import READ_MODELS
from projections.engine import Engine
from tests.support.partitions import place, settings_for_tests

with open_log(place(sys.argv[1], sys.argv[2]), settings_for_tests()) as log:
    engine = Engine(log.datastore, log.reader, READ_MODELS, batch=7)
    while log.reader.head() < int(sys.argv[3]) or engine.step():
        engine.step()
"""


@pytest.mark.long
def test_two_processes_never_count_twice(log: Log) -> None:
    """As with threads: without any leader, each event counts once in every read model."""
    events = 2000
    command = [sys.executable, "-c", _FOLDING, log.datastore.conninfo, log.datastore.schema]
    processes = [subprocess.Popen([*command, str(events)], cwd=ROOT) for _ in range(2)]
    for n in range(events // 10):
        append(log, *(received("mug", f"L{(n + place) % 7}", 1) for place in range(10)))
    assert [process.wait(60) for process in processes] == [0, 0]
    engine(log).catch_up()
    assert on_hand(log) == events
    assert all(found.clean for found in verify(log.datastore, log.reader, READ_MODELS))


def test_a_stale_engine_is_told_and_changes_nothing(log: Log) -> None:
    """What another engine has folded is not folded again."""
    last = append(log, received("mug", "A", 5))
    engine(log).catch_up()
    late = Runner(log.datastore, Generation(AVAILABILITY, log.datastore.schema, "v2"))
    with pytest.raises(Moved, match=f"is at {last}, not at 0"):
        late.take(log.reader.read(0, 10, AVAILABILITY.types), after=0)
    assert on_hand(log) == 5
    assert positions(log.datastore)["availability"] == last


def test_tables_that_nobody_sees_are_not_folded_into(log: Log) -> None:
    """An engine that missed a swap is told that its tables are gone."""
    gone = Runner(log.datastore, Generation(AVAILABILITY, log.datastore.schema, "v1"))
    with pytest.raises(Retired):
        gone.take(Batch([], 1), after=0)


def test_a_position_that_moves_under_the_hand_rolls_back(log: Log) -> None:
    """The end of a batch asks again for the position that it began at."""
    tracking = TrackingTable(log.datastore.schema)
    with query(log.datastore) as cursor, cursor.connection.transaction(force_rollback=True):
        row = tracking.lock_at(cursor, "orders", f"v{ORDERS.version}", expected=0)
        tracking.advance(cursor, row, to=5, changed=5)
        with pytest.raises(Moved):
            tracking.advance(cursor, row, to=9, changed=9)


def test_an_engine_follows_new_events(log: Log) -> None:
    """What is appended is soon shown, by polling alone as there is no writer to hint."""
    with running(engine(log)):
        last = append(log, received("mug", "A", 3))
        assert wait_for(log.datastore, last, ["availability", "orders"], timeout=5)
    assert on_hand(log) == 3


def test_a_dead_listener_and_a_lost_lead_are_survived(log: Log) -> None:
    """Both connections may die: the engine polls, takes the lead again and goes on."""
    with running(engine(log, [AVAILABILITY])):
        assert wait_for(
            log.datastore, append(log, received("mug", "A", 1)), ["availability"], timeout=5
        )
        assert terminate(log, "LISTEN%") == 1
        assert wait_for(
            log.datastore, append(log, received("mug", "A", 1)), ["availability"], timeout=5
        )
        assert terminate(log, "%pg_try_advisory_lock%") + terminate(log, "SELECT 1") >= 1
        assert wait_for(
            log.datastore, append(log, received("mug", "A", 1)), ["availability"], timeout=5
        )
    assert on_hand(log) == 3


def test_a_lost_connection_of_the_reader_alone_is_survived(log: Log) -> None:
    """The reader's pool says it in the library's words; the engine reads on."""
    own = Datastore(log.datastore.conninfo, log.datastore.schema, pool_size=1, max_pool_size=1)
    reader = LogReader(own, log.mapper, log.reader._keyring)
    with running(Engine(log.datastore, reader, [AVAILABILITY])):
        first = append(log, received("mug", "A", 1))
        assert wait_for(log.datastore, first, ["availability"], timeout=5)
        with own.get_connection() as pooled:
            pid = pooled.info.backend_pid
        with query(log.datastore) as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        last = append(log, received("mug", "A", 1))
        assert wait_for(log.datastore, last, ["availability"], timeout=5)
    own.close()
    assert on_hand(log) == 2


def test_read_models_are_made_again_after_a_first_try_that_broke_off(
    bare_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database lost during the first install does not leave an engine that never installs."""
    tries: list[str] = []
    installed = Event()

    def breaks_once(datastore: Datastore, models: Iterable[ReadModel]) -> None:
        tries.append("install")
        if len(tries) == 1:
            raise psycopg.OperationalError("server closed the connection")
        install(datastore, models)
        installed.set()

    monkeypatch.setattr("projections.engine.install", breaks_once)
    last = append(bare_log, received("mug", "A", 1))
    with running(engine(bare_log, [AVAILABILITY])):
        assert installed.wait(10)
        assert wait_for(bare_log.datastore, last, ["availability"], timeout=5)
    assert tries == ["install", "install"]


def test_only_one_leads_and_losing_the_connection_loses_the_lead(log: Log) -> None:
    """The lock hangs on a connection of its own."""
    first, second = LeaderLock(log.datastore), LeaderLock(log.datastore)
    assert first.held()
    assert not second.held()
    terminate(log, "%pg_try_advisory_lock%")
    first._looked = 0.0
    assert not first.held()
    assert second.held()
    second.close()


def test_a_waiting_engine_leaves_the_work_to_the_leader(log: Log) -> None:
    """Standing by, it folds nothing; it takes over when the lead is given back."""
    leader = LeaderLock(log.datastore)
    assert leader.held()
    with running(engine(log, [ORDERS])):
        last = append(log, received("mug", "A", 1))
        assert not wait_for(log.datastore, last, ["orders"], timeout=0.2)
        leader.close()
        assert wait_for(log.datastore, last, ["orders"], timeout=5)


def test_a_database_away_at_the_start_is_waited_for(log: Log) -> None:
    """An engine that cannot connect goes on trying until it is stopped."""
    away = type(log.datastore)("host=127.0.0.1 port=1 dbname=none", "nowhere", connect_timeout=2)
    stop = Event()
    thread = Thread(target=Engine(away, log.reader, READ_MODELS).run, args=(stop,))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    away.close()


def test_rows_of_other_streams_are_untouched(log: Log) -> None:
    """A batch writes the rows that its events touch and no others."""
    append(log, received("mug", "A", 1), received("mug", "B", 1))
    engine(log).catch_up()
    before = one(log, "SELECT xmin::text FROM {schema}.availability_v2 WHERE location_id = 'B'")
    append(log, received("mug", "A", 1))
    engine(log).catch_up()
    after = one(log, "SELECT xmin::text FROM {schema}.availability_v2 WHERE location_id = 'B'")
    assert before == after
    assert stock_stream("mug", "A") == "stock:mug@A"
