"""Stock commands name an item by SKU and a known location, and say what came of them."""

from decimal import Decimal
from typing import Any

import pytest

from domain.base.errors import Refusal
from domain.item.errors import InvalidStep, UnknownItem
from domain.location.errors import UnknownLocation
from domain.stock.commands import (
    AdjustStock,
    CancelExpectedReceipt,
    CountStock,
    ExpectReceipt,
    FeedStock,
    ReceiveStock,
    ReleaseStock,
    ReserveStock,
    SetSafetyStock,
    ShipStock,
    StockCommand,
)
from domain.stock.errors import (
    CountInTheFuture,
    InsufficientStock,
    KitHoldsNoStock,
    NotEnoughReserved,
    ReservationOfOrder,
    UnknownExpectedReceipt,
)
from domain.stock.events import (
    ReservationReleased,
    SafetyStockSet,
    StockAdjusted,
    StockCounted,
    StockReceived,
    StockReserved,
    StockShipped,
)
from tests.domain.order.shop import add_item, given_shop, line, place, stocked
from tests.support.commands import NOW, ask
from tests.support.specification import Given, given_world

TEA: dict[str, Any] = {"sku": "tea", "location_id": "north"}
WINE: dict[str, Any] = {"sku": "wine", "location_id": "north"}
HOLD: dict[str, Any] = {**TEA, "reservation_id": "window"}


def test_a_receipt_is_recorded_and_answered() -> None:
    """The SKU is found without regard to case; nothing but the stock item changes."""
    outcome = given_shop().when(ask(ReceiveStock, **TEA, quantity="5.0", reference="DN-7"))
    outcome.then("stock:tea@north", StockReceived(Decimal(5), "sellable", "DN-7", None, NOW))
    outcome.then_only("stock:tea@north")
    outcome.answers(item_id="tea", location_id="north", on_hand=5, available=5, served=[], lost=[])


def test_facts_correct_on_hand() -> None:
    """A till sale, a count and a feed follow one another."""
    outcome = given_shop(tea_north="10").when(ask(AdjustStock, **TEA, change=-12, reason="till"))
    adjusted = StockAdjusted(Decimal(-12), "sellable", "till", None, NOW)
    assert outcome.decision is not None
    assert outcome.decision.events["stock:tea@north"][0] == adjusted
    outcome.answers(on_hand=-2, available=0)
    counted = ask(CountStock, **TEA, counted=4, as_of=NOW)
    outcome = outcome.and_when(counted).answers(on_hand=4, available=4)
    again = outcome.and_when(counted).answers(on_hand=4)
    again.answers(ignored="the same source has reported a later count")
    feed = ask(FeedStock, **TEA, counted=3, as_of=NOW, source="wms", sequence=8)
    again.and_when(feed).then(
        "stock:tea@north", StockCounted("feed", Decimal(3), NOW, "wms", 8, Decimal(-1))
    )


def test_safety_stock_is_not_available() -> None:
    """Setting it again to the same changes nothing."""
    command = ask(SetSafetyStock, **TEA, quantity=3)
    outcome = given_shop(tea_north="10").when(command)
    outcome.then("stock:tea@north", SafetyStockSet(Decimal(3))).answers(available=7)
    outcome.and_when(command).then_nothing().answers(available=7)


def test_goods_are_announced_and_struck() -> None:
    """A second strike is refused."""
    announce = ask(ExpectReceipt, **TEA, expected_id="asn", quantity=3, due=NOW)
    strike = ask(CancelExpectedReceipt, **TEA, expected_id="asn", reason="lost")
    outcome = given_shop().when(announce).and_when(strike)
    assert not outcome.state("stock:tea@north").expected
    outcome.and_when(strike).refused(UnknownExpectedReceipt, field="expected_id")


def test_a_hold_is_kept_given_back_and_shipped() -> None:
    """Giving back twice changes nothing."""
    hold = ask(ReserveStock, **HOLD, quantity=4, purpose="shop window")
    held = given_shop(tea_north="10").when(hold).answers(on_hand=10, available=6)
    held.then(
        "stock:tea@north",
        StockReserved("window", "hold:shop window", "", Decimal(4), 0, None),
    )
    sent = held.and_when(ask(ShipStock, **HOLD, quantity=1)).answers(on_hand=9, available=6)
    sent.then("stock:tea@north", StockShipped("window", Decimal(1), NOW))
    release = ask(ReleaseStock, **HOLD, reason="over")
    freed = sent.and_when(release).answers(on_hand=9, available=9)
    freed.then("stock:tea@north", ReservationReleased("window", Decimal(3), "over"))
    freed.and_when(release).then_nothing()
    held.and_when(ask(ShipStock, **HOLD, quantity=5)).refused(NotEnoughReserved, reserved="4")


