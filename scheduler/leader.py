"""Leading: one process at a time runs a partition's jobs, and steps down as soon as it must."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event
from typing import Final

import structlog

from eventstore.datastore import Datastore
from eventstore.errors import AWAY, describe
from scheduler.locks import HeldLock

RETRY: Final = 0.5
"""Seconds between two tries to become the leader, and between two looks whether one still is."""
_AFTER_LOSING: Final = 1.0
"""Seconds that one who lost the lead leaves to the others."""

_NAME: Final = "scheduler"
log = structlog.get_logger(__name__)

Office = Callable[[], AbstractContextManager[None]]
"""What the leader does: begins on entering; on leaving, it has ended."""


def lead(datastore: Datastore, office: Office, stop: Event, *, partition: str) -> None:
    """Do the office whenever this process is the leader, until `stop` is set.

    Survives the database being away. An error of the office that is not about reaching the
    database ends the leading and is raised.
    """
    told = log.bind(partition=partition)
    with HeldLock(datastore, _NAME) as lock:
        while not stop.is_set():
            try:
                if lock.take():
                    told.info("leads")
                    with office():
                        _watch(lock, stop)
                    told.info("led until told to stop" if stop.is_set() else "lead lost")
                    lock.release()
                    stop.wait(_AFTER_LOSING)
            except AWAY as error:
                told.warning("database away", **describe(error))
                lock.release()
            stop.wait(RETRY)


def _watch(lock: HeldLock, stop: Event) -> None:
    """Return when `stop` is set or the lock is lost."""
    while not stop.is_set() and lock.kept_for(RETRY):
        pass
