"""A count says what was on hand at an instant; what moved since is applied on it again."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from domain.base.messages import Event
from domain.stock.counting import count
from domain.stock.decider import ship
from domain.stock.errors import CountInTheFuture
from domain.stock.events import (
    BackorderServed,
    CountKind,
    ReservationLost,
    ShortfallRecorded,
    StockAdjusted,
    StockCounted,
    StockCountIgnored,
)
from domain.stock.evolve import evolve
from domain.stock.remembering import FORGOTTEN_AT_ONCE, KEPT_MINUTES, KEPT_MOVEMENTS, KEPT_SOURCES
from domain.stock.state import NO_STOCK, StockItem
from tests.domain.stock.steps import START, after, at, queued, received, reserved, stock

SECOND: Final = timedelta(seconds=1)


def counted(
    state: StockItem,
    quantity: int,
    hours: float,
    *,
    source: str = "shelf",
    sequence: int = 0,
    kind: CountKind = "count",
) -> tuple[Event, ...]:
    """Return the events of a count as of so many hours, reported at hour 100."""
    return count(
        state,
        kind=kind,
        counted=Decimal(quantity),
        as_of=at(hours),
        source=source,
        sequence=sequence,
        now=at(100),
        reservation_of=lambda backorder_id: f"new-{backorder_id}",
    )


def counted_at(state: StockItem, quantity: int, as_of: datetime) -> Decimal:
    """Return what is on hand after a count as of that instant."""
    return after(state, counted(state, quantity, (as_of - START) / timedelta(hours=1))).on_hand


def change_of(events: tuple[Event, ...]) -> Decimal:
    """Return what a count that was applied corrected."""
    assert isinstance(events[0], StockCounted)
    return events[0].change


def reason_of(events: tuple[Event, ...]) -> str:
    """Return why a count was ignored, and alone."""
    (event,) = events
    assert isinstance(event, StockCountIgnored)
    return event.reason


def test_movements_after_the_count_are_applied_on_it() -> None:
    """8 were counted at hour 2; 5 came and 1 left since, so 12 are there."""
    state = received(reserved(received(NO_STOCK, 10, 1), "a", 3), 5, 3)
    state = after(state, ship(state, "a", quantity=Decimal(1), at=at(4)))
    assert state.on_hand == 14
    events = counted(state, 8, 2)
    assert events == (StockCounted("count", Decimal(8), at(2), "shelf", 0, Decimal(-2)),)
    assert after(state, events).on_hand == 12


def test_a_movement_at_the_instant_of_the_count_is_in_it() -> None:
    """Only later ones are applied again."""
    assert change_of(counted(received(NO_STOCK, 10, 2), 10, 2)) == 0


def test_a_second_count_stands_on_the_first() -> None:
    """The correction of the first is not applied again."""
    state = received(stock(10), 5, 3)
    state = after(state, counted(state, 7, 1))
    assert state.on_hand == 12
    state = after(state, counted(state, 11, 4))
    assert state.on_hand == 11


@pytest.mark.parametrize(
    ("hours", "sequence", "source", "reason"),
    [
        (5, 1, "shelf", "the same source has reported a later count"),
        (5, 0, "shelf", "the same source has reported a later count"),
        (4, 2, "shelf", "the same source has reported a later count"),
        (4, 2, "wms", "another source has reported a later count"),
    ],
)
def test_an_older_count_is_ignored(hours: float, sequence: int, source: str, reason: str) -> None:
    """Of one source by instant and sequence, of any source by instant; it changes nothing."""
    state = after(stock(10), counted(stock(10), 9, 5, sequence=1))
    events = counted(state, 3, hours, sequence=sequence, source=source)
    assert reason_of(events) == reason
    assert after(state, events) == state


def test_a_newer_count_applies() -> None:
    """A higher sequence at the same instant, another source at the same instant, a later one."""
    state = after(stock(10), counted(stock(10), 9, 5, sequence=1))
    assert change_of(counted(state, 8, 5, sequence=2)) == -1
    assert change_of(counted(state, 8, 5, source="wms", kind="feed")) == -1
    assert change_of(counted(state, 8, 6)) == -1


@pytest.mark.parametrize("minutes", [1, 5])
def test_a_clock_that_runs_ahead_counts_now(minutes: int) -> None:
    """Up to five minutes ahead are taken and recorded as now, so that no later count is older."""
    events = counted(stock(10), 9, 100 + minutes / 60)
    assert events == (StockCounted("count", Decimal(9), at(100), "shelf", 0, Decimal(-1)),)
    assert change_of(counted(after(stock(10), events), 8, 100, source="wms")) == -1


def test_nobody_counts_the_future() -> None:
    """An instant more than five minutes later than now is refused by its field."""
    with pytest.raises(CountInTheFuture) as refusal:
        counted(stock(10), 9, 100 + 5.01 / 60)
    assert refusal.value.field == "as_of"


def sold(state: StockItem, times: int, *, first: datetime, apart: timedelta) -> StockItem:
    """Return the state after so many sales of one at a till."""
    for number in range(times):
        sale = StockAdjusted(Decimal(-1), "sellable", "till", None, first + number * apart)
        state = evolve(state, sale)
    return state


def test_a_busy_item_is_corrected_however_often_it_sold_since() -> None:
    """1000 were booked and 900 counted at nine; after 300 sales 600 are there."""
    state = sold(stock(1000), 300, first=at(0) + SECOND, apart=6 * SECOND)
    assert len(state.movements) == KEPT_MOVEMENTS
    events = counted(state, 900, 0)
    assert change_of(events) == -100
    assert after(state, events).on_hand == 600


def test_the_newest_movements_are_told_apart_to_the_instant() -> None:
    """A count within a minute splits it, as long as its movements are kept one by one."""
    state = sold(stock(1000), KEPT_MOVEMENTS, first=at(1), apart=SECOND)
    assert counted_at(state, 990, at(1) + 9 * SECOND) == 990 - KEPT_MOVEMENTS + 10


def test_merged_movements_of_the_counted_minute_come_after_the_count() -> None:
    """On the border of minutes a count is exact; within one, all its movements are later."""
    state = sold(stock(1000), 60 + KEPT_MOVEMENTS, first=at(1) + SECOND, apart=SECOND)
    assert counted_at(state, 1000, at(1)) == 1000 - 60 - KEPT_MOVEMENTS
    assert counted_at(state, 1000, at(1) + 30 * SECOND) == 1000 - 60 - KEPT_MOVEMENTS
    assert counted_at(state, 1000, at(1) + 60 * SECOND) == 1000 - KEPT_MOVEMENTS


def test_a_count_forgets_the_minutes_it_settles() -> None:
    """Nothing of them is ever applied again."""
    state = sold(stock(1000), 300, first=at(1), apart=60 * SECOND)
    assert len(state.minutes) == 300 + 1 - KEPT_MOVEMENTS
    state = after(state, counted(state, 500, 50))
    assert (len(state.minutes), len(state.movements)) == (0, 0)


def test_a_count_too_old_to_be_corrected_is_ignored() -> None:
    """Once minutes since it had to be forgotten, it can no longer be applied."""
    kept, dropped = KEPT_MOVEMENTS + KEPT_MINUTES, FORGOTTEN_AT_ONCE
    state = sold(stock(9_000), kept + dropped - 1, first=at(1), apart=60 * SECOND)
    assert (len(state.movements), len(state.minutes)) == (KEPT_MOVEMENTS, KEPT_MINUTES)
    forgotten = at(1) + (dropped - 2) * 60 * SECOND
    assert state.forgotten == forgotten
    ignored = counted(state, kept, (forgotten - SECOND - START) / timedelta(hours=1))
    assert reason_of(ignored) == "too much has moved since to correct it"
    assert counted_at(state, kept + 1, forgotten) == 1


def test_a_count_may_lose_reservations_and_may_serve_the_queue() -> None:
    """It settles what follows like every other fact."""
    state = reserved(stock(10), "a", 8)
    events = counted(state, 6, 5)
    assert events[1:] == (
        ShortfallRecorded(Decimal(2), "count by shelf"),
        ReservationLost("a", "order:web:a", "1", Decimal(2)),
        ShortfallRecorded(Decimal(0), "count by shelf: reservations lost"),
    )
    events = counted(queued(NO_STOCK, "b", 5), 3, 5)
    assert events[1:] == (BackorderServed("b", "order:web:b", "1", Decimal(3), "new-b", 0, None),)


def test_of_more_sources_than_are_remembered_the_oldest_is_forgotten() -> None:
    """A count is a fact whoever tells it; no older one applies for that."""
    state = stock(10)
    for number in range(KEPT_SOURCES + 1):
        state = after(state, counted(state, number, 1 + number / 100, source=f"app{number}"))
    assert len(state.counts) == KEPT_SOURCES
    assert "app0" not in state.counts
    assert state.on_hand == KEPT_SOURCES
    ignored = counted(state, 3, 1.5, source="app0")
    assert reason_of(ignored) == "another source has reported a later count"
