"""The one place where this room reads the clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def present() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)
