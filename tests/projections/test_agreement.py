"""Read models agree with the aggregates that decide, after commands of every kind."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.base.errors import Refusal
from domain.base.streams import category_of, stock_key
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import CancelOrder, DeliverAllocation, PlaceOrder, ShipAllocation
from domain.order.evolve import evolve as evolve_order
from domain.order.state import AllocationState, Order
from domain.order.status import Stages
from domain.stock.commands import (
    AdjustStock,
    CountStock,
    ExpectReceipt,
    ReceiveStock,
    SetSafetyStock,
)
from domain.stock.evolve import evolve as evolve_stock
from domain.stock.state import NO_STOCK
from eventstore.main import Partition
from projections.backlog.queries import backlog
from projections.catalogue import READ_MODELS
from projections.database import query
from projections.engine import Engine
from projections.facts import PostgresFacts
from projections.install import install
from projections.order_lines.queries import lines_of
from projections.order_status.queries import order_status
from projections.orders.queries import order
from projections.verify import verify
from tests.support.partitions import NOON, WAREHOUSE, do, partition

SKUS = ("MUG", "TEA", "POT")
PLACES = ("A", "B")


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a partition with items, a kit, two locations and a channel that backorders."""
    with partition(postgres, schema, facts=PostgresFacts) as opened:
        install(opened.datastore, READ_MODELS)
        for sku in SKUS:
            do(opened, RegisterItem, item_id=sku.lower(), item={"sku": sku, "name": sku})
        parts = [
            {"item_id": "mug", "quantity": 2, "price_share": "0.5"},
            {"item_id": "tea", "quantity": 1, "price_share": "0.5"},
        ]
        kit = {"sku": "SET", "name": "Set", "components": parts}
        do(opened, RegisterItem, item_id="set", item=kit)
        for at in PLACES:
            do(opened, RegisterLocation, location_id=at, location=WAREHOUSE)
        channel = {"name": "web", "currency": "GBP", "sources": list(PLACES), "backorders": True}
        do(opened, OpenChannel, channel_id="web", channel=channel)
        yield opened


def lived_through(shop: Partition, seed: int, commands: int = 60) -> int:
    """Do random commands and return how many were refused."""
    draw = Random(seed)
    refused = 0
    for number in range(commands):
        try:
            _do_one(shop, draw, number)
        except Refusal:
            refused += 1
        if draw.random() < 0.3:
            Engine(shop.datastore, shop.reader, READ_MODELS).catch_up()
    return refused


def _do_one(shop: Partition, draw: Random, number: int) -> None:
    stock: dict[str, Any] = {"sku": draw.choice(SKUS), "location_id": draw.choice(PLACES)}
    which: dict[str, Any] = {"channel_id": "web", "external_id": str(draw.randrange(number + 1))}
    match draw.randrange(9):
        case 0 | 1:
            do(shop, ReceiveStock, **stock, quantity=draw.randrange(1, 9), expected_id="e1")
        case 2:
            do(shop, AdjustStock, **stock, change=draw.choice((-3, -1, 2)), reason="till")
        case 3:
            do(shop, CountStock, **stock, counted=draw.randrange(9), as_of=NOON, sequence=number)
        case 4:
            do(shop, SetSafetyStock, **stock, quantity=draw.randrange(3))
            do(shop, ExpectReceipt, **stock, expected_id="e1", quantity=5, due=NOON)
        case 5:
            _move(shop, draw, which)
        case 6:
            do(shop, CancelOrder, **which, reason="customer-request")
        case _:
            lines = [
                {"sku": sku, "quantity": draw.randrange(1, 5), "unit_price": "9.99"}
                for sku in draw.sample((*SKUS, "SET"), 2)
            ]
            placed = {**which, "external_id": str(number), "currency": "GBP", "lines": lines}
            do(shop, PlaceOrder, **placed, destination={"country": "GB"})


