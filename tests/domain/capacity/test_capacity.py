"""A working day of N places admits N bookings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base.streams import capacity_key, capacity_stream
from domain.capacity.decider import (
    Capacity,
    admits,
    book,
    evolve,
    from_snapshot,
    release,
    to_snapshot,
)
from domain.capacity.errors import CapacityFull
from domain.capacity.events import CapacityBooked, CapacityReleased
from tests.domain.order.shop import NOW


def day_with(*numbers: int) -> Capacity:
    """Return a day on which these orders are booked."""
    day = Capacity()
    for number in numbers:
        day = evolve(day, CapacityBooked(f"order:web:{number}", "1"))
    return day


def test_a_day_is_found_again_by_its_stream() -> None:
    """The location and the day are in its name."""
    assert capacity_stream("north", NOW.date()) == "capacity:north@2026-03-02"
    assert capacity_key("capacity:north@2026-03-02") == ("north", NOW.date())


def test_n_places_admit_n() -> None:
    """The place after the last is refused, and the refusal says how many there are."""
    day = day_with(1)
    assert book(day, ("order:web:2", "1"), 2) == (CapacityBooked("order:web:2", "1"),)
    with pytest.raises(CapacityFull) as refused:
        book(day_with(1, 2), ("order:web:3", "1"), 2)
    assert refused.value.members == {"capacity": 2}


def test_a_group_has_one_place() -> None:
    """Booking again changes nothing, even on a full day; another group needs its own."""
    day = day_with(1)
    assert book(day, ("order:web:1", "1"), 1) == ()
    assert not admits(day, [("order:web:1", "2")], 1)


def test_bookings_stand_when_the_limit_falls() -> None:
    """Three are booked of what are two places now; the next is refused until two are free."""
    day = day_with(1, 2, 3)
    assert admits(day, [("order:web:1", "1")], 2)
    assert not admits(day, [("order:web:4", "1")], 2)
    for number in (1, 2):
        assert not admits(day, [("order:web:4", "1")], 2)
        (freed,) = release(day, (f"order:web:{number}", "1"))
        assert freed == CapacityReleased(f"order:web:{number}", "1")
        day = evolve(day, freed)
    assert admits(day, [("order:web:4", "1")], 2)


def test_what_is_not_booked_is_not_released() -> None:
    """A place is given back once."""
    assert release(day_with(1), ("order:web:2", "1")) == ()


@given(
    st.integers(0, 6),
    st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.sampled_from("12")), max_size=40),
)
def test_no_history_books_more_than_there_is(most: int, steps: list[tuple[bool, int, str]]) -> None:
    """Whatever is booked and released, places taken are those that stand, and never too many."""
    day, expected = Capacity(), set[tuple[str, str]]()
    for books, number, group in steps:
        booking = (f"order:web:{number}", group)
        if not books:
            events = release(day, booking)
            expected.discard(booking)
        elif booking in expected or len(expected) < most:
            events = book(day, booking, most)
            expected.add(booking)
        else:
            with pytest.raises(CapacityFull):
                book(day, booking, most)
            continue
        for event in events:
            day = evolve(day, event)
        assert set(day.bookings) == expected
        assert day.booked <= most
        assert from_snapshot(to_snapshot(day)) == day
