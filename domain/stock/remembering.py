"""What a stock item remembers of its past, bounded: movements, and the latest counts."""

from datetime import datetime, timedelta
from typing import Final

from immutables import Map

from domain.base.quantity import ZERO
from domain.stock.events import StockCounted
from domain.stock.state import Movement, StockItem

KEPT_MOVEMENTS: Final = 256
"""How many of the newest movements are kept one by one, for counts with an earlier `as_of`."""
KEPT_MINUTES: Final = 2_000
"""Of how many minutes in which older ones fell the sums are kept: 33 hours at the least."""
FORGOTTEN_AT_ONCE: Final = 100
"""How many minutes beyond these wait to be dropped together, since finding them takes long."""
KEPT_SOURCES: Final = 100
"""Of how many sources of counts the latest is remembered."""
MINUTE: Final = timedelta(minutes=1)


def remember(state: StockItem, movement: Movement) -> StockItem:
    """Return the state with a movement; old ones are summed up by the minute, then dropped."""
    movements = (*state.movements, movement)
    if len(movements) <= KEPT_MOVEMENTS:
        return state._replace(movements=movements)
    oldest = movements[0]
    ended = _minute_end(oldest.at)
    minutes = state.minutes.set(ended, state.minutes.get(ended, ZERO) + oldest.change)
    if len(minutes) < KEPT_MINUTES + FORGOTTEN_AT_ONCE:
        return state._replace(movements=movements[1:], minutes=minutes)
    ends = sorted(minutes)
    dropped = ends[-KEPT_MINUTES - 1]
    return state._replace(
        movements=movements[1:],
        minutes=Map({ended: minutes[ended] for ended in ends[-KEPT_MINUTES:]}),
        forgotten=dropped if state.forgotten is None else max(state.forgotten, dropped),
    )


def _minute_end(instant: datetime) -> datetime:
    """Return the end of a minute that holds its end and not its start."""
    start = instant.replace(second=0, microsecond=0)
    return start if start == instant else start + MINUTE


def remember_count(
    counts: Map[str, tuple[datetime, int]], event: StockCounted
) -> Map[str, tuple[datetime, int]]:
    """Return the latest count of each source; the one counted longest ago gives way."""
    if event.source not in counts and len(counts) >= KEPT_SOURCES:
        counts = counts.delete(min(counts, key=lambda source: (counts[source], source)))
    return counts.set(event.source, (event.as_of, event.sequence))