def _move(shop: Partition, draw: Random, which: dict[str, Any]) -> None:
    """Ship or deliver a part of some allocation of an order."""
    state = order_state(shop, f"order:web:{which['external_id']}")
    for allocation_id, held in state.allocations.items():
        if held.quantity > 0:
            quantity = draw.randrange(1, int(held.quantity) + 1)
            do(shop, ShipAllocation, **which, allocation_id=allocation_id, quantity=quantity)
        elif held.shipped > held.delivered:
            do(shop, DeliverAllocation, **which, allocation_id=allocation_id)


def order_state(shop: Partition, stream: str) -> Order:
    """Return an order as its events add up."""
    state = Order()
    for recorded in shop.reader.stream(stream):
        state = evolve_order(state, recorded.event)
    return state


def streams(shop: Partition, category: str) -> list[str]:
    """Return the streams of a category."""
    found = {recorded.stream for recorded in shop.reader.read(0, 100_000).events}
    return sorted(stream for stream in found if category_of(stream) == category)


def row(shop: Partition, text: str, *values: Any) -> tuple[Any, ...]:
    """Return the only row of a query."""
    with query(shop.datastore) as cursor:
        [found] = cursor.execute(shop.datastore.sql(text), values).fetchall()
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_read_models_agree_with_the_aggregates(shop: Partition, seed: int) -> None:
    """Figures of stock, stages and status of orders and lines are those that decisions use."""
    assert lived_through(shop, seed) < 30
    Engine(shop.datastore, shop.reader, READ_MODELS).catch_up()
    for stream in streams(shop, "stock"):
        check_stock(shop, stream)
    orders = streams(shop, "order")
    assert len(orders) >= 5
    for stream in orders:
        check_order(shop, stream)
    check_backlog(shop, orders)
    assert all(found.clean for found in verify(shop.datastore, shop.reader, READ_MODELS))


def check_stock(shop: Partition, stream: str) -> None:
    """Compare a stock item with its row."""
    state = NO_STOCK
    for recorded in shop.reader.stream(stream):
        state = evolve_stock(state, recorded.event)
    shown = row(
        shop,
        "SELECT on_hand, reserved, safety_stock, queued, shortfall, available, expected "
        "FROM {schema}.availability WHERE item_id = %s AND location_id = %s",
        *stock_key(stream),
    )
    expected = sum((receipt.quantity for receipt in state.expected.values()), Decimal(0))
    assert shown == (
        *(state.on_hand, state.reserved, state.safety_stock, state.queued),
        *(state.shortfall, state.free, expected),
    ), stream


def check_order(shop: Partition, stream: str) -> None:
    """Compare an order and its lines with their rows."""
    state = order_state(shop, stream)
    shown = order(shop.datastore, stream)
    assert shown is not None
    assert (shown.status, stages(shown)) == (state.status, sum(state.stages().values(), Stages()))
    lines = lines_of(shop.datastore, stream)
    assert {line.line_id: stages(line) for line in lines} == state.stages()
    told = order_status(shop.datastore, stream)
    assert told is not None
    assert told.status == state.status


def stages(row: Any) -> Stages:
    """Return a row's quantities by stage."""
    return Stages(**{field.name: getattr(row, field.name) for field in fields(Stages)})


def check_backlog(shop: Partition, orders: Sequence[str]) -> None:
    """Compare what locations have to do with the allocations of all orders."""
    held: dict[str, list[tuple[str, AllocationState]]] = {at: [] for at in PLACES}
    for stream in orders:
        for allocation in order_state(shop, stream).allocations.values():
            held[allocation.location_id].append((stream, allocation))
    assert {
        row.location_id: (row.open_fulfilments, row.units_allocated, row.units_in_transit)
        for row in backlog(shop.datastore)
    } == {
        at: (
            len({stream for stream, allocation in parts if allocation.quantity > 0}),
            sum(allocation.quantity for _, allocation in parts),
            sum(allocation.shipped - allocation.delivered for _, allocation in parts),
        )
        for at, parts in held.items()
    }
