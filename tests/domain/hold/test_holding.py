"""A basket is held whole, for minutes, and given back to whoever waits."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.base.streams import order_stream, stock_stream
from domain.hold.basket import BasketGroup
from domain.hold.errors import HoldExists, UnknownHold
from domain.hold.events import BasketHeld, HeldStockLost, HoldExpired, HoldReleased
from domain.hold.state import Hold
from domain.item.errors import InvalidStep, UnknownItem
from domain.order.commands import PlaceInput
from domain.order.errors import CannotDeliverThere
from domain.order.events import BackorderFilled
from domain.stock.commands import AdjustStock, CountStock, ReleaseStock, ShipStock
from domain.stock.errors import InsufficientStock, ReservationOfBasket
from domain.stock.events import (
    BackorderServed,
    ReservationLost,
    ReservationReleased,
    StockReserved,
)
from tests.domain.hold.baskets import HOLD, expire, held_for, hold, release
from tests.domain.order.shop import NOW, command_id, expect, given_shop, line, place, stocked
from tests.support.specification import given_world

SOUTH = stock_stream("tea", "south")
LATER = NOW + timedelta(minutes=15)


def test_a_basket_is_reserved_under_its_hold() -> None:
    """Each reservation names the hold in the place of an order, and promises nothing to lose."""
    outcome = given_shop(tea_south="5").when(hold(("TEA", "3")))
    outcome.then_only(HOLD, SOUTH)
    (held,) = outcome.decision.events[HOLD]  # type: ignore[union-attr]
    assert isinstance(held, BasketHeld)
    (one,) = held.reservations
    assert (one.location_id, one.quantity, held.expires_at) == ("south", Decimal(3), LATER)
    outcome.then(SOUTH, StockReserved(one.reservation_id, HOLD, "1", Decimal(3), 0, None))
    assert outcome.state(SOUTH).free == Decimal(2)
    outcome.answers(hold_id="cart", status="held", expires_at=LATER.isoformat())


def test_a_hold_books_no_day_and_promises_as_an_order_would() -> None:
    """Its promises are those of the same order placed at the same instant."""
    shop = given_shop(tea_south="5")
    held = shop.when(hold(("TEA", "3")))
    placed = shop.when(place(line("TEA", "3")))
    held.answers(promises=placed.decision.outcome["promises"])  # type: ignore[union-attr]
    held.then_only(HOLD, SOUTH)


def test_a_kit_is_held_by_its_components() -> None:
    """Two sets hold four teas and two cups in one place."""
    outcome = given_shop(tea_south="4", cup_south="2").when(hold(("SET", "2")))
    assert held_for(outcome.world, HOLD, SOUTH) == Decimal(4)
    assert held_for(outcome.world, HOLD, stock_stream("cup", "south")) == Decimal(2)


@pytest.mark.parametrize("channel", ["web", "later", "market"])
def test_what_is_short_holds_nothing(channel: str) -> None:
    """All or nothing, whatever the channel does with orders: a hold waits for no goods."""
    wanted = hold(("TEA", "3"), ("CUP", "2"), channel=channel)
    refusal = given_shop(tea_south="5", cup_south="1").when(wanted).refused(InsufficientStock)
    assert refusal.members["short_lines"] == [
        {"line_id": "2", "sku": "CUP", "wanted": "2", "available": "1"}
    ]


def test_a_basket_is_checked_like_an_order() -> None:
    """Unknown SKUs, odd quantities and stores are refused, naming the field."""
    shop = given_shop(rope_south="5", tea_south="5")
    shop.when(hold(("TEA", "1"), ("NONE", "1"))).refused(UnknownItem, field="lines.1.sku")
    shop.when(hold(("ROPE", "0.3"))).refused(InvalidStep, field="lines.0.quantity")
    nowhere = (BasketGroup(id="1", method="pickup", store="moon"),)
    shop.when(hold(("TEA", "1"), groups=nowhere)).refused(
        CannotDeliverThere, field="groups.0.store"
    )


def test_a_hold_id_is_used_once() -> None:
    """Another basket under it is refused, even when the first is over."""
    held = given_shop(tea_south="5").when(hold(("TEA", "1")))
    held.and_when(hold(("TEA", "2"))).refused(HoldExists, field="hold_id")
    held.and_when(release()).and_when(hold(("TEA", "2"))).refused(HoldExists)


@pytest.mark.parametrize("minutes", [0, 61])
def test_a_hold_lasts_one_to_sixty_minutes(minutes: int) -> None:
    """Others are malformed."""
    with pytest.raises(ValidationError):
        hold(("TEA", "1"), minutes=minutes)


def test_a_basket_has_room_for_no_person() -> None:
    """Names and streets cannot be given, so nothing has to be sealed."""
    with pytest.raises(ValidationError):
        PlaceInput(country="GB", recipient="Ada")  # type: ignore[call-arg]


def test_releasing_frees_the_stock_once() -> None:
    """A second time nothing changes; an unknown hold is told so."""
    held = given_shop(tea_south="5").when(hold(("TEA", "3")))
    (reservation_id,) = held.state(SOUTH).reservations
    freed = held.and_when(release()).then(HOLD, HoldReleased("abandoned"))
    freed.then(SOUTH, ReservationReleased(reservation_id, Decimal(3), "released: abandoned"))
    assert freed.state(SOUTH).free == Decimal(5)
    freed.and_when(release()).then_nothing().answers(status="released")
    held.and_when(release("ghost")).refused(UnknownHold, hold_id="ghost")


def test_a_hold_expires_at_its_time_and_not_before() -> None:
    """A minute early nothing happens; at the instant itself it ends."""
    held = given_shop(tea_south="5").when(hold(("TEA", "3")))
    held.and_when(expire(now=LATER - timedelta(minutes=1))).then_nothing().answers(status="held")
    over = held.and_when(expire(now=LATER)).then(HOLD, HoldExpired()).answers(status="expired")
    assert over.state(SOUTH).free == Decimal(5)
    over.and_when(expire(now=LATER)).then_nothing()
    over.and_when(release()).then_nothing().answers(status="expired")


def test_what_expires_serves_who_waits() -> None:
    """An order that was queued behind the hold gets the stock in the same append."""
    world = stocked(tea_south="5")
    expect(world, "tea", "south", "9", NOW + timedelta(days=3))
    held = given_world(world).when(hold(("TEA", "5"), channel="later"))
    waiting = held.and_when(place(line("TEA", "3"), channel="later"))
    order = order_stream("later", "1001")
    over = waiting.and_when(expire(channel="later", now=LATER))
    assert any(isinstance(e, BackorderServed) for e in over.decision.events[SOUTH])  # type: ignore[union-attr]
    assert any(isinstance(e, BackorderFilled) for e in over.decision.events[order])  # type: ignore[union-attr]
    assert held_for(over.world, order, SOUTH) == Decimal(3)


def test_a_hold_loses_before_an_order_and_keeps_the_rest() -> None:
    """A count of four where an order has three and a hold two: the hold loses one, and knows."""
    world = stocked(tea_south="5")
    first = given_world(world).when(hold(("TEA", "2"))).and_when(place(line("TEA", "3")))
    count = CountStock(
        id=command_id("count"),
        now=NOW,
        sku="TEA",
        location_id="south",
        counted=Decimal(4),
        as_of=NOW,
    )
    outcome = first.and_when(count).then_only(SOUTH, HOLD)
    (lost,) = [
        event
        for event in outcome.decision.events[SOUTH]  # type: ignore[union-attr]
        if isinstance(event, ReservationLost)
    ]
    outcome.then(
        HOLD,
        HeldStockLost(lost.reservation_id, "1", "tea", "south", Decimal(1), "count by count"),
    )
    known: Hold = outcome.state(HOLD)
    assert known.lost[lost.reservation_id, "tea"] == Decimal(1)
    assert outcome.and_when(release()).state(SOUTH).reserved == Decimal(3)


def test_stock_commands_leave_a_basket_alone() -> None:
    """What a basket holds is neither released nor shipped beside its hold."""
    held = given_shop(tea_south="5").when(hold(("TEA", "3")))
    (reservation_id,) = held.state(SOUTH).reservations
    said: dict[str, Any] = {
        "id": command_id("by hand"),
        "now": NOW,
        "sku": "TEA",
        "location_id": "south",
        "reservation_id": reservation_id,
    }
    held.and_when(ReleaseStock(**said, reason="mine")).refused(ReservationOfBasket)
    held.and_when(ShipStock(**said, quantity=Decimal(1))).refused(ReservationOfBasket)


def test_a_display_that_is_called_like_a_hold_is_none() -> None:
    """A reservation by hand for the purpose `web:cart` is nobody's basket."""
    held = given_shop(tea_south="5").when(hold(("TEA", "1")))
    by_hand = StockReserved("display", HOLD, "", Decimal(2), 0, None)
    world = held.world
    world.append(SOUTH, [by_hand])
    said: dict[str, Any] = {
        "id": command_id("by hand"),
        "now": NOW,
        "sku": "TEA",
        "location_id": "south",
    }
    freed = given_world(world).when(ReleaseStock(**said, reservation_id="display", reason="over"))
    assert freed.state(SOUTH).reserved == Decimal(1)
    gone = AdjustStock(**said, change=Decimal(-5), reason="fire")
    burnt = given_world(world).when(gone).then_only(SOUTH, HOLD)
    known: Hold = burnt.state(HOLD)
    assert {reservation_id for reservation_id, _ in known.lost} == set(known.reservations)
