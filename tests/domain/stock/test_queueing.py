"""Backorders queue by priority, then age, and are promised from expected receipts."""

from datetime import datetime
from decimal import Decimal

import pytest
from immutables import Map

from domain.base.messages import Event
from domain.stock.decider import (
    MOST_EXPECTED,
    cancel_expected,
    expect,
    receive,
    set_safety_stock,
)
from domain.stock.errors import TooManyExpectedReceipts, UnknownExpectedReceipt
from domain.stock.events import (
    BackorderServed,
    BackorderWithdrawn,
    ExpectedReceiptCancelled,
    ReceiptExpected,
    SafetyStockSet,
    StockReceived,
)
from domain.stock.serving import MOST_WAITING, has_room, promise_for, serve, withdraw
from domain.stock.state import NO_STOCK, Expected, StockItem
from tests.domain.stock.steps import START, after, at, figures, queued, received, reserved, stock


def served(backorder_id: str, quantity: int, priority: int = 0) -> BackorderServed:
    """Return the event that serves a backorder made by `queued`."""
    return BackorderServed(
        backorder_id=backorder_id,
        order=f"order:web:{backorder_id}",
        line_id="1",
        quantity=Decimal(quantity),
        reservation_id=f"new-{backorder_id}",
        priority=priority,
        promise=None,
    )


def arrival(state: StockItem, quantity: int, expected_id: str | None = None) -> tuple[Event, ...]:
    """Return the events of a receipt."""
    return receive(
        state,
        quantity=Decimal(quantity),
        condition="sellable",
        reference="DN-1",
        expected_id=expected_id,
        at=at(1),
        reservation_of=lambda backorder_id: f"new-{backorder_id}",
    )


def announced(state: StockItem, *receipts: tuple[str, int, float]) -> StockItem:
    """Return the state after announcements of (id, quantity, hours from the start)."""
    for expected_id, quantity, hours in receipts:
        events = expect(
            state, expected_id, quantity=Decimal(quantity), due=at(hours), reference=None
        )
        state = after(state, events)
    return state


def test_a_receipt_serves_high_priority_first_then_age() -> None:
    """The last one served gets what is left, and keeps its place for the rest."""
    state = queued(queued(NO_STOCK, "old", 2), "young", 2)
    state = queued(state, "urgent", 3, priority=9)
    events = arrival(state, 6)
    assert events == (
        StockReceived(Decimal(6), "sellable", "DN-1", None, at(1)),
        served("urgent", 3, priority=9),
        served("old", 2),
        served("young", 1),
    )
    state = after(state, events)
    assert figures(state, "reserved queued free") == (6, 1, 0)
    assert dict(state.queued_by_priority) == {0: 1}
    assert state.queue["young"].sequence == 1
    assert state.reservations["new-old"].sequence == 0


def test_a_backorder_is_served_whole_steps_or_wholly() -> None:
    """Nobody behind overtakes one that waits for a whole step."""
    state = queued(queued(NO_STOCK, "six", 12, step=6), "one", 3)
    state = received(state, 11)
    assert figures(state, "reserved queued servable free") == (6, 9, 5, 0)
    state = received(state, 2, 1)
    assert figures(state, "reserved queued servable") == (13, 2, 0)
    odd = received(queued(NO_STOCK, "odd", "0.5"), 1)
    assert figures(odd, "reserved queued free") == (0.5, 0, 0.5)


def test_safety_stock_is_kept_from_the_queue_too() -> None:
    """Serving is a promise; setting less safety stock serves what that frees."""
    state = after(queued(NO_STOCK, "b", 5), [SafetyStockSet(Decimal(4))])
    state = received(state, 6)
    assert figures(state, "reserved queued free") == (2, 3, 0)
    events = set_safety_stock(
        state, Decimal(2), reservation_of=lambda backorder_id: f"new-{backorder_id}"
    )
    assert events == (SafetyStockSet(Decimal(2)), served("b", 2))
    assert set_safety_stock(state, Decimal(4), reservation_of=str) == ()


def test_only_sellable_goods_serve() -> None:
    """Damaged goods are on hand and serve nobody."""
    state = queued(NO_STOCK, "b", 5)
    events = receive(
        state,
        quantity=Decimal(5),
        condition="damaged",
        reference=None,
        expected_id=None,
        at=at(1),
        reservation_of=str,
    )
    assert len(events) == 1
    state = after(state, events)
    assert figures(state, "damaged sellable queued") == (5, 0, 5)


def test_what_is_reserved_serves_nobody() -> None:
    """Nothing left above what is reserved: the queue waits."""
    assert serve(queued(reserved(stock(5), "a", 5), "b", 1), str) == ()


