"""Counts and feeds: what was on hand at an instant, corrected by what moved since."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.quantity import ZERO, plain
from domain.stock.draft import Draft
from domain.stock.errors import CountInTheFuture
from domain.stock.events import CountKind, StockCounted, StockCountIgnored
from domain.stock.serving import ReservationOf, serve
from domain.stock.shortfall import losses
from domain.stock.state import StockItem

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far the clock of one who counts may run ahead."""


def count(
    state: StockItem,
    *,
    kind: CountKind,
    counted: Decimal,
    as_of: datetime,
    source: str,
    sequence: int,
    now: datetime,
    reservation_of: ReservationOf,
) -> tuple[Event, ...]:
    """Correct sellable stock to what was counted at `as_of`, and settle what follows.

    Movements after `as_of` are re-applied on the count: exactly while they are kept one by
    one, else by the minute, so that a count within a minute has all its movements after it
    (what sold is then rather taken off twice than promised twice). What is known better
    already is recorded as ignored, with the reason. An `as_of` up to CLOCK_SKEW ahead of
    `now` is taken and recorded as `now`: kept as given it would outdate honest clocks' counts.

    Raises:
        CountInTheFuture: `as_of` is later than that.
    """
    if as_of > now + CLOCK_SKEW:
        raise CountInTheFuture(
            f"The count is as of {as_of.isoformat()}, later than {now.isoformat()}", field="as_of"
        )
    as_of = min(as_of, now)
    reason = _stale(state, as_of, source, sequence)
    if reason is not None:
        return (StockCountIgnored(kind, counted, as_of, source, sequence, reason),)
    change = plain(counted + _moved_after(state, as_of) - state.sellable)
    draft = Draft(state)
    draft.add((StockCounted(kind, counted, as_of, source, sequence, change),))
    draft.add(losses(draft.state, f"{kind} by {source}"))
    draft.add(serve(draft.state, reservation_of))
    return tuple(draft.events)


def _moved_after(state: StockItem, as_of: datetime) -> Decimal:
    single = sum((moved.change for moved in state.movements if moved.at > as_of), ZERO)
    return sum((change for ended, change in state.minutes.items() if ended > as_of), single)


def _stale(state: StockItem, as_of: datetime, source: str, sequence: int) -> str | None:
    last = state.counts.get(source)
    if last is not None and (as_of, sequence) <= last:
        return "the same source has reported a later count"
    if state.counted_until is not None and as_of < state.counted_until:
        return "another source has reported a later count"
    if state.forgotten is not None and as_of < state.forgotten:
        return "too much has moved since to correct it"
    return None
