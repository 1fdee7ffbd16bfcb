"""The timetable: runs jobs at their times; the only module that knows APScheduler."""

import time
from collections.abc import Sequence
from typing import Any, Final

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.clock import Clock, present
from scheduler.job import Desk, Dismissed, Job
from scheduler.locks import only_here

_UTC: Final = "UTC"
log = structlog.get_logger(__name__)


class Timetable:
    """Runs each job at once and then at its interval, in threads, until it is stopped.

    No job runs twice at once, here or in another process. However many runs were missed, one
    makes up for them.
    """

    def __init__(self, desk: Desk, jobs: Sequence[Job], *, clock: Clock = present) -> None:
        """Prepare; `clock` gives the instant that a run is told."""
        self._desk = desk
        self._clock = clock
        self._log = log.bind(partition=desk.partition.name)
        self._scheduler: Any = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone=_UTC,
        )
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        self._scheduler.add_listener(self._still_running, EVENT_JOB_MAX_INSTANCES)
        for job in jobs:
            self._scheduler.add_job(
                run_job,
                IntervalTrigger(seconds=job.every.total_seconds(), timezone=_UTC),
                args=(desk, job, clock),
                id=job.name,
                next_run_time=present(),
            )

    def start(self) -> None:
        """Begin to run jobs."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no further run, and wait until those under way have ended."""
        self._desk.dismissed.set()
        self._scheduler.shutdown(wait=True)

    def _failed(self, event: Any) -> None:
        """Log a run that failed; one that was told to end did not fail."""
        if isinstance(event.exception, Dismissed):
            self._log.info("run ended early", job=event.job_id)
            return
        error = event.exception
        self._log.error(
            "run failed; tried again at its next time",
            job=event.job_id,
            error=type(error).__name__,
            detail=str(error),
            traceback=event.traceback,
        )

    def _still_running(self, event: Any) -> None:
        self._log.warning("the run before has not ended; this one is left out", job=event.job_id)


def run_job(desk: Desk, job: Job, clock: Clock) -> None:
    """Run a job now and log its figures, unless another process runs it at this moment.

    Raises:
        Exception: whatever the job raises.
    """
    bound = log.bind(partition=desk.partition.name, job=job.name)
    with only_here(desk.partition.datastore, f"job {job.name}") as alone:
        if not alone:
            bound.info("run left to another process")
            return
        started = time.monotonic()
        figures = job.run(desk, clock())
    bound.info("run done", seconds=round(time.monotonic() - started, 3), figures=dict(figures))
