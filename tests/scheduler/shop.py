"""A shop on a real log: one item in two warehouses, one channel, and its read models."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any, Final

from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import PlaceOrder
from domain.stock.commands import CountStock, ReceiveStock
from eventstore.main import Partition
from projections.catalogue import READ_MODELS
from projections.engine import Engine
from projections.facts import PostgresFacts
from scheduler.job import Desk
from tests.support.partitions import WAREHOUSE, do, partition

NEAR: Final = {"country": "GB", "latitude": 55.0, "longitude": -1.6}
"""A destination beside the warehouse `north`."""


def now() -> datetime:
    """Return the present instant: back-offs count from the database's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Shop:
    """An open partition with what a job needs to work on it."""

    partition: Partition
    desk: Desk
    engine: Engine

    def fold(self) -> None:
        """Bring the read models up to date."""
        self.engine.catch_up()

    def place(self, number: str, quantity: int = 3, **fields: Any) -> None:
        """Place an order of `tea` to a destination near the warehouse `north`."""
        do(
            self.partition,
            PlaceOrder,
            now=now(),
            channel_id=fields.pop("channel_id", "web"),
            external_id=number,
            currency="GBP",
            destination=NEAR,
            lines=[{"sku": fields.pop("sku", "TEA"), "quantity": quantity}],
            **fields,
        )

    def count(self, location_id: str, counted: int, *, sequence: int = 1) -> None:
        """Count the sellable tea of a warehouse, now."""
        counted_at = now()
        do(
            self.partition,
            CountStock,
            now=counted_at,
            sku="TEA",
            location_id=location_id,
            counted=counted,
            as_of=counted_at,
            source="tester",
            sequence=sequence,
        )

    def receive(self, location_id: str, quantity: int) -> None:
        """Receive tea."""
        do(
            self.partition,
            ReceiveStock,
            now=now(),
            sku="TEA",
            location_id=location_id,
            quantity=quantity,
        )

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return rows of SQL with `{schema}` in it."""
        with self.partition.datastore.connect() as connection:
            return connection.execute(self.partition.datastore.sql(statement), values).fetchall()


@contextmanager
def open_shop(postgres: str, schema: str, *, north: int = 5, south: int = 5) -> Iterator[Shop]:
    """Open the shop with so much tea in its warehouses."""
    with partition(postgres, schema, facts=PostgresFacts) as opened:
        shop = Shop(
            opened,
            Desk(opened, Event()),
            Engine(opened.datastore, opened.reader, READ_MODELS),
        )
        for place, latitude in (("north", 55.0), ("south", 50.9)):
            location = {**WAREHOUSE, "name": place, "latitude": latitude, "longitude": -1.5}
            do(opened, RegisterLocation, location_id=place, location=location)
        do(opened, RegisterItem, item_id="tea", item={"sku": "TEA", "name": "Tea"})
        channel = {
            "name": "Web",
            "currency": "GBP",
            "prices": "gross",
            "time_zone": "Europe/London",
            "sources": ["north", "south"],
        }
        do(opened, OpenChannel, channel_id="web", channel=channel)
        for place, quantity in (("north", north), ("south", south)):
            if quantity:
                shop.receive(place, quantity)
        shop.fold()
        yield shop
