"""Priority customers come first where stock is short, among what is decided together."""

import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.base.handling import FactsWanted
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import DestinationInput, OrderLineInput, PlaceOrder
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.routing.policy import DEFAULT_POLICY
from domain.stock.commands import ReceiveStock
from eventstore.datastore import Datastore
from eventstore.main import Partition
from tests.support.partitions import NOON, TESTER, WAREHOUSE, do, fresh_id, partition

VIPS = replace(DEFAULT_POLICY, policy_id="vips", priorities=(("vip", 7),))


class Policies:
    """Facts that know nothing but a policy for vips."""

    def __init__(self, datastore: Datastore) -> None:
        """Read nothing."""
        del datastore

    def read(self, wanted: FactsWanted) -> RoutingFacts:
        """Return the policy."""
        del wanted
        return replace(NO_FACTS, policies=(ActivePolicy(VIPS, 1),))


@pytest.fixture
def opened(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a shop with 5 units of A."""
    with partition(postgres, schema, facts=Policies) as one:
        do(one, RegisterLocation, location_id="W", location=WAREHOUSE)
        do(one, RegisterItem, item_id="A", item={"sku": "A", "name": "A"})
        do(one, ReceiveStock, sku="A", location_id="W", quantity=5)
        channel = {"name": "Web", "currency": "EUR", "sources": ["W"]}
        do(one, OpenChannel, channel_id="web", channel=channel)
        yield one


@contextmanager
def writer_busy(one: Partition) -> Iterator[None]:
    """Keep the writer waiting for the log, so that what is asked for meanwhile is one group."""
    with one.datastore.connect(autocommit=False) as blocker:
        blocker.execute(one.datastore.sql("SELECT FROM {schema}.log_head FOR UPDATE"))
        fields: dict[str, Any] = {"sku": "A", "location_id": "W", "quantity": Decimal(1)}
        receipt = ReceiveStock(id=fresh_id(), now=NOON, condition="damaged", **fields)
        one.oms.submit(receipt, caller=TESTER)
        while len(one.oms._queue):
            time.sleep(0.01)
        yield


def order(number: int, **fields: Any) -> PlaceOrder:
    """Return an order of one unit."""
    return PlaceOrder(
        id=fresh_id(),
        now=NOON,
        channel_id="web",
        external_id=str(number),
        currency="EUR",
        destination=DestinationInput(country="GB"),
        lines=(OrderLineInput(sku="A", quantity=Decimal(1)),),
        **fields,
    )


def served(one: Partition, orders: list[PlaceOrder]) -> list[int]:
    """Ask for orders at once and return the numbers of those that got a unit."""
    with writer_busy(one):
        futures = [one.oms.submit(each, caller=TESTER) for each in orders]
    wait(futures, timeout=60)
    return [number for number, future in enumerate(futures) if future.exception() is None]


def test_of_ten_orders_for_five_units_the_most_urgent_get_them(opened: Partition) -> None:
    """Own priorities and those of a policy count alike; among equals the first come first."""
    orders = [
        order(0),
        order(1, priority=3),
        order(2),
        order(3, customer_group="vip"),
        order(4, priority=9),
        order(5),
        order(6, customer_group="vip", priority=2),
        order(7, customer_group="staff"),
        order(8, priority=3),
        order(9, priority=3),
    ]
    assert served(opened, orders) == [1, 3, 4, 6, 8]
    placed = opened.reader.read(0, 1_000, {"OrderPlaced"}).events
    assert [(e.event.external_id, e.event.priority) for e in placed] == [  # type: ignore[attr-defined]
        ("4", 9),
        ("3", 7),
        ("6", 7),
        ("1", 3),
        ("8", 3),
    ]


def test_nobody_passes_goods_that_arrive(opened: Partition) -> None:
    """An order that came before a receipt is decided before it, however urgent others are."""
    fields: dict[str, Any] = {"sku": "A", "location_id": "W", "quantity": Decimal(1)}
    receipt = ReceiveStock(id=fresh_id(), now=NOON, **fields)
    with writer_busy(opened):
        first = [opened.oms.submit(order(number), caller=TESTER) for number in range(6)]
        goods = opened.oms.submit(receipt, caller=TESTER)
        last = [opened.oms.submit(order(6 + n, priority=n), caller=TESTER) for n in range(3)]
    wait([*first, goods, *last], timeout=60)
    assert [future.exception() is None for future in first] == [True] * 5 + [False]
    assert [future.exception() is None for future in last] == [False, False, True]
