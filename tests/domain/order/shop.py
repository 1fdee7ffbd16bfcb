"""A small shop for tests of orders: two items, a kit, two warehouses, a store, some channels."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from domain.base.streams import (
    channel_stream,
    item_stream,
    location_stream,
    order_stream,
    sku_stream,
    stock_stream,
)
from domain.channel.events import ChannelOpened, ChannelSettings
from domain.item.events import Component, ItemAttributes, ItemRegistered, SkuAssigned
from domain.location.events import LocationAttributes, LocationRegistered
from domain.order.commands import DestinationInput, GroupShareInput, OrderLineInput, PlaceOrder
from domain.stock.commands import ReceiveStock
from domain.stock.events import ReceiptExpected, StockReceived
from tests.support.specification import Given, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONDON = DestinationInput(country="GB", postal_code="SW1A 1AA", latitude=51.5, longitude=-0.14)
ORDER = order_stream("web", "1001")
SPACE = UUID("5ca1ab1e-0000-4000-8000-000000000000")


def command_id(name: str) -> UUID:
    """Return a fixed id for a name."""
    return uuid5(SPACE, name)


def add_item(
    world: World, item_id: str, *, step: str = "1", parts: dict[str, str] | None = None
) -> None:
    """Register an item whose SKU is its id in capitals; with parts it is a kit."""
    kit = tuple(
        Component(part, Decimal(quantity), Decimal(0)) for part, quantity in (parts or {}).items()
    )
    attributes = ItemAttributes(
        sku=item_id.upper(), name=item_id, step=Decimal(step), components=kit
    )
    world.append(item_stream(item_id), [ItemRegistered(attributes)])
    world.append(sku_stream(item_id), [SkuAssigned(item_id.upper(), item_id)])


def add_location(world: World, location_id: str, **attributes: Any) -> None:
    """Register a location, a British warehouse unless told otherwise."""
    known = {
        "name": location_id,
        "kind": "warehouse",
        "country": "GB",
        "time_zone": "Europe/London",
        **attributes,
    }
    world.append(location_stream(location_id), [LocationRegistered(LocationAttributes(**known))])


def add_channel(world: World, channel_id: str, **settings: Any) -> None:
    """Open a channel that sells in pounds from all places of the shop."""
    known = {
        "name": channel_id,
        "currency": "GBP",
        "prices": "gross",
        "time_zone": "Europe/London",
        "sources": ("north", "south", "shop"),
        **settings,
    }
    world.append(channel_stream(channel_id), [ChannelOpened(ChannelSettings(**known))])


def stock(world: World, item_id: str, location_id: str, quantity: str) -> None:
    """Receive goods."""
    received = StockReceived(Decimal(quantity), "sellable", None, None, NOW - timedelta(days=9))
    world.append(stock_stream(item_id, location_id), [received])


def expect(world: World, item_id: str, location_id: str, quantity: str, due: datetime) -> None:
    """Announce goods."""
    announced = ReceiptExpected(f"asn-{location_id}", Decimal(quantity), due, None)
    world.append(stock_stream(item_id, location_id), [announced])


def shop() -> World:
    """Return the shop with nothing in stock.

    `web` asks and refuses what is short, `later` asks and backorders, `market` is told.
    """
    world = World()
    add_item(world, "tea")
    add_item(world, "cup")
    add_item(world, "rope", step="0.5")
    add_item(world, "set", parts={"tea": "2", "cup": "1"})
    add_location(world, "north", latitude=55.0, longitude=-1.6)
    add_location(world, "south", latitude=50.9, longitude=-1.4)
    add_location(
        world, "shop", kind="store", capabilities=("ship", "pickup"), latitude=53.5, longitude=-2.2
    )
    add_channel(world, "web")
    add_channel(world, "later", backorders=True)
    add_channel(world, "market", capture_mode="told")
    return world


def stocked(**levels: str) -> World:
    """Return the shop with `tea_north="5"` of tea at north, and so on."""
    world = shop()
    for name, quantity in levels.items():
        item_id, _, location_id = name.partition("_")
        stock(world, item_id, location_id, quantity)
    return world


def given_shop(**levels: str) -> Given:
    """Start from the shop with some stock."""
    return Given(stocked(**levels))


def line(sku: str, quantity: str = "1", price: str = "10.00", **fields: Any) -> OrderLineInput:
    """Return an order line."""
    return OrderLineInput(sku=sku, quantity=Decimal(quantity), unit_price=Decimal(price), **fields)


def place(
    *lines: OrderLineInput, channel: str = "web", number: str = "1001", **fields: Any
) -> PlaceOrder:
    """Return a command that places an order to London."""
    known = {"currency": "GBP", "destination": LONDON, **fields}
    return PlaceOrder(
        id=command_id(f"{channel}/{number}"),
        now=known.pop("now", NOW),
        channel_id=channel,
        external_id=number,
        lines=lines,
        **known,
    )


def receive(item_id: str, location_id: str, quantity: str) -> ReceiveStock:
    """Return a command that takes goods in."""
    return ReceiveStock(
        id=command_id(f"receive {quantity} {item_id} {location_id}"),
        now=NOW,
        sku=item_id,
        location_id=location_id,
        quantity=Decimal(quantity),
    )


def share_of(group: str, quantity: str) -> GroupShareInput:
    """Return a share of a line."""
    return GroupShareInput(group=group, quantity=Decimal(quantity))
