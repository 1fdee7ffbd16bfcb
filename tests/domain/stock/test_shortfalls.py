"""Facts are never refused: what they take from reservations is lost in a fixed order."""

from decimal import Decimal

from domain.base.messages import Event
from domain.stock.decider import adjust
from domain.stock.events import BackorderServed, ReservationLost, ShortfallRecorded, StockAdjusted
from domain.stock.state import NO_STOCK, StockItem
from tests.domain.stock.steps import after, at, figures, queued, received, reserved, stock


def fall(state: StockItem, change: int) -> tuple[Event, ...]:
    """Return the events of a till sale of so much."""
    return adjust(
        state,
        change=Decimal(change),
        condition="sellable",
        reason="till",
        reference=None,
        at=at(1),
        reservation_of=lambda backorder_id: f"new-{backorder_id}",
    )


def adjusted(change: int) -> StockAdjusted:
    """Return the event of the till sale itself."""
    return StockAdjusted(Decimal(change), "sellable", "till", None, at(1))


def lost(reservation_id: str, quantity: int) -> ReservationLost:
    """Return the loss of a reservation made by `reserved`."""
    return ReservationLost(reservation_id, f"order:web:{reservation_id}", "1", Decimal(quantity))


def test_a_fall_into_free_stock_loses_nothing() -> None:
    """On hand still covers what is reserved."""
    assert fall(reserved(stock(10), "a", 4), -6) == (adjusted(-6),)


def test_a_fall_below_reserved_records_the_shortfall_and_who_loses() -> None:
    """The level that was short stands before the losses, the level that remains after them."""
    state = reserved(stock(10), "a", 8)
    events = fall(state, -5)
    assert events == (
        adjusted(-5),
        ShortfallRecorded(Decimal(3), "till"),
        lost("a", 3),
        ShortfallRecorded(Decimal(0), "till: reservations lost"),
    )
    state = after(state, events)
    assert figures(state, "on_hand reserved shortfall free") == (5, 5, 0, 0)
    assert state.reservations["a"].quantity == 5


def test_the_latest_promise_loses_first_then_low_priority_then_youth() -> None:
    """No promise counts as the latest."""
    state = reserved(stock(60), "soon", 10, promise=at(1))
    state = reserved(state, "late", 10, promise=at(9))
    state = reserved(state, "open-high", 10, priority=9)
    state = reserved(state, "open-old", 10)
    state = reserved(state, "open-young", 10)
    state = reserved(state, "soon-high", 10, priority=1, promise=at(1))
    order = [
        event.reservation_id for event in fall(state, -60) if isinstance(event, ReservationLost)
    ]
    assert order == ["open-young", "open-old", "open-high", "late", "soon", "soon-high"]


def test_a_fall_below_nothing_leaves_a_shortfall_open() -> None:
    """All reservations are lost, and what was sold beyond on hand stays short."""
    state = reserved(stock(3), "a", 2)
    events = fall(state, -5)
    assert events == (
        adjusted(-5),
        ShortfallRecorded(Decimal(4), "till"),
        lost("a", 2),
        ShortfallRecorded(Decimal(2), "till: reservations lost"),
    )
    state = after(state, events)
    assert figures(state, "on_hand reserved shortfall free") == (-2, 0, 2, 0)
    assert fall(state, -1) == (adjusted(-1), ShortfallRecorded(Decimal(3), "till"))


def test_goods_close_the_shortfall_before_they_serve_the_queue() -> None:
    """Two short, three arrive: one serves the backorder."""
    state = queued(after(NO_STOCK, fall(NO_STOCK, -2)), "b", 5)
    part = received(state, 1)
    assert figures(part, "shortfall reserved queued") == (1, 0, 5)
    whole = received(part, 2)
    assert figures(whole, "shortfall reserved queued free") == (0, 1, 4, 0)


def test_a_rise_serves_the_queue() -> None:
    """A find is as good as a receipt."""
    state = queued(NO_STOCK, "b", 5)
    events = fall(state, 2)
    assert events == (
        adjusted(2),
        BackorderServed("b", "order:web:b", "1", Decimal(2), "new-b", 0, None),
    )


def test_other_conditions_touch_no_reservation() -> None:
    """Damaged and quarantined goods may even be fewer than none: facts are not refused."""
    state = reserved(stock(4), "a", 4)
    for condition in ("damaged", "quarantine"):
        events = adjust(
            state,
            change=Decimal(-1),
            condition=condition,
            reason="thrown away",
            reference=None,
            at=at(1),
            reservation_of=str,
        )
        assert len(events) == 1
        state = after(state, events)
    assert figures(state, "damaged quarantine sellable reserved") == (-1, -1, 4, 4)
