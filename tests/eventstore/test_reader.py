"""Reading: the tail in commit order, and a stream as known at or as true at an instant."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.location.commands import RegisterLocation, ResumeLocation, SuspendLocation
from eventstore.main import Partition
from tests.support.partitions import NOON, WAREHOUSE, do, partition


@pytest.fixture
def one(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a partition whose location W was registered, suspended and resumed.

    The resumption was told by a clock that is behind: it says an hour before the suspension.
    """
    with partition(postgres, schema) as opened:
        do(opened, RegisterLocation, location_id="W", location=WAREHOUSE)
        do(
            opened,
            SuspendLocation,
            location_id="W",
            reason="flood",
            now=NOON + timedelta(hours=2),
        )
        do(opened, ResumeLocation, location_id="W", now=NOON + timedelta(hours=1))
        yield opened


def test_the_tail_skips_types_not_wanted_and_still_advances(one: Partition) -> None:
    """A batch holds the wanted types only, and says how far it looked."""
    batch = one.reader.read(0, 2, {"LocationResumed"})
    assert (list(batch.events), batch.through) == ([], 2)
    batch = one.reader.read(batch.through, 2, {"LocationResumed"})
    assert ([event.position for event in batch.events], batch.through) == ([3], 3)


def test_the_tail_ends_at_the_head(one: Partition) -> None:
    """Past the last event there is nothing, and the position stays."""
    assert one.reader.head() == 3
    assert one.reader.read(3, 100).through == 3
    assert one.reader.read(0, 100).through == 3


def test_a_stream_as_known_at_an_instant_leaves_out_what_was_recorded_later(
    one: Partition,
) -> None:
    """`known_at` goes by the instant of recording."""
    second = one.reader.stream("location:W")[1].recorded_at
    events = one.reader.stream("location:W", known_at=second)
    assert [event.version for event in events] == [1, 2]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, []),
        (90, ["LocationRegistered"]),
        (119, ["LocationRegistered"]),
        (120, ["LocationRegistered", "LocationSuspended", "LocationResumed"]),
    ],
)
def test_a_stream_as_true_at_an_instant_ends_before_what_occurred_later(
    one: Partition, minutes: int, expected: list[str]
) -> None:
    """`true_at` goes by business time, which never runs backwards within a stream.

    The resumption says noon plus 60 minutes, yet follows the suspension of noon plus 120.
    """
    events = one.reader.stream("location:W", true_at=NOON + timedelta(minutes=minutes))
    assert [event.type for event in events] == expected


def test_a_stream_at_a_position(one: Partition) -> None:
    """`through_position` leaves out what came after a position."""
    events = one.reader.stream("location:W", through_position=1)
    assert [event.type for event in events] == ["LocationRegistered"]


def test_reading_inside_a_snapshot_sees_only_that_snapshot(one: Partition) -> None:
    """On a given connection the reader sees what that transaction sees."""
    with one.datastore.connect(autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert one.reader.head(conn=connection) == 3
        do(one, SuspendLocation, location_id="W", reason="again")
        assert one.reader.head(conn=connection) == 3
        assert one.reader.read(3, 10, conn=connection).events == ()
    assert one.reader.head() == 4


def test_an_unknown_stream_is_empty(one: Partition) -> None:
    """A stream that nothing was appended to has no events."""
    assert one.reader.stream("location:NOWHERE") == []
