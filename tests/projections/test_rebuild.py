"""Blue-green: readers see whole tables, grants survive, and nobody works twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event, Thread
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.base.quantity import ZERO
from domain.base.streams import key_of
from domain.stock.events import StockReceived
from eventstore.main import Log
from eventstore.recorded import RecordedEvent
from projections.database import Rows, query
from projections.engine import Engine
from projections.errors import RebuildFailed, RebuildInProgress, Stopped
from projections.install import install
from projections.read_model import ReadModel
from projections.rebuild import Rebuilt, rebuild
from projections.rows import Tables
from projections.runner import Runner
from projections.status import status
from projections.table import Table
from projections.views import swap_views
from projections.waiting import wait_for
from tests.projections.story import received
from tests.projections.writing import append


@dataclass(slots=True)
class Total:
    """What was ever received of an item at a location."""

    place: str
    total: Decimal = ZERO
    receipts: int = 0


TOTALS: Final = Table("totals", Total, ("place",))
_TABLES: Final = (
    'CREATE TABLE {totals} (place text COLLATE "C" PRIMARY KEY, total numeric NOT NULL, '
    "receipts integer NOT NULL);"
)
_VIEW: Final = "CREATE OR REPLACE VIEW {schema}.totals AS SELECT place, total FROM {totals};"
_OTHER_VIEW: Final = (
    "CREATE OR REPLACE VIEW {schema}.totals AS SELECT receipts, total::text, place FROM {totals};"
)


def _fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    for recorded in events:
        assert isinstance(recorded.event, StockReceived)
        row = tables[TOTALS].change(key_of(recorded.stream))
        row.total += recorded.event.quantity
        row.receipts += 1


@dataclass(frozen=True)
class Inline(ReadModel):
    """A read model whose SQL stands in the test."""

    views_text: str = _VIEW

    @property
    def tables_sql(self) -> str:
        """Return the table."""
        return _TABLES

    @property
    def views_sql(self) -> str:
        """Return the view."""
        return self.views_text


FIRST: Final = Inline(
    name="totals",
    version=1,
    events=frozenset({StockReceived}),
    tables=(TOTALS,),
    views=("totals",),
    fold=_fold,
)
SECOND: Final = replace(FIRST, version=2, views_text=_OTHER_VIEW)


@pytest.fixture
def shop(bare_log: Log) -> Log:
    """Return a log with some receipts folded by the first version."""
    install(bare_log.datastore, [FIRST])
    append(bare_log, *(received("mug", at, 1) for at in "ABA"))
    Engine(bare_log.datastore, bare_log.reader, [FIRST]).catch_up()
    return bare_log


@pytest.fixture
def reader_role(shop: Log) -> Iterator[str]:
    """Return a role that may read the view."""
    role = f"bi_{uuid4().hex[:8]}"
    with query(shop.datastore) as cursor:
        cursor.execute(SQL("CREATE ROLE {}").format(Identifier(role)))
        cursor.execute(shop.datastore.sql("SELECT {schema}.grant_views_to(%s)"), [role])
        yield role
        cursor.execute(SQL("DROP OWNED BY {}").format(Identifier(role)))
        cursor.execute(SQL("DROP ROLE {}").format(Identifier(role)))


def shown(log: Log) -> dict[str, Any]:
    """Return what readers see."""
    with query(log.datastore) as cursor:
        rows = cursor.execute(
            log.datastore.sql("SELECT place, total FROM {schema}.totals ORDER BY place")
        )
        return dict(rows.fetchall())


def tables(log: Log) -> list[str]:
    """Return the tables of the read model."""
    with query(log.datastore) as cursor:
        rows = cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE 'totals%%' "
            "ORDER BY tablename",
            [log.datastore.schema],
        )
        return [name for (name,) in rows]


def tamper(log: Log, text: str) -> None:
    """Change rows behind the engine's back."""
    with query(log.datastore) as cursor:
        cursor.execute(log.datastore.sql(text))


def test_a_rebuild_mends_what_was_tampered_with(shop: Log) -> None:
    """Fresh tables take the place of the old ones, which are gone."""
    tamper(shop, "UPDATE {schema}.totals_v1 SET total = 99 WHERE place = 'mug@A'")
    rebuilt = rebuild(shop.datastore, shop.reader, FIRST)
    assert rebuilt == Rebuilt("totals", "v1_2", 3, differences=1)
    assert shown(shop) == {"mug@A": 2, "mug@B": 1}
    assert tables(shop) == ["totals_v1_2"]
    assert rebuild(shop.datastore, shop.reader, FIRST).generation == "v1"
    [found] = status(shop.datastore)
    assert (found.generation, found.state, found.position) == ("v1", "live", 3)


def test_grants_survive_a_view_that_keeps_its_columns(shop: Log, reader_role: str) -> None:
    """Replaced in place, it keeps everything."""
    rebuild(shop.datastore, shop.reader, FIRST)
    assert read_as(shop, reader_role) == [("mug@A", 2), ("mug@B", 1)]


def test_grants_survive_a_view_with_other_columns(shop: Log, reader_role: str) -> None:
    """Made anew, it is granted to whom the old one was."""
    rebuilt = rebuild(shop.datastore, shop.reader, SECOND)
    assert rebuilt == Rebuilt("totals", "v2", 3, differences=None)
    assert read_as(shop, reader_role) == [(2, "2", "mug@A"), (1, "1", "mug@B")]


