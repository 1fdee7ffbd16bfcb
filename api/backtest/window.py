"""Which decisions a back-test takes again: those whose business time lies in a window."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


class BadWindow(ValueError):
    """A window's ends are no dates, or stand the wrong way round."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `first` to `last`, both included, in UTC."""

    first: date
    last: date

    def holds(self, occurred_at: datetime) -> bool:
        """Say whether an instant of business time lies in the window."""
        return self.start <= occurred_at < self.end

    @property
    def start(self) -> datetime:
        """Return the first instant."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """Return the first instant that is after it."""
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)


def window_of(first: str, last: str) -> Window:
    """Return the window between two dates like 2010-12-01.

    Raises:
        BadWindow: one is no date, or the first is after the last.
    """
    found = Window(_date("--from", first), _date("--to", last))
    if found.first > found.last:
        raise BadWindow(f"--from {first} is after --to {last}; give the earlier date first")
    return found


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadWindow(f"{option} {text!r} is no date; write one like 2010-12-01") from None
