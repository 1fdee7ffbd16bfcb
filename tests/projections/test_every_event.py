"""Whatever is recorded folds into every read model and casts to jsonb."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalogue import EVENT_TYPES, EventType
from eventstore.main import Log
from projections.catalogue import READ_MODELS
from projections.database import transaction
from projections.folding import fold_into
from projections.generation import SCRATCH, Generation
from tests.projections.histories import Drawer
from tests.projections.writing import append, engine

USED = frozenset().union(*(model.types for model in READ_MODELS))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_every_event_folds_into_every_read_model(quiet_log: Log, seed: int) -> None:
    """In any order, on empty tables and on filled ones, used by the read model or not."""
    drawer = Drawer(seed)
    history = [drawer.event(n, entry.cls) for n, entry in enumerate(EVENT_TYPES * 2, start=1)]
    drawer.shuffle(history)
    with transaction(quiet_log.datastore) as cursor:
        for model in READ_MODELS:
            generation = Generation(model, SCRATCH, "any")
            generation.create(cursor)
            for event in history:
                if event.type in model.types:
                    fold_into(cursor, generation, [event])
            generation.drop(cursor)


def test_every_event_is_stored_as_jsonb_and_folds_from_the_log(log: Log) -> None:
    """Written, read back, cast and folded: nothing is parked."""
    drawer = Drawer(5)
    drawn = [drawer.event(n, entry.cls) for n, entry in enumerate(EVENT_TYPES * 3, start=1)]
    append(log, *((recorded.stream, recorded.event) for recorded in drawn))
    engine(log).catch_up()
    with transaction(log.datastore) as cursor:
        rows = cursor.execute(
            log.datastore.sql(
                "SELECT type, count(*) FILTER (WHERE jsonb_typeof(payload) = 'object') "
                "FROM {schema}.log GROUP BY type"
            )
        ).fetchall()
        parked = cursor.execute(
            log.datastore.sql("SELECT name, type, error FROM {schema}.parked_events")
        ).fetchall()
        head = log.reader.head()
        behind = cursor.execute(
            log.datastore.sql("SELECT name FROM {schema}.read_models WHERE position <> %s"), [head]
        ).fetchall()
    assert dict(rows) == {entry.name: 3 for entry in EVENT_TYPES}
    assert parked == []
    assert behind == []


@pytest.mark.parametrize("entry", EVENT_TYPES, ids=lambda entry: entry.name)
def test_the_type_is_named_like_its_class(entry: EventType) -> None:
    """Read models choose events by class; the log knows them by name."""
    assert entry.name == entry.cls.__name__


def test_no_event_is_forgotten() -> None:
    """Every type is used by some read model, but for a count that changed nothing."""
    assert {entry.name for entry in EVENT_TYPES} - USED == {"StockCountIgnored"}
