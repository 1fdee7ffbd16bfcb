"""The library's application reads our log."""

from domain.location.commands import RegisterLocation, SuspendLocation
from eventstore.application import LogApplication
from eventstore.mapper import EventMapper
from tests.support.partitions import WAREHOUSE, do, partition


def test_its_notification_log_is_our_log(postgres: str, schema: str) -> None:
    """Sections of the library's notification log hold our events in commit order."""
    with partition(postgres, schema) as one:
        do(one, RegisterLocation, location_id="W", location=WAREHOUSE)
        do(one, SuspendLocation, location_id="W", reason="flood")
        application = LogApplication(one.datastore, EventMapper())
        notifications = application.notification_log.select(start=1, limit=10)
    assert [(n.id, n.originator_id, n.topic) for n in notifications] == [
        (1, "location:W", "LocationRegistered"),
        (2, "location:W", "LocationSuspended"),
    ]


def test_its_recorder_selects_a_stream(postgres: str, schema: str) -> None:
    """The library's reading methods select one stream by version."""
    with partition(postgres, schema) as one:
        do(one, RegisterLocation, location_id="W", location=WAREHOUSE)
        do(one, SuspendLocation, location_id="W", reason="flood")
        application = LogApplication(one.datastore, EventMapper())
        events = application.recorder.select_events("location:W", gt=1)
    assert [(e.originator_version, e.topic) for e in events] == [(2, "LocationSuspended")]
