"""An order takes a hold over: in one append the hold's reservations become its own."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.base.streams import hold_stream, order_stream, stock_stream
from domain.hold.errors import HoldIsOver, UnknownHold
from domain.hold.events import HoldPlaced
from domain.location.commands import SuspendLocation
from domain.order.commands import CancelOrder, ChargeInput
from domain.stock.commands import CountStock, SetSafetyStock
from domain.stock.errors import InsufficientStock
from domain.stock.events import ReservationReleased, StockReserved
from tests.domain.hold.baskets import HOLD, expire, held_for, hold, release
from tests.domain.order.shop import (
    NOW,
    ORDER,
    command_id,
    expect,
    given_shop,
    line,
    place,
    stocked,
)
from tests.support.specification import Given, given_world

NORTH = stock_stream("tea", "north")
SOUTH = stock_stream("tea", "south")
OVER = NOW + timedelta(minutes=15)


def awaiting(**levels: str) -> Given:
    """Start from the shop, which expects tea at south in three days: who waits, waits there."""
    world = stocked(**levels)
    expect(world, "tea", "south", "20", NOW + timedelta(days=3))
    return given_world(world)


def test_the_order_gets_what_was_held_though_nothing_is_free() -> None:
    """Ten in stock, ten held: others are refused, the holder gets ten."""
    held = given_shop(tea_south="10").when(hold(("TEA", "10")))
    held.and_when(place(line("TEA", "1"), number="other")).refused(InsufficientStock)
    (reservation_id,) = held.state(SOUTH).reservations
    placed = held.and_when(place(line("TEA", "10"), hold_id="cart"))
    placed.then_only(ORDER, HOLD, SOUTH).then(HOLD, HoldPlaced(ORDER))
    freed, taken = placed.decision.events[SOUTH]  # type: ignore[union-attr]
    assert freed == ReservationReleased(reservation_id, Decimal(10), f"placed as {ORDER}")
    assert isinstance(taken, StockReserved)
    assert (taken.order, taken.quantity) == (ORDER, Decimal(10))


def test_an_order_may_want_less_more_and_other_things() -> None:
    """Less is freed, more is routed like any order's, and so is what was not in the basket."""
    shop = given_shop(tea_south="10", cup_north="5")
    held = shop.when(hold(("TEA", "6"), ("CUP", "2")))
    less = held.and_when(place(line("TEA", "4"), hold_id="cart"))
    assert (less.state(SOUTH).free, less.state(stock_stream("cup", "north")).free) == (6, 5)
    more = held.and_when(place(line("TEA", "9"), hold_id="cart"))
    assert held_for(more.world, ORDER, SOUTH) == Decimal(9)
    too_much = place(line("TEA", "11"), hold_id="cart")
    refusal = held.and_when(too_much).refused(InsufficientStock)
    assert refusal.members["short_lines"] == [
        {"line_id": "1", "sku": "TEA", "wanted": "11", "available": "10"}
    ]
    other = held.and_when(place(line("CUP", "5"), hold_id="cart"))
    assert (other.state(SOUTH).reserved, other.state(HOLD).status) == (0, "placed")


def test_what_is_left_of_a_hold_serves_who_waits() -> None:
    """Six held, four placed: two go to the order that was queued, in the same append."""
    held = awaiting(tea_south="6").when(hold(("TEA", "6"), channel="later"))
    waiting = held.and_when(place(line("TEA", "5"), channel="later", number="patient"))
    placed = waiting.and_when(place(line("TEA", "4"), channel="later", hold_id="cart"))
    stock = placed.state(SOUTH)
    assert (stock.reserved, stock.queued) == (6, 3)
    assert held_for(placed.world, order_stream("later", "patient"), SOUTH) == Decimal(2)


def test_neither_a_queue_nor_safety_stock_takes_what_is_held() -> None:
    """The holder goes over both: it has what it was told."""
    held = awaiting(tea_south="10").when(hold(("TEA", "10"), channel="later"))
    waiting = held.and_when(place(line("TEA", "6"), channel="later", number="patient"))
    keep = SetSafetyStock(
        id=command_id("keep"), now=NOW, sku="TEA", location_id="south", quantity=Decimal(8)
    )
    placed = waiting.and_when(keep).and_when(
        place(line("TEA", "10"), channel="later", hold_id="cart")
    )
    assert held_for(placed.world, order_stream("later", "1001"), SOUTH) == Decimal(10)
    assert (placed.state(SOUTH).queued, placed.state(SOUTH).free) == (6, 0)


def test_what_exceeds_the_hold_waits_behind_those_who_wait() -> None:
    """Ten held, twelve ordered by a channel with backorders: two wait, the ten are reserved."""
    held = awaiting(tea_south="10").when(hold(("TEA", "10"), channel="later"))
    waiting = held.and_when(place(line("TEA", "6"), channel="later", number="patient"))
    placed = waiting.and_when(place(line("TEA", "12"), channel="later", hold_id="cart"))
    stock = placed.state(SOUTH)
    assert (stock.reserved, stock.queued) == (10, 8)
    assert [each.order for each in sorted(stock.queue.values(), key=lambda w: w.sequence)] == [
        order_stream("later", "patient"),
        order_stream("later", "1001"),
    ]


