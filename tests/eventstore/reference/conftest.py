"""A migrated partition for tests of reference data."""

from collections.abc import Iterator

import pytest

from eventstore.datastore import Datastore
from eventstore.main import open_log
from eventstore.migrate import migrate
from tests.support.partitions import place, settings_for_tests


@pytest.fixture
def datastore(postgres: str, schema: str) -> Iterator[Datastore]:
    """Return the datastore of an empty partition."""
    with open_log(place(postgres, schema), settings_for_tests()) as log:
        migrate(log.datastore)
        yield log.datastore