def test_no_more_is_held_than_is_free() -> None:
    """The refusal names the SKU and what is free."""
    hold = ask(ReserveStock, **HOLD, quantity=11, purpose="shop window")
    refused = given_shop(tea_north="10").when(hold)
    refused.refused(InsufficientStock, field="quantity", sku="tea", available="10")


def test_a_lost_hold_is_told_in_the_answer() -> None:
    """No order is touched by it."""
    hold = ask(ReserveStock, **HOLD, quantity=4, purpose="shop window")
    outcome = given_shop(tea_north="4").when(hold)
    outcome = outcome.and_when(ask(AdjustStock, **TEA, change=-1, reason="till"))
    outcome.then_only("stock:tea@north")
    outcome.answers(lost=[{"reservation_id": "window", "quantity": 1}])


def test_an_orders_reservation_changes_only_with_the_order() -> None:
    """Otherwise the order would not know."""
    world = given_shop(tea_north="10").when(place(line("TEA", "2"))).world
    (reservation_id,) = world.state("stock:tea@north").reservations
    where = {**TEA, "reservation_id": reservation_id}
    for command in (ask(ReleaseStock, **where, reason="x"), ask(ShipStock, **where, quantity=1)):
        given_world(world).when(command).refused(ReservationOfOrder, field="reservation_id")


@pytest.mark.parametrize(
    ("command", "fields", "refusal", "field"),
    [
        (ReceiveStock, {"sku": "ghost", "quantity": 1}, UnknownItem, "sku"),
        (ReceiveStock, {"location_id": "moon", "quantity": 1}, UnknownLocation, "location_id"),
        (ReceiveStock, {"sku": "set", "quantity": 1}, KitHoldsNoStock, "sku"),
        (
            ReserveStock,
            {"reservation_id": "window", "quantity": "0.5", "purpose": "x"},
            InvalidStep,
            "quantity",
        ),
        (
            CountStock,
            {"counted": 1, "as_of": "2026-03-02T10:05:01+01:00", "now": NOW},
            CountInTheFuture,
            "as_of",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    command: type[StockCommand], fields: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    """Unknown names, kits, parts of a step and the future; nothing is written."""
    given_shop().when(ask(command, **{**TEA, **fields})).refused(refusal, field=field)


def test_a_step_below_one_is_a_unit_too() -> None:
    """Rope is sold by the half metre."""
    command = ask(ReceiveStock, sku="ROPE", location_id="north", quantity="2.5")
    given_shop().when(command).answers(on_hand=2.5, available=2.5)


@pytest.mark.parametrize(
    ("command", "fields", "on_hand", "available"),
    [
        (ReceiveStock, {"quantity": 5}, 29, 29),
        (AdjustStock, {"change": -1, "reason": "damaged"}, 23, 23),
        (CountStock, {"counted": 7, "as_of": NOW}, 7, 7),
        (FeedStock, {"counted": 7, "as_of": NOW, "source": "wms", "sequence": 1}, 7, 7),
        (ExpectReceipt, {"expected_id": "asn", "quantity": 5, "due": NOW}, 24, 24),
        (SetSafetyStock, {"quantity": 1}, 24, 23),
    ],
)
def test_facts_are_recorded_whatever_the_step(
    command: type[StockCommand], fields: dict[str, Any], on_hand: int, available: int
) -> None:
    """Wine is sold by six and breaks by one."""
    outcome = given_wine("24").when(ask(command, **WINE, **fields))
    outcome.answers(on_hand=on_hand, available=available)


def test_a_hold_that_lost_a_part_still_leaves() -> None:
    """Five of six bottles are there, and go."""
    hold = ask(ReserveStock, **WINE, reservation_id="gala", quantity=6, purpose="gala")
    broken = ask(AdjustStock, **WINE, change=-1, reason="broken")
    outcome = given_wine("6").when(hold).and_when(broken)
    sent = outcome.and_when(ask(ShipStock, **WINE, reservation_id="gala", quantity=5))
    sent.then("stock:wine@north", StockShipped("gala", Decimal(5), NOW)).answers(on_hand=0)


def given_wine(quantity: str) -> Given:
    """Start from the shop with wine, sold by six, at north."""
    world = stocked(wine_north=quantity)
    add_item(world, "wine", step="6")
    return Given(world)
