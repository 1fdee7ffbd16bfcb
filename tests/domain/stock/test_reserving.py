"""What is free may be reserved; what is reserved may be released and shipped."""

from decimal import Decimal

import pytest

from domain.stock.decider import release, reserve, ship
from domain.stock.errors import (
    InsufficientStock,
    NotEnoughReserved,
    ReservationExists,
    UnknownReservation,
)
from domain.stock.events import ReservationReleased, SafetyStockSet, StockReserved, StockShipped
from domain.stock.state import NO_STOCK, Reservation
from tests.domain.stock.steps import after, at, figures, queued, received, reserved, stock


def test_what_is_free_can_be_reserved_to_the_last_unit() -> None:
    """Ten of ten are reserved, and nothing is free afterwards."""
    events = reserve(
        stock(10),
        "a",
        order="order:web:1",
        line_id="7",
        quantity=Decimal(10),
        priority=3,
        promise=at(5),
    )
    assert events == (StockReserved("a", "order:web:1", "7", Decimal(10), 3, at(5)),)
    state = after(stock(10), events)
    assert state.free == 0
    assert state.reserved == 10
    held = Reservation("order:web:1", "7", Decimal(10), 3, at(5), 0)
    assert dict(state.reservations) == {"a": held}


def test_more_than_is_free_is_refused_with_what_is() -> None:
    """Neither reserved, queued nor safety stock is free."""
    state = reserved(stock(10), "a", 4)
    state = after(state, [SafetyStockSet(Decimal(3))])
    with pytest.raises(InsufficientStock) as refusal:
        reserved(state, "b", 4)
    assert refusal.value.members == {"available": "3"}
    assert reserved(state, "b", 3).free == 0


def test_free_is_never_below_nothing() -> None:
    """More safety stock than goods leaves 0 free, not less."""
    assert after(stock(2), [SafetyStockSet(Decimal(5))]).free == 0
    assert queued(NO_STOCK, "b", 5).free == 0


def test_a_reservation_id_is_held_once() -> None:
    """A second reservation under the same id is refused."""
    with pytest.raises(ReservationExists):
        reserved(reserved(stock(10), "a", 1), "a", 1)


def test_releasing_is_idempotent() -> None:
    """A second release and one of an unknown id change nothing."""
    state = reserved(stock(10), "a", 4)
    events = release(state, "a", reason="cancelled")
    assert events == (ReservationReleased("a", Decimal(4), "cancelled"),)
    state = after(state, events)
    assert figures(state, "free reserved") == (10, 0)
    assert not state.reservations
    assert release(state, "a", reason="cancelled") == ()
    assert release(state, "ghost", reason="cancelled") == ()


def test_a_part_is_released() -> None:
    """No more than is held is ever released."""
    state = reserved(stock(10), "a", 4)
    state = after(state, release(state, "a", reason="less", quantity=Decimal(1)))
    assert state.reservations["a"].quantity == 3
    assert release(state, "a", reason="all", quantity=Decimal(9)) == (
        ReservationReleased("a", Decimal(3), "all"),
    )


def test_shipping_takes_from_on_hand_and_from_the_reservation() -> None:
    """What is free stays the same; the last part ends the reservation."""
    state = reserved(stock(10), "a", 4)
    events = ship(state, "a", quantity=Decimal(3), at=at(1))
    assert events == (StockShipped("a", Decimal(3), at(1)),)
    state = after(state, events)
    assert figures(state, "on_hand reserved free") == (7, 1, 6)
    state = after(state, ship(state, "a", quantity=Decimal(1), at=at(2)))
    assert figures(state, "on_hand reserved free") == (6, 0, 6)
    assert not state.reservations


def test_no_more_is_shipped_than_is_reserved() -> None:
    """Free stock beside the reservation does not help."""
    state = reserved(stock(10), "a", 4)
    with pytest.raises(NotEnoughReserved) as refusal:
        ship(state, "a", quantity=Decimal(5), at=at(1))
    assert refusal.value.members == {"reserved": "4"}
    with pytest.raises(UnknownReservation):
        ship(state, "b", quantity=Decimal(1), at=at(1))


def test_queued_demand_is_not_available_to_new_orders() -> None:
    """10 arrive, 6 are queued, 10 new orders come at once: 6 + 4."""
    state = queued(queued(NO_STOCK, "b-1", 4), "b-2", 2)
    state = received(state, 10)
    assert figures(state, "reserved queued free") == (6, 0, 4)
    accepted = 0
    for number in range(10):
        try:
            state = reserved(state, f"new-{number}", 1)
        except InsufficientStock:
            continue
        accepted += 1
    assert accepted == 4
    assert state.reserved == 10
