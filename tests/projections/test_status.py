"""What keeps read models from being right is said in words."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eventstore.main import Log
from projections.availability.fold import READ_MODEL as AVAILABILITY
from projections.catalogue import READ_MODELS
from projections.database import query
from projections.orders.fold import READ_MODEL as ORDERS
from projections.status import faults
from tests.projections.story import received
from tests.projections.writing import append


@pytest.fixture
def tampered(log: Log) -> Iterator[Log]:
    """Return a log whose tracking rows of availability and orders are put right afterwards."""
    yield log
    run(log, "UPDATE {schema}.read_models SET state = 'live'")


def run(log: Log, text: str) -> None:
    """Run a statement."""
    with query(log.datastore) as cursor:
        cursor.execute(log.datastore.sql(text))


def test_all_well_is_no_word(log: Log) -> None:
    """Being behind is no fault."""
    append(log, received("mug", "A", 1))
    assert faults(log.datastore, READ_MODELS) == []


def test_parked_missing_and_of_another_version_are_told(tampered: Log) -> None:
    """Each is told with its name, in the order asked."""
    run(tampered, "UPDATE {schema}.read_models SET parked = 3 WHERE name = 'items'")
    run(tampered, "UPDATE {schema}.read_models SET state = 'retired' WHERE name = 'orders'")
    models = [
        replace(model, version=99) if model is AVAILABILITY else model for model in READ_MODELS
    ]
    assert faults(tampered.datastore, models) == [
        f"availability: its live tables are of version {AVAILABILITY.version}, wanted is 99",
        "items: 3 events are parked",
        "orders: missing: it has no live tables",
    ]


def test_where_none_was_made_all_are_missing(bare_log: Log) -> None:
    """A partition that no engine has seen has no tracking table."""
    assert faults(bare_log.datastore, [ORDERS]) == ["orders: missing: it has no live tables"]