def test_what_a_count_took_is_not_there_to_place() -> None:
    """Ten held, four left on the shelf: an order for ten is four there, six short."""
    held = given_shop(tea_south="10").when(hold(("TEA", "10")))
    count = CountStock(
        id=command_id("count"),
        now=NOW,
        sku="TEA",
        location_id="south",
        counted=Decimal(4),
        as_of=NOW,
    )
    less = held.and_when(count)
    refusal = less.and_when(place(line("TEA", "10"), hold_id="cart")).refused(InsufficientStock)
    assert refusal.members["short_lines"] == [
        {"line_id": "1", "sku": "TEA", "wanted": "10", "available": "4"}
    ]
    placed = less.and_when(place(line("TEA", "4"), hold_id="cart"))
    assert (placed.state(SOUTH).reserved, placed.state(SOUTH).free) == (4, 0)


def test_a_kit_of_which_a_part_was_lost_is_placed_as_far_as_it_goes() -> None:
    """Two sets held, one cup gone: one set is placed, and nothing stays behind."""
    held = given_shop(tea_south="4", cup_south="2").when(hold(("SET", "2")))
    count = CountStock(
        id=command_id("count"),
        now=NOW,
        sku="CUP",
        location_id="south",
        counted=Decimal(1),
        as_of=NOW,
    )
    placed = held.and_when(count).and_when(place(line("SET", "1"), hold_id="cart"))
    cups = placed.state(stock_stream("cup", "south"))
    assert (placed.state(SOUTH).reserved, placed.state(SOUTH).free) == (2, 2)
    assert (cups.reserved, cups.free) == (1, 0)


def test_an_order_of_charges_alone_gives_all_back() -> None:
    """A basket that became nothing but a fee frees its stock."""
    held = given_shop(tea_south="10").when(hold(("TEA", "10")))
    fee = ChargeInput(kind="fee", amount=Decimal(5))
    placed = held.and_when(place(charges=(fee,), hold_id="cart"))
    assert (placed.state(SOUTH).free, placed.state(HOLD).status) == (10, "placed")


@pytest.mark.parametrize(
    ("instant", "placeable"), [(OVER - timedelta(seconds=1), True), (OVER, False)]
)
def test_a_hold_can_be_placed_until_its_time(instant: object, *, placeable: bool) -> None:
    """At the instant of its end it is too late, though it still blocks others."""
    held = given_shop(tea_south="5").when(hold(("TEA", "5")))
    outcome = held.and_when(place(line("TEA", "5"), hold_id="cart", now=instant))
    if placeable:
        outcome.then(HOLD, HoldPlaced(ORDER))
        return
    refusal = outcome.refused(HoldIsOver, field="hold_id", hold_id="cart", ended="expired")
    assert "hold the basket again" in refusal.detail
    other = place(line("TEA", "1"), number="other", now=instant)
    held.and_when(other).refused(InsufficientStock)


def test_a_hold_that_is_over_cannot_be_placed() -> None:
    """Released, expired or placed: the refusal says which, and what to do."""
    held = given_shop(tea_south="9").when(hold(("TEA", "3")))
    again = place(line("TEA", "3"), number="again", hold_id="cart")
    for over, status in (
        (release(), "released"),
        (expire(now=OVER), "expired"),
        (place(line("TEA", "3"), hold_id="cart"), "placed"),
    ):
        refusal = held.and_when(over).and_when(again).refused(HoldIsOver, ended=status)
        assert "'cart'" in refusal.detail


def test_a_hold_of_another_channel_is_unknown() -> None:
    """What the web holds, the market cannot place."""
    held = given_shop(tea_south="9").when(hold(("TEA", "3")))
    market = place(line("TEA", "3"), channel="market", hold_id="cart")
    held.and_when(market).refused(UnknownHold, field="hold_id", hold_id="cart")
    assert hold_stream("market", "cart") != HOLD


def test_a_placed_hold_is_cancelled_with_its_order() -> None:
    """It cannot be released; cancelling the order frees its stock."""
    placed = (
        given_shop(tea_south="9")
        .when(hold(("TEA", "3")))
        .and_when(place(line("TEA", "3"), hold_id="cart"))
    )
    placed.and_when(release()).refused(HoldIsOver, ended="placed")
    placed.and_when(expire(now=OVER)).then_nothing().answers(status="placed")
    cancel = CancelOrder(
        id=command_id("cancel"), now=NOW, channel_id="web", external_id="1001", reason="other"
    )
    assert placed.and_when(cancel).state(SOUTH).free == 9


def test_a_suspended_location_sends_nothing_that_was_held_there() -> None:
    """The order goes elsewhere, and what was held at the suspended place is freed."""
    held = given_shop(tea_south="5", tea_north="5").when(hold(("TEA", "5")))
    suspend = SuspendLocation(
        id=command_id("suspend"), now=NOW, location_id="south", reason="flood"
    )
    placed = held.and_when(suspend).and_when(place(line("TEA", "5"), hold_id="cart"))
    assert held_for(placed.world, ORDER, NORTH) == Decimal(5)
    assert placed.state(SOUTH).reserved == 0
