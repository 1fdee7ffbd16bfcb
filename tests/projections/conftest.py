"""A log with installed read models, and a way to write any event into it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from psycopg.sql import SQL, Identifier

from eventstore.main import Log, open_log
from eventstore.migrate import migrate
from projections.catalogue import READ_MODELS
from projections.database import transaction
from projections.install import install
from tests.support.partitions import place, settings_for_tests
from tests.support.postgres import fresh_schema

_KEPT = ["log_head", "migrations", "read_models"]


@contextmanager
def opened(postgres: str, schema: str) -> Iterator[Log]:
    """Open a migrated log."""
    with open_log(place(postgres, schema), settings_for_tests()) as log:
        migrate(log.datastore)
        yield log


@pytest.fixture(scope="session")
def quiet_log(postgres: str) -> Iterator[Log]:
    """Return the log with read models that all tests share which leave nothing behind."""
    with fresh_schema(postgres) as schema, opened(postgres, schema) as log:
        install(log.datastore, READ_MODELS)
        yield log


@pytest.fixture
def log(quiet_log: Log) -> Iterator[Log]:
    """Return an empty log with empty read models; emptied after the test."""
    yield quiet_log
    wipe(quiet_log)


@pytest.fixture
def bare_log(postgres: str, schema: str) -> Iterator[Log]:
    """Return an empty log without read models, in a schema of its own."""
    with opened(postgres, schema) as log:
        yield log


def wipe(log: Log) -> None:
    """Empty a log and its read models, which only a test may."""
    schema = log.datastore.schema
    with transaction(log.datastore) as cursor:
        cursor.execute("SET LOCAL session_replication_role TO replica")
        names = cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind = 'r' AND c.relname <> ALL(%s)",
            [schema, _KEPT],
        ).fetchall()
        for (name,) in names:
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(schema, name)))
        cursor.execute(
            log.datastore.sql(
                "UPDATE {schema}.read_models SET position = 0, changed_position = 0, parked = 0"
            )
        )
