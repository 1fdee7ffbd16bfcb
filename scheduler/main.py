"""Wiring of the scheduler: settings in; one leader and one timetable per partition out."""

import argparse
import logging
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event
from typing import Final

import structlog

from eventstore.datastore import Datastore
from eventstore.errors import describe
from eventstore.logs import write_json_logs
from eventstore.main import open_partition
from eventstore.memory import collect_rarely
from eventstore.places import Place, open_places
from eventstore.settings import Settings, SettingsError, load_settings
from projections.catalogue import READ_MODELS
from projections.facts import PostgresFacts
from projections.install import install
from scheduler.catalogue import JOBS
from scheduler.clock import present
from scheduler.job import Desk, Job
from scheduler.leader import lead
from scheduler.timetable import Timetable, run_job

SUCCESS: Final = 0
FAILED: Final = 1
MISUSED: Final = 2

log = structlog.get_logger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all jobs of all partitions until told to stop, or one job once; return an exit code."""
    chosen = _parser().parse_args(arguments)
    collect_rarely()
    write_json_logs()
    quiet_apscheduler()
    try:
        settings = load_settings()
    except SettingsError as error:
        log.error("settings cannot be used", detail=str(error))  # noqa: TRY400 - no fault of ours
        return MISUSED
    if chosen.run is None:
        return serve(settings)
    return run_once(settings, chosen.run, partition=chosen.partition)


def quiet_apscheduler() -> None:
    """Leave it to the timetable to tell of runs that fail or are left out, with the partition."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)


def serve(settings: Settings, jobs: Sequence[Job] = JOBS) -> int:
    """Run jobs in every partition that this process leads, until SIGTERM or SIGINT."""
    told: SimpleQueue[str] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(signal.Signals(number).name))
    stop = Event()
    with open_places(settings) as places, ThreadPoolExecutor(len(places)) as threads:
        keeping = {
            name: threads.submit(_keep, place, settings, jobs, stop)
            for name, place in places.items()
        }
        for future in keeping.values():
            future.add_done_callback(lambda _: told.put("a partition cannot be served"))
        log.info("started", partitions=sorted(places), jobs=[job.name for job in jobs])
        log.info("stopping", cause=told.get())
        stop.set()
    errors = {name: future.exception() for name, future in keeping.items()}
    for name, error in errors.items():
        if error is not None:
            log.error("partition not served", partition=name, **describe(error))
    log.info("stopped")
    return FAILED if any(errors.values()) else SUCCESS


def run_once(settings: Settings, name: str, *, partition: str | None = None) -> int:
    """Run one job now, in one partition or all, unless a process runs it at this moment."""
    job = next(job for job in JOBS if job.name == name)
    with open_places(settings) as places:
        if partition is not None and partition not in places:
            log.error("no such partition", partition=partition, known=sorted(places))
            return MISUSED
        for place in places.values():
            if partition in {None, place.name}:
                with open_desk(place, settings) as desk:
                    run_job(desk, job, present)
    return SUCCESS


@contextmanager
def open_desk(place: Place, settings: Settings) -> Iterator[Desk]:
    """Open a partition for jobs, with its log, read models and a writer of its own."""
    with open_partition(place, settings, facts=PostgresFacts, migrate=True) as partition:
        install(partition.datastore, READ_MODELS)
        yield Desk(partition, Event())


def _keep(place: Place, settings: Settings, jobs: Sequence[Job], stop: Event) -> None:
    """Run a partition's jobs whenever this process leads it."""

    @contextmanager
    def office() -> Iterator[None]:
        with open_desk(place, settings) as desk:
            timetable = Timetable(desk, jobs)
            timetable.start()
            try:
                yield
            finally:
                timetable.stop()

    lead(Datastore(place.conninfo, place.schema), office, stop, partition=place.name)


def _parser() -> argparse.ArgumentParser:
    jobs = "\n".join(f"  {job.name}: {job.does}" for job in JOBS)
    parser = argparse.ArgumentParser(
        prog="python -m scheduler",
        description="Runs the timed jobs of every partition, one process at a time.",
        epilog=f"jobs:\n{jobs}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--run", metavar="JOB", choices=[job.name for job in JOBS], help="run one job now and end"
    )
    parser.add_argument("--partition", help="with --run: in this partition only")
    return parser
