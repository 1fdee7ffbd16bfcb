"""Holds whose time is over are ended once, also after a pause, and serve who waits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.channel.commands import OpenChannel
from domain.hold.commands import HoldBasket
from domain.hold.errors import HoldIsOver
from domain.stock.commands import ExpectReceipt
from scheduler.jobs import expire_basket_holds as module
from scheduler.jobs.expire_basket_holds import expire_basket_holds
from tests.scheduler.shop import NEAR, Shop, now, open_shop
from tests.support.partitions import do


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Shop]:
    """Return the shop with six tea in the north."""
    with open_shop(postgres, schema, north=6, south=0) as opened:
        yield opened


def hold(shop: Shop, number: str, quantity: int, *, minutes: int = 15) -> None:
    """Hold tea near the north, now."""
    basket = {
        "channel_id": "web",
        "destination": NEAR,
        "lines": [{"sku": "TEA", "quantity": quantity}],
    }
    do(shop.partition, HoldBasket, now=now(), hold_id=number, basket=basket, minutes=minutes)


def statuses(shop: Shop) -> dict[str, str]:
    """Return what the read model says of each hold."""
    shop.fold()
    return dict(shop.rows("SELECT hold_id, status FROM {schema}.basket_holds"))


def test_a_hold_is_ended_at_its_time_and_once(shop: Shop) -> None:
    """Before its time it stays; after, its stock is free, and a second run finds nothing."""
    hold(shop, "short", 2, minutes=5)
    hold(shop, "long", 4, minutes=30)
    shop.fold()
    assert expire_basket_holds(shop.desk, now()) == {"due": 0}
    later = now() + timedelta(minutes=6)
    assert expire_basket_holds(shop.desk, later) == {"due": 1, "expired": 1}
    head = shop.partition.reader.head()
    assert expire_basket_holds(shop.desk, later) == {"due": 1, "settled": 1}
    assert statuses(shop) == {"short": "expired", "long": "held"}
    assert expire_basket_holds(shop.desk, later) == {"due": 0}
    assert shop.partition.reader.head() == head
    assert shop.rows("SELECT reserved FROM {schema}.availability WHERE location_id = 'north'") == [
        (4,)
    ]


def test_what_came_due_in_a_pause_is_made_up_in_bounded_runs(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hours later all are ended, the longest overdue first, no more than a run may."""
    monkeypatch.setattr(module, "MOST", 2)
    for number, minutes in (("b", 20), ("a", 10), ("c", 30)):
        hold(shop, number, 1, minutes=minutes)
    shop.fold()
    much_later = now() + timedelta(hours=9)
    assert expire_basket_holds(shop.desk, much_later) == {"due": 2, "expired": 2}
    assert statuses(shop) == {"a": "expired", "b": "expired", "c": "held"}
    assert expire_basket_holds(shop.desk, much_later) == {"due": 1, "expired": 1}
    assert statuses(shop)["c"] == "expired"


def test_who_waits_is_served_from_what_expires(shop: Shop) -> None:
    """The order that a receipt would have served gets the held goods instead."""
    hold(shop, "cart", 6)
    shop.fold()
    due = now() + timedelta(days=2)
    said: dict[str, Any] = {"sku": "TEA", "location_id": "north", "quantity": 9, "due": due}
    do(shop.partition, ExpectReceipt, now=now(), expected_id="ship", **said)
    channel = "SELECT count(*) FROM {schema}.order_lines WHERE reserved = 3 AND backordered = 0"
    patient_channel(shop)
    shop.place("patient", 3, channel_id="patient")
    shop.fold()
    assert shop.rows(channel) == [(0,)]
    expire_basket_holds(shop.desk, now() + timedelta(minutes=16))
    shop.fold()
    assert shop.rows(channel) == [(1,)]


def patient_channel(shop: Shop) -> None:
    """Open a channel whose orders wait for goods."""
    settings = {
        "name": "Patient",
        "currency": "GBP",
        "time_zone": "Europe/London",
        "sources": ["north"],
        "backorders": True,
    }
    do(shop.partition, OpenChannel, channel_id="patient", channel=settings)


def test_a_hold_that_was_placed_meanwhile_is_left_alone(shop: Shop) -> None:
    """The read model was behind: the command changes nothing, and the order keeps its goods."""
    hold(shop, "cart", 3)
    shop.fold()
    shop.place("1001", 3, hold_id="cart")
    head = shop.partition.reader.head()
    later = now() + timedelta(minutes=16)
    assert expire_basket_holds(shop.desk, later) == {"due": 1, "settled": 1}
    assert shop.partition.reader.head() == head
    assert statuses(shop) == {"cart": "placed"}


def test_an_expired_hold_blocks_until_the_job_has_run_and_cannot_be_placed(shop: Shop) -> None:
    """The clock moved past its end: nobody gets the goods but through the job."""
    hold(shop, "cart", 6, minutes=1)
    shop.fold()
    assert statuses(shop) == {"cart": "held"}
    expire_basket_holds(shop.desk, now() + timedelta(minutes=2))
    with pytest.raises(HoldIsOver):
        shop.place("1001", 6, hold_id="cart")
    shop.place("1002", 6)
