"""What it looks like when the database is away, whichever library says so."""

from typing import Final

import psycopg
from eventsourcing import persistence

DATABASE_ERRORS: Final = (psycopg.Error, persistence.PersistenceError)
"""Anything that the database said."""


def driver_error(error: BaseException) -> BaseException:
    """Return the driver's own error where the event-sourcing library has wrapped it."""
    wrapped = isinstance(error, persistence.PersistenceError) and error.__cause__ is not None
    return error.__cause__ or error if wrapped else error
