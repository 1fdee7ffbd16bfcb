"""A shop for each test module: starting a server for each single test would take too long."""

from collections.abc import Iterator

import pytest

from tests.api.shop import Shop, open_shop
from tests.support.postgres import fresh_schema


@pytest.fixture(scope="module")
def shop(postgres: str) -> Iterator[Shop]:
    """Return an API on a schema of its own."""
    with fresh_schema(postgres) as schema, open_shop(postgres, schema) as opened:
        yield opened