def read_as(log: Log, role: str) -> list[Any]:
    """Return what a role sees; only the view, and nothing beside it."""
    with psycopg.connect(log.datastore.conninfo) as connection:
        connection.execute(SQL("SET ROLE {}").format(Identifier(role)))
        rows = connection.execute(
            log.datastore.sql("SELECT * FROM {schema}.totals ORDER BY place")
        ).fetchall()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(log.datastore.sql("SELECT * FROM {schema}.events"))
    return rows


def test_the_engine_brings_a_new_version_in(shop: Log) -> None:
    """Started with a new version, it builds it beside the old one and goes on with it."""
    stop = Event()
    engine = Engine(shop.datastore, shop.reader, [SECOND])
    thread = Thread(target=engine.run, args=(stop,))
    thread.start()
    last = append(shop, received("mug", "B", 5))
    assert wait_for(shop.datastore, last, ["totals"], timeout=10)
    stop.set()
    thread.join(10)
    assert shown(shop) == {"mug@A": "2", "mug@B": "6"}
    assert tables(shop) == ["totals_v2"]


def test_an_old_program_leaves_a_newer_version_alone(shop: Log) -> None:
    """It folds nothing into tables that it does not know."""
    rebuild(shop.datastore, shop.reader, SECOND)
    append(shop, received("mug", "B", 5))
    Engine(shop.datastore, shop.reader, [FIRST]).catch_up()
    assert shown(shop) == {"mug@A": "2", "mug@B": "1"}


def test_an_engine_that_runs_on_finds_the_new_tables(shop: Log) -> None:
    """After a rebuild by another process it folds into what readers see."""
    engine = Engine(shop.datastore, shop.reader, [FIRST])
    engine.catch_up()
    rebuild(shop.datastore, shop.reader, FIRST)
    append(shop, received("mug", "B", 5))
    engine.catch_up()
    assert shown(shop) == {"mug@A": 2, "mug@B": 6}


def test_events_that_come_meanwhile_are_not_lost(
    shop: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is built, the old tables go on; the new ones end where they stand."""
    engine = Engine(shop.datastore, shop.reader, [FIRST])
    real = Runner.take

    def take(self: Runner, batch: Any, *, after: int) -> None:
        if self.generation.label != "v1":
            append(shop, received("mug", "C", 7))
            monkeypatch.setattr(Runner, "take", real)
            engine.catch_up()
        real(self, batch, after=after)

    monkeypatch.setattr(Runner, "take", take)
    assert rebuild(shop.datastore, shop.reader, FIRST) == Rebuilt("totals", "v1_2", 4, 0)
    assert shown(shop) == {"mug@A": 2, "mug@B": 1, "mug@C": 7}


def test_only_one_rebuilds(shop: Log) -> None:
    """A second one is refused while the first runs."""
    seen: list[bool] = []

    def progress(position: int, aim: int) -> None:
        assert (position, aim) == (3, 3)
        with pytest.raises(RebuildInProgress):
            rebuild(shop.datastore, shop.reader, FIRST)
        seen.append(True)

    rebuild(shop.datastore, shop.reader, FIRST, progress=progress)
    assert seen == [True]


def test_an_interrupted_rebuild_leaves_readers_alone(shop: Log) -> None:
    """Its tables are removed by the next one."""
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        rebuild(shop.datastore, shop.reader, FIRST, stop=stop)
    assert {s.generation: s.state for s in status(shop.datastore)} == {
        "v1": "live",
        "v1_2": "building",
    }
    assert shown(shop) == {"mug@A": 2, "mug@B": 1}
    rebuild(shop.datastore, shop.reader, FIRST)
    assert tables(shop) == ["totals_v1_2"]


def test_a_reader_in_the_way_is_waited_for(shop: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long query on the view delays the swap and is not disturbed."""
    with psycopg.connect(shop.datastore.conninfo) as connection:
        text = shop.datastore.sql("SELECT count(*) FROM {schema}.totals")
        connection.execute(text)
        real = swap_views
        attempts: list[int] = []

        def swap(cursor: Rows, generation: Any) -> None:
            attempts.append(1)
            if len(attempts) == 1:
                cursor.execute("SET LOCAL lock_timeout TO '10ms'")
            else:
                connection.rollback()
            real(cursor, generation)

        monkeypatch.setattr("projections.rebuild.swap_views", swap)
        rebuild(shop.datastore, shop.reader, FIRST)
    assert len(attempts) == 2
    assert shown(shop) == {"mug@A": 2, "mug@B": 1}


def test_a_reader_that_never_ends_makes_it_give_up(
    shop: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old tables stay in use."""
    monkeypatch.setattr("projections.rebuild._ATTEMPTS", 1)
    monkeypatch.setattr("projections.rebuild._SWAP_WAIT", "SET LOCAL lock_timeout TO '10ms'")
    with psycopg.connect(shop.datastore.conninfo) as connection:
        connection.execute(shop.datastore.sql("SELECT count(*) FROM {schema}.totals"))
        with pytest.raises(RebuildFailed, match="in use all the time"):
            rebuild(shop.datastore, shop.reader, FIRST)
    assert {s.generation for s in status(shop.datastore) if s.state == "live"} == {"v1"}


def test_installing_again_changes_nothing(shop: Log) -> None:
    """It is done at every start of every process."""
    with query(shop.datastore) as cursor:
        objects = "SELECT max(oid), count(*), max(relfilenode) FROM pg_class"
        before = cursor.execute(objects).fetchall()
        install(shop.datastore, [FIRST])
        assert cursor.execute(objects).fetchall() == before
    assert shown(shop) == {"mug@A": 2, "mug@B": 1}
