"""A small shop to measure with: locations, a channel, items with plenty of stock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from domain.base.messages import Command
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import PlaceOrder
from domain.stock.commands import ReceiveStock
from eventstore.embedded import ThrowAwayPostgres
from eventstore.main import Partition, open_partition
from eventstore.oms import Caller
from eventstore.places import Place
from eventstore.settings import Settings
from projections.facts import PostgresFacts
from projections.main import catch_up

BENCH: Final = Caller(principal="bench", actor="bench")
CHANNEL: Final = "bench"
_PLACES: Final = (
    ("LE1", 52.63, -1.13),
    ("EC1A", 51.52, -0.10),
    ("M1", 53.48, -2.23),
    ("B1", 52.48, -1.90),
    ("BS1", 51.45, -2.59),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """An open partition on a server of its own, and the SKUs in stock."""

    partition: Partition
    place: Place
    server: ThrowAwayPostgres
    skus: tuple[str, ...]


def command(cls: type[Command], /, **fields: Any) -> Any:
    """Return a command with a fresh id, now."""
    return cls(id=uuid4(), now=datetime.now(UTC), **fields)


def order(skus: tuple[str, ...], *, quantity: int = 1) -> PlaceOrder:
    """Return an order of one line per SKU, shipped to a known postal code."""
    placed: PlaceOrder = command(
        PlaceOrder,
        channel_id=CHANNEL,
        external_id=uuid4().hex,
        currency="GBP",
        destination={"country": "GB", "postal_code": "LS1", "latitude": 53.8, "longitude": -1.55},
        lines=[
            {"sku": sku, "quantity": quantity, "unit_price": "12.50", "tax_rate": "0.2"}
            for sku in skus
        ],
    )
    return placed


@contextmanager
def open_shop(*, items: int, units: int, backorders: bool = False) -> Iterator[Shop]:
    """Open a shop of 5 locations that hold `units` of each of `items`, spread evenly."""
    settings = Settings()
    with ThrowAwayPostgres() as server:
        place = Place(name="bench", conninfo=server.conninfo, schema="bench", key=bytes(32))
        with open_partition(place, settings, facts=PostgresFacts, migrate=True) as partition:
            skus = tuple(f"SKU-{number:05}" for number in range(items))
            _stock(partition, skus, units, backorders=backorders)
            catch_up(partition.datastore, partition.reader)
            yield Shop(partition, place, server, skus)


def _stock(partition: Partition, skus: tuple[str, ...], units: int, *, backorders: bool) -> None:
    for code, latitude, longitude in _PLACES:
        location = {
            "name": code,
            "kind": "warehouse",
            "country": "GB",
            "time_zone": "Europe/London",
            "postal_code": code,
            "latitude": latitude,
            "longitude": longitude,
        }
        partition.oms.do(
            command(RegisterLocation, location_id=code, location=location), caller=BENCH
        )
    sources = [code for code, _, _ in _PLACES]
    channel = {"name": "Bench", "currency": "GBP", "sources": sources, "backorders": backorders}
    partition.oms.do(command(OpenChannel, channel_id=CHANNEL, channel=channel), caller=BENCH)
    futures = [
        partition.oms.submit(
            command(RegisterItem, item_id=sku, item={"sku": sku, "name": sku}), caller=BENCH
        )
        for sku in skus
    ]
    for future in futures:
        future.result(60)
    share = Decimal(units) / len(sources)
    futures = [
        partition.oms.submit(
            command(ReceiveStock, sku=sku, location_id=code, quantity=share), caller=BENCH
        )
        for sku in skus
        for code in sources
    ]
    for future in futures:
        future.result(60)
