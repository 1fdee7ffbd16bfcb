"""A log with installed read models, and a way to write any event into it."""

from collections.abc import Iterator

import pytest

from eventstore.main import Log, open_log
from eventstore.migrate import migrate
from projections.catalogue import READ_MODELS
from projections.install import install
from tests.support.partitions import place, settings_for_tests
from tests.support.postgres import fresh_schema


@pytest.fixture(scope="module")
def quiet_log(postgres: str) -> Iterator[Log]:
    """Return a log with read models for the tests of a module that roll everything back."""
    with (
        fresh_schema(postgres) as schema,
        open_log(place(postgres, schema), settings_for_tests()) as opened,
    ):
        migrate(opened.datastore)
        install(opened.datastore, READ_MODELS)
        yield opened


@pytest.fixture
def log(postgres: str, schema: str) -> Iterator[Log]:
    """Return an empty log with empty read models."""
    with open_log(place(postgres, schema), settings_for_tests()) as opened:
        migrate(opened.datastore)
        install(opened.datastore, READ_MODELS)
        yield opened
