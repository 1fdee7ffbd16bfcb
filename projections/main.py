"""Wiring of the read models' process: one engine per partition, until told to stop."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Final

import structlog

from eventstore.datastore import Datastore
from eventstore.errors import MigrationError, describe
from eventstore.logs import write_json_logs
from eventstore.main import open_log
from eventstore.memory import collect_rarely
from eventstore.migrate import migrate
from eventstore.places import Place, open_places
from eventstore.reader import LogReader
from eventstore.settings import Settings, SettingsError, load_settings
from projections.catalogue import READ_MODELS
from projections.engine import Engine

SUCCESS: Final = 0
FAILED: Final = 1
MISUSED: Final = 2

FIRST_PAUSE: Final = 1.0
"""Seconds before an engine that broke begins anew; doubled each time it breaks again."""
LONGEST_PAUSE: Final = 60.0
"""Seconds; an engine that ran longer than this begins with the first pause."""

log = structlog.get_logger(__name__)


def main() -> int:
    """Keep the read models of all partitions up to date until SIGTERM; return an exit code."""
    collect_rarely()
    write_json_logs()
    try:
        settings = load_settings()
    except SettingsError as error:
        log.error("settings cannot be used", detail=str(error))  # noqa: TRY400 - no fault of ours
        return MISUSED
    return serve(settings)


def serve(settings: Settings) -> int:
    """Run an engine for every partition until SIGTERM or SIGINT, or a schema that is too new."""
    told: SimpleQueue[str] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(signal.Signals(number).name))
    stop = Event()
    with open_places(settings) as places, ThreadPoolExecutor(len(places)) as threads:
        engines = {
            name: threads.submit(keep_following, place, settings, stop)
            for name, place in places.items()
        }
        for future in engines.values():
            future.add_done_callback(lambda _: told.put("an engine ended"))
        log.info("started", partitions=sorted(places))
        log.info("stopping", cause=told.get())
        stop.set()
    broken = {name: error for name, future in engines.items() if (error := future.exception())}
    for name, error in broken.items():
        log.error("partition not followed", partition=name, **describe(error))
    log.info("stopped")
    return FAILED if broken else SUCCESS


def keep_following(place: Place, settings: Settings, stop: Event) -> None:
    """Follow a partition until `stop` is set; begin anew, after ever longer pauses, if it breaks.

    Raises:
        MigrationError: the schema is newer than this program, which no pause mends.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        try:
            follow(place, settings, stop)
        except MigrationError:
            raise
        # Whatever broke one partition's engine, it begins anew and the others never stop.
        except Exception as error:
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            log.exception("engine broke", partition=place.name, again_in=pause, **describe(error))
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def follow(place: Place, settings: Settings, stop: Event) -> None:
    """Keep one partition's read models up to date until `stop` is set."""
    with open_log(place, settings) as opened:
        migrate(opened.datastore)
        Engine(opened.datastore, opened.reader, READ_MODELS).run(stop)


def catch_up(datastore: Datastore, reader: LogReader) -> None:
    """Make all read models of a partition if need be, and fold all that is in its log now."""
    Engine(datastore, reader, READ_MODELS).catch_up()
