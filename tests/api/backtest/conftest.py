"""A little history to replay: two items, three places from near to far (the farthest has
the best priority), two channels of them all.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from api.backtest.replay import Mode, Outcome
from api.backtest.run import Asked, run
from api.backtest.window import Window
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import PlaceOrder
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.stock.commands import ReceiveStock
from eventstore.main import Partition
from tests.support.partitions import WAREHOUSE, do, partition

SKUS: Final = ("MUG", "TEA")
PLACES: Final = ("A", "B", "C")
MARCH: Final = Window(date(2026, 3, 1), date(2026, 3, 31))
FEBRUARY: Final = datetime(2026, 2, 20, 12, tzinfo=UTC)
HERE: Final = {"country": "GB", "latitude": 52.0, "longitude": 0.0}

Backtest = Callable[..., Outcome]


def on(day: int, hour: int = 12) -> datetime:
    """Return an hour of a day in March."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def place_order(
    shop: Partition, number: object, *, day: int = 2, channel_id: str = "web", **units: int
) -> None:
    """Place an order of `MUG=2` and so on."""
    lines = [{"sku": s, "quantity": n, "unit_price": "1"} for s, n in units.items()]
    do(
        shop,
        PlaceOrder,
        now=on(day),
        channel_id=channel_id,
        external_id=str(number),
        currency="GBP",
        destination=HERE,
        lines=lines,
    )


def receive(shop: Partition, *, at: datetime = FEBRUARY, **units: int) -> None:
    """Receive `MUG_A=5` and so on."""
    for cell, quantity in units.items():
        sku, _, place = cell.partition("_")
        do(shop, ReceiveStock, now=at, sku=sku, location_id=place, quantity=quantity)


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a partition whose channel `web` queues what is short and `strict` refuses it."""
    with partition(postgres, schema) as opened:
        for sku in SKUS:
            item = {"sku": sku, "name": sku}
            do(opened, RegisterItem, now=FEBRUARY, item_id=sku.lower(), item=item)
        for east, place in enumerate(PLACES):
            where: dict[str, Any] = {
                **WAREHOUSE,
                "latitude": 52.0,
                "longitude": float(east),
                "priority": -east,
            }
            do(opened, RegisterLocation, now=FEBRUARY, location_id=place, location=where)
        for name, backorders in (("web", True), ("strict", False)):
            channel = {
                "name": name,
                "currency": "GBP",
                "sources": list(PLACES),
                "backorders": backorders,
            }
            do(opened, OpenChannel, now=FEBRUARY, channel_id=name, channel=channel)
        yield opened


@pytest.fixture
def backtest(shop: Partition) -> Backtest:
    """Return a function that replays March."""

    def replayed(
        *policies: Policy, mode: Mode = "as-known", rules: tuple[str, ...] = (), **more: Any
    ) -> Outcome:
        some = policies or (DEFAULT_POLICY,)
        asked = Asked(
            **{"window": MARCH, "reference": "known", **more}, mode=mode, policies=some, rules=rules
        )
        return run(shop.datastore, shop.reader, asked, lambda _words, _steps: lambda: None)

    return replayed
