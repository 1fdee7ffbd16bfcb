"""The recorder passes the library's own suites, and its appends do what the library's do not."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from eventstore.migrate import migrate
from eventstore.recorder import Recorder


@pytest.fixture
def datastore(postgres: str, schema: str) -> Iterator[Datastore]:
    """Return a migrated partition with room for many writers."""
    with closing(Datastore(postgres, schema, max_pool_size=20)) as opened:
        migrate(opened)
        yield opened


class _OnOurTable:
    """Gives the library's suites our recorder."""

    datastore: Datastore

    @pytest.fixture(autouse=True)
    def _give_datastore(self, datastore: Datastore) -> None:
        self.datastore = datastore

    def new_originator_id(self) -> str:
        """Return a stream id: ours are text."""
        return f"order:web:{uuid4()}"

    def create_recorder(self) -> Recorder:
        """Return a recorder on the test's own schema."""
        return Recorder(self.datastore)


class TestAsApplicationRecorder(_OnOurTable, ApplicationRecorderTestCase[Recorder]):
    """The library's suite for application recorders."""


class TestPositionsFollowCommits(_OnOurTable, NonInterleavingNotificationIDsBaseCase):
    """The library's suite for notification ids in commit order."""


def event(stream: str, version: int, *, state: bytes = b"{}") -> StoredEvent:
    """Return a stored event as the library makes it."""
    return StoredEvent(originator_id=stream, originator_version=version, topic="t", state=state)


def test_a_tailing_reader_misses_no_event_under_many_writers(datastore: Datastore) -> None:
    """With 16 writers that dawdle and roll back, a tail sees every event once, without gaps."""
    recorder, stopped, seen = Recorder(datastore), Event(), list[int]()

    def write(writer: int) -> None:
        rng = random.Random(writer)
        for version in range(1, 31):
            time.sleep(rng.random() / 500)
            if rng.random() < 0.2:
                with pytest.raises(IntegrityError):
                    recorder.insert_events([event(f"s{writer}", version), event("taken", 1)])
            recorder.insert_events([event(f"s{writer}", version)])

    def tail() -> None:
        while not stopped.is_set() or len(seen) < recorder.max_notification_id():
            last = seen[-1] if seen else 0
            page = recorder.select_notifications(last, 100, inclusive_of_start=False)
            seen.extend(notification.id for notification in page)

    recorder.insert_events([event("taken", 1)])
    reader = Thread(target=tail)
    reader.start()
    writers = [Thread(target=write, args=(number,)) for number in range(16)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    stopped.set()
    reader.join()

    assert seen == list(range(1, 16 * 30 + 2))


def test_an_append_does_not_wait_for_vacuum(datastore: Datastore) -> None:
    """While another session holds the lock that VACUUM takes, an append goes through."""
    recorder = Recorder(datastore)
    with datastore.connect(autocommit=False) as vacuum:
        vacuum.execute(
            SQL("LOCK TABLE {}.events IN SHARE UPDATE EXCLUSIVE MODE").format(
                Identifier(datastore.schema)
            )
        )
        assert recorder.insert_events([event("s", 1)]) == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {}.events SET actor = 'x'",
        "DELETE FROM {}.events",
        "TRUNCATE {}.events",
    ],
)
def test_the_database_refuses_to_change_the_log(datastore: Datastore, statement: str) -> None:
    """UPDATE, DELETE and TRUNCATE are refused by the database itself."""
    Recorder(datastore).insert_events([event("s", 1)])
    with (
        datastore.connect() as connection,
        pytest.raises(psycopg.IntegrityError, match="the log is immutable"),
    ):
        connection.execute(SQL(statement).format(Identifier(datastore.schema)))
    assert len(Recorder(datastore).select_notifications(1, 10)) == 1
