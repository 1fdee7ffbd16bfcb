"""Verifying finds what is not as the log says, and leaves nothing behind."""

from dataclasses import replace

import pytest

from eventstore.main import Log
from projections.catalogue import READ_MODELS, read_model
from projections.database import query
from projections.errors import UnknownReadModel
from projections.status import status
from projections.verified import Verified
from projections.verify import verify
from tests.projections.histories import Drawer
from tests.projections.story import received
from tests.projections.test_figures import STORY
from tests.projections.writing import append, engine


@pytest.fixture
def shop(log: Log) -> Log:
    """Return a log with every type of event, folded."""
    drawn = Drawer(11).history(150)
    append(log, *STORY, *((recorded.stream, recorded.event) for recorded in drawn))
    engine(log).catch_up()
    return log


def check(log: Log, sample: int | None = None) -> dict[str, Verified]:
    """Verify all read models."""
    return {v.name: v for v in verify(log.datastore, log.reader, READ_MODELS, sample=sample)}


def run(log: Log, text: str) -> int:
    """Run a statement and return how many rows it touched."""
    with query(log.datastore) as cursor:
        return cursor.execute(log.datastore.sql(text)).rowcount


def test_untouched_read_models_are_clean(shop: Log) -> None:
    """Every row of every model is what a fold from zero gives."""
    found = check(shop)
    assert list(found) == [model.name for model in READ_MODELS]
    assert all(v.clean and v.rows > 0 and v.lag_events == 0 for v in found.values()), found
    head = shop.reader.head()
    assert {v.position for v in found.values()} == {head}
    for model in READ_MODELS:
        one = found[model.name]
        assert (one.sampled, one.generation) == (False, f"v{model.version}")
        assert one.version == model.version


@pytest.mark.parametrize(
    ("name", "text", "example"),
    [
        (
            "availability",
            "UPDATE {schema}.availability_v2 SET damaged = 9 WHERE item_id || location_id = 'i1L1'",
            "availability: i1 L1",
        ),
        (
            "orders",
            "DELETE FROM {schema}.orders_v3 WHERE external_id = '1001'",
            "orders: order:web:1001",
        ),
        (
            "items",
            "INSERT INTO {schema}.item_skus_v1 (sku_key, sku, item_id) VALUES ('zz', 'ZZ', 'i1')",
            "item_skus: zz",
        ),
        (
            "order_status",
            "UPDATE {schema}.order_status_v2 SET lines = '[]' WHERE external_id = '1001'",
            "order_status: order:web:1001",
        ),
        (
            "routing_facts",
            "UPDATE {schema}.routing_facts_v2 SET free[1] = free[1] + 1 WHERE item_id = 'i1'",
            "routing_facts: i1",
        ),
        (
            "backlog",
            "UPDATE {schema}.backlog_v2 SET open_fulfilments = 77 WHERE location_id = 'A'",
            "backlog: A",
        ),
    ],
)
def test_a_tampered_row_is_found(shop: Log, name: str, text: str, example: str) -> None:
    """A row changed, removed or added is one difference, and is named."""
    assert run(shop, text) == 1
    found = check(shop)
    assert (found[name].differences, found[name].examples) == (1, (example,))
    assert not found[name].clean
    assert all(v.clean for other, v in found.items() if other != name)


def test_a_sample_of_untouched_rows_is_clean(shop: Log) -> None:
    """Only the streams of drawn rows are folded; tables without streams are left out."""
    found = check(shop, sample=3)
    assert all(v.clean and v.sampled for v in found.values()), found
    assert found["channels"].rows == 2
    assert 3 <= found["orders"].rows <= 6


def test_a_sample_finds_a_tampered_row_that_it_draws(shop: Log) -> None:
    """With every row drawn, none escapes."""
    run(shop, "UPDATE {schema}.availability_v2 SET on_hand = on_hand + 1 WHERE item_id = 'i1'")
    found = check(shop, sample=1000)
    assert found["availability"].differences == 3
    assert not found["availability"].clean


def test_a_sample_finds_rows_that_are_missing(shop: Log) -> None:
    """Streams are drawn from the log too, since a row that is not there cannot be drawn."""
    assert run(shop, "DELETE FROM {schema}.orders_v3 WHERE external_id = '1001'") == 1
    assert run(shop, "DELETE FROM {schema}.availability_v2 WHERE item_id = 'i1'") == 3
    assert run(shop, "DELETE FROM {schema}.routing_facts_v2 WHERE item_id = 'i2'") == 1
    found = check(shop, sample=1000)
    assert found["orders"].differences == 1
    assert found["orders"].examples == ("orders: order:web:1001",)
    assert found["availability"].differences == 3
    assert found["routing_facts"].differences == 1
    assert {name for name, v in found.items() if not v.clean} == {
        "orders",
        "availability",
        "routing_facts",
    }


def test_what_cannot_be_compared_is_not_clean(shop: Log) -> None:
    """A model without live tables, or with those of another version, is told and not left out."""
    newer = replace(read_model("orders"), version=7)
    never = replace(read_model("items"), name="never_made")
    found = verify(shop.datastore, shop.reader, [newer, never, read_model("channels")])
    assert [(v.name, v.clean, v.fault) for v in found] == [
        ("orders", False, "its live tables are of version 3, wanted is 7"),
        ("never_made", False, "missing: it has no live tables"),
        ("channels", True, ""),
    ]


def test_a_sample_leaves_very_long_streams_out(shop: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folding them would take long; the whole verification does it."""
    monkeypatch.setattr("projections.sampling._LONGEST", 1)
    assert {v.rows for v in check(shop, sample=1000).values()} == {0}


def test_it_leaves_nothing_behind(shop: Log) -> None:
    """No table, no change of any row."""
    before = tables(shop)
    check(shop)
    check(shop, sample=5)
    assert tables(shop) == before


def tables(log: Log) -> list[tuple[str, str]]:
    """Return every table and its newest row's transaction."""
    with query(log.datastore) as cursor:
        return cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname = %s OR schemaname LIKE 'pg_temp%%' ORDER BY 1, 2",
            [log.datastore.schema],
        ).fetchall()


def test_it_stops_where_the_read_model_stands(shop: Log) -> None:
    """Events that are not folded yet are lag and no difference."""
    append(shop, received("mug", "A", 1), received("mug", "A", 1))
    found = check(shop)
    assert all(v.clean and v.lag_events == 2 and v.lag_seconds >= 0 for v in found.values())


def test_status_tells_the_lag_in_events_and_seconds(shop: Log) -> None:
    """The age is that of the oldest event that is not folded."""
    assert {(s.lag_events, s.lag_seconds) for s in status(shop.datastore)} == {(0, 0.0)}
    append(shop, received("mug", "A", 1), received("mug", "A", 1))
    found = status(shop.datastore)
    assert {s.lag_events for s in found} == {2}
    assert all(0 < s.lag_seconds < 60 for s in found)
    assert all(s.ready and s.head == s.position + 2 for s in found)


def test_an_unknown_read_model_is_named() -> None:
    """The message says which there are."""
    with pytest.raises(UnknownReadModel, match="'ordres'; there are availability, "):
        read_model("ordres")
