"""What every test shares: one server, a schema each, repeatable Hypothesis runs."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.postgres import fresh_schema, server_of_run

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("ci")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the connection string of the run's server."""
    with server_of_run() as server:
        yield server.conninfo


@pytest.fixture
def schema(postgres: str) -> Iterator[str]:
    """Return the name of a new, empty schema, dropped after the test."""
    with fresh_schema(postgres) as name:
        yield name