def test_withdrawing_ends_the_wait_once() -> None:
    """A part may be withdrawn; withdrawing what is gone changes nothing."""
    state = queued(NO_STOCK, "b", 5)
    state = after(state, withdraw(state, "b", reason="less", quantity=Decimal(2)))
    assert state.queued == 3
    assert state.queue["b"].quantity == 3
    events = withdraw(state, "b", reason="cancelled")
    assert events == (BackorderWithdrawn("b", Decimal(3), "cancelled"),)
    state = after(state, events)
    assert state.queued == 0
    assert not state.queue
    assert not state.queued_by_priority
    assert withdraw(state, "b", reason="cancelled") == ()


@pytest.mark.parametrize(
    ("quantity", "priority", "promise"),
    [
        (5, 0, at(24)),
        (6, 0, at(48)),
        (25, 0, at(48)),
        (26, 0, None),
        (8, 5, at(24)),
        (9, 5, at(48)),
        (10, 9, at(24)),
    ],
)
def test_a_promise_lays_the_queue_over_expected_receipts(
    quantity: int, priority: int, promise: datetime | None
) -> None:
    """10 come in a day, 20 in two; 3 wait at priority 0 and 2 at 5, the same go first."""
    state = announced(NO_STOCK, ("late", 20, 48), ("early", 10, 24))
    state = queued(queued(state, "low", 3), "high", 2, priority=5)
    assert promise_for(state, Decimal(quantity), priority=priority, now=START) == promise


def test_a_promise_counts_what_is_missing_or_over_on_the_shelf() -> None:
    """Reserved and safety stock above on hand is filled first; what is there already is taken."""
    state = announced(stock(2), ("early", 10, 24))
    assert promise_for(state, Decimal(12), priority=0, now=START) == at(24)
    assert promise_for(state, Decimal(13), priority=0, now=START) is None
    assert promise_for(state, Decimal(2), priority=0, now=START) == START
    short = after(state, [SafetyStockSet(Decimal(5))])
    assert promise_for(short, Decimal(7), priority=0, now=START) == at(24)
    assert promise_for(short, Decimal(8), priority=0, now=START) is None


def test_an_overdue_receipt_promises_now() -> None:
    """Nobody is promised an instant that has passed."""
    state = announced(NO_STOCK, ("early", 10, 24))
    assert promise_for(state, Decimal(1), priority=0, now=at(30)) == at(30)


def test_an_announcement_is_replaced_by_the_same_id() -> None:
    """Saying the same again changes nothing."""
    state = announced(NO_STOCK, ("x", 10, 24))
    same = expect(state, "x", quantity=Decimal(10), due=at(24), reference=None)
    assert same == ()
    events = expect(state, "x", quantity=Decimal(8), due=at(36), reference="PO-1")
    assert events == (ReceiptExpected("x", Decimal(8), at(36), "PO-1"),)
    assert dict(after(state, events).expected) == {"x": Expected(Decimal(8), at(36))}


def test_a_receipt_takes_from_its_announcement() -> None:
    """A part leaves the rest expected, the whole or more ends it, an unknown id is only kept."""
    state = announced(NO_STOCK, ("x", 10, 24))
    part = after(state, arrival(state, 4, "x"))
    assert dict(part.expected) == {"x": Expected(Decimal(6), at(24))}
    assert not after(part, arrival(part, 7, "x")).expected
    unknown = arrival(part, 4, "y")
    assert unknown == (StockReceived(Decimal(4), "sellable", "DN-1", "y", at(1)),)
    assert after(part, unknown).expected == part.expected


def test_an_announcement_is_struck_once() -> None:
    """One that is not open is refused."""
    state = announced(NO_STOCK, ("x", 10, 24))
    events = cancel_expected(state, "x", reason="lost at sea")
    assert events == (ExpectedReceiptCancelled("x", "lost at sea"),)
    with pytest.raises(UnknownExpectedReceipt):
        cancel_expected(after(state, events), "x", reason="again")


def test_a_thousand_receipts_are_expected_at_most() -> None:
    """Another is refused by its id; replacing and striking one stay possible."""
    state = announced(NO_STOCK, *[(f"x{n}", 1, 24) for n in range(MOST_EXPECTED)])
    with pytest.raises(TooManyExpectedReceipts) as refusal:
        announced(state, ("more", 1, 24))
    assert (refusal.value.field, refusal.value.members) == ("expected_id", {"limit": 1000})
    state = announced(state, ("x7", 2, 24))
    state = after(state, cancel_expected(state, "x7", reason="lost"))
    assert len(announced(state, ("more", 1, 24)).expected) == MOST_EXPECTED


def test_a_queue_has_room_for_ten_thousand() -> None:
    """How many may still join is what is asked."""
    waiting = queued(NO_STOCK, "b", 1).queue["b"]
    state = NO_STOCK._replace(queue=Map({f"b{n}": waiting for n in range(MOST_WAITING - 1)}))
    assert has_room(state, 1)
    assert not has_room(state, 2)
