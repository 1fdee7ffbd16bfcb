"""The timetable: every job at its time, never twice at once, whatever its last run came to."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import pytest
from structlog.testing import capture_logs

from domain.location.commands import LocationInput, RegisterLocation
from eventstore.main import Partition
from scheduler.job import Desk, Dismissed, Figures, Job
from scheduler.locks import only_here
from scheduler.timetable import Timetable, run_job
from tests.support.partitions import NOON, WAREHOUSE, fresh_id, partition

SOON = timedelta(seconds=0.05)


@pytest.fixture
def opened(postgres: str, schema: str) -> Iterator[Partition]:
    """Return an empty partition."""
    with partition(postgres, schema) as one:
        yield one


def job(run: Callable[[Desk, datetime], Figures], *, name: str = "job") -> Job:
    """Return a job that runs every 50 ms."""
    return Job(name=name, does="Something.", every=SOON, run=run)


@contextmanager
def running(opened: Partition, jobs: Sequence[Job]) -> Iterator[Desk]:
    """Run jobs until the block ends."""
    desk = Desk(opened, Event())
    timetable = Timetable(desk, jobs, clock=lambda: NOON)
    timetable.start()
    try:
        yield desk
    finally:
        timetable.stop()


def until(condition: Callable[[], bool], *, within: float = 5.0) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_job_is_told_the_instant_of_its_run(opened: Partition) -> None:
    """The first run comes at once, further ones follow, each with the clock's instant."""
    runs: list[datetime] = []

    def note(_: Desk, now: datetime) -> Figures:
        runs.append(now)
        return {"runs": len(runs)}

    with running(opened, [job(note)]):
        until(lambda: len(runs) >= 3)
    assert set(runs) == {NOON}


def test_a_failing_job_is_logged_and_tried_again(opened: Partition) -> None:
    """An error is logged with the job's name, the next run comes at its time, others go on."""
    runs: list[str] = []

    def fail_once(*_: object) -> Figures:
        runs.append("failing")
        if runs.count("failing") == 1:
            raise LookupError("nothing there")
        return {}

    def work(*_: object) -> Figures:
        runs.append("working")
        return {}

    with capture_logs() as logs, running(opened, [job(fail_once, name="a"), job(work, name="b")]):
        until(lambda: runs.count("failing") >= 2 and runs.count("working") >= 2)
    (failed,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert (failed["job"], failed["error"]) == ("a", "LookupError")
    assert "nothing there" in failed["detail"]
    assert "fail_once" in failed["traceback"]


def test_a_job_never_runs_twice_at_once(opened: Partition) -> None:
    """A run that takes longer than the interval delays the next; missed runs are one run."""
    at_once, most, runs = 0, 0, 0
    lock = threading.Lock()

    def slow(*_: object) -> Figures:
        nonlocal at_once, most, runs
        with lock:
            at_once, runs = at_once + 1, runs + 1
            most = max(most, at_once)
        time.sleep(0.2)
        with lock:
            at_once -= 1
        return {}

    with running(opened, [job(slow)]):
        until(lambda: runs >= 3)
    assert most == 1
    assert runs <= 4


def test_a_run_is_left_to_the_process_that_runs_it(opened: Partition) -> None:
    """While another process runs a job, this one does not."""
    runs: list[datetime] = []

    def note(_: Desk, now: datetime) -> Figures:
        runs.append(now)
        return {}

    desk = Desk(opened, Event())
    with only_here(opened.datastore, "job job"):
        run_job(desk, job(note), lambda: NOON)
    assert runs == []
    run_job(desk, job(note), lambda: NOON)
    assert runs == [NOON]


def test_stopping_dismisses_what_runs(opened: Partition) -> None:
    """A run learns between its steps that it is to end; that is no failure."""
    begun = Event()

    def endless(desk: Desk, _: datetime) -> Figures:
        begun.set()
        while True:
            desk.check()
            time.sleep(0.01)

    with capture_logs() as logs, running(opened, [job(endless)]):
        assert begun.wait(5)
    assert [entry["event"] for entry in logs] == ["run ended early"]


def test_a_dismissed_desk_sends_no_command(opened: Partition) -> None:
    """Once this process no longer leads, its jobs do nothing more to the log."""
    desk = Desk(opened, Event())
    desk.dismissed.set()
    command = RegisterLocation(
        id=fresh_id(), now=NOON, location_id="W", location=LocationInput(**WAREHOUSE)
    )
    with pytest.raises(Dismissed):
        desk.do(command, job="job", key="k")
    assert opened.reader.head() == 0
