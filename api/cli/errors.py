"""What a command tells in one line before it ends with exit code 2."""

from typing import Final

from psycopg import errors

from api.outages import DATABASE_ERRORS, driver_error
from api.policy_files import BadPolicyFile
from domain.base.errors import Refusal
from eventstore.embedded import EmbeddedPostgresError
from eventstore.errors import LogError
from eventstore.settings import SettingsError
from projections.errors import ReadModelError

MISUSED: Final = 2


class CommandError(Exception):
    """The command cannot be done; the message says why, and what to do."""


EXPECTED: Final = (
    BadPolicyFile,
    CommandError,
    SettingsError,
    EmbeddedPostgresError,
    LogError,
    ReadModelError,
    Refusal,
    *DATABASE_ERRORS,
)
"""What can go wrong without a fault in the program; everything else is a traceback."""

_NOT_SET_UP: Final = (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)


def one_line(error: Exception) -> str:
    """Return what a person needs to know about an expected error, in one line."""
    cause = driver_error(error)
    if isinstance(cause, _NOT_SET_UP):
        return "the database is not set up; run `taktstock migrate` first"
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    if isinstance(cause, DATABASE_ERRORS):
        return f"the database says: {lines[0]}"
    return "; ".join(lines)
