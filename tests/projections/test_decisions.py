"""Decisions of a real partition, made again from its log."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest

from domain.base.errors import Refusal
from domain.base.streams import order_stream
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import (
    ChangeLocation,
    RegisterLocation,
    ResumeLocation,
    SuspendLocation,
)
from domain.order.commands import PlaceOrder, RerouteOrder
from domain.order.events import LinesAllocated
from domain.stock.commands import AdjustStock, ReceiveStock
from eventstore.main import Partition
from projections.catalogue import READ_MODELS
from projections.decisions import PastDecisions
from projections.engine import Engine
from projections.facts import PostgresFacts
from projections.install import install
from tests.support.partitions import WAREHOUSE, do, partition

SKUS: Final = ("MUG", "TEA", "POT")
PLACES: Final = tuple("ABCDEF")


@pytest.fixture
def network(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a partition with a few items in six places.

    One has no coordinates, two take two fulfilments a day.
    """
    with partition(postgres, schema, facts=PostgresFacts) as opened:
        install(opened.datastore, READ_MODELS)
        for number, place in enumerate(PLACES):
            at = {**WAREHOUSE, "name": f"Depot {place}", "latitude": 50 + number}
            if place == "F":
                at = {**at, "latitude": None, "longitude": None}
            if place in "AB":
                at = {**at, "capacity_per_day": 2}
            do(opened, RegisterLocation, location_id=place, location=at)
        for sku in SKUS:
            do(opened, RegisterItem, item_id=sku.lower(), item={"sku": sku, "name": sku})
            for number, place in enumerate(PLACES):
                do(opened, ReceiveStock, sku=sku, location_id=place, quantity=4 + number)
        channel = {"name": "web", "currency": "GBP", "sources": list(PLACES), "backorders": True}
        do(opened, OpenChannel, channel_id="web", channel=channel)
        Engine(opened.datastore, opened.reader, READ_MODELS).catch_up()
        yield opened


def place_one(network: Partition, number: int) -> None:
    """Place an order of a few things."""
    draw = Random(number)
    lines = [
        {"sku": sku, "quantity": draw.randint(1, 5), "unit_price": "9.99"}
        for sku in draw.sample(SKUS, draw.randint(1, 3))
    ]
    where = {"country": "GB", "latitude": draw.uniform(50, 56), "longitude": 0.0}
    order: dict[str, Any] = {"channel_id": "web", "external_id": str(number), "currency": "GBP"}
    do(network, PlaceOrder, **order, lines=lines, destination=where)


def disturb(network: Partition, number: int) -> None:
    """Suspend, open or move a place, lose stock, or let the read models catch up."""
    draw = Random(number)
    place = draw.choice(PLACES)
    try:
        match number % 4:
            case 0:
                do(network, SuspendLocation, location_id=place, reason="flood")
            case 1:
                do(network, ResumeLocation, location_id=place)
            case 2:
                moved = {**WAREHOUSE, "latitude": draw.uniform(50, 56)}
                do(network, ChangeLocation, location_id=place, location=moved)
            case _:
                sku = draw.choice(SKUS)
                do(network, AdjustStock, sku=sku, location_id=place, change=-2, reason="theft")
    except Refusal:
        pass
    if number % 3 == 0:
        Engine(network.datastore, network.reader, READ_MODELS).catch_up()


def test_decisions_under_concurrency_are_made_again_exactly(network: Partition) -> None:
    """Eight callers, stale facts, places that close and move meanwhile: each decision is equal."""
    with ThreadPoolExecutor(8) as callers:
        done = [
            callers.submit(disturb if number % 4 == 0 else place_one, network, number)
            for number in range(120)
        ]
        for one in done:
            one.result()
    for number in range(1, 120, 7):
        order: dict[str, Any] = {"channel_id": "web", "external_id": str(number)}
        if number % 4:
            do(network, RerouteOrder, **order, cause="test")
    seen: Counter[str] = Counter()
    decisions = PastDecisions(network.datastore)
    for number in range(120):
        for made in decisions.of(network.reader.stream(order_stream("web", str(number)))):
            assert made.obstacle is None
            assert made.again is not None
            assert made.again.differences == (), number
            decision = made.decided.decision
            seen["all"] += 1
            seen["corrected"] += bool(decision.corrected)
            seen["places"] += bool(decision.corrected_locations)
            seen["stale"] += decision.facts_position < made.decided.position - 20
    assert seen["all"] >= 90
    assert min(seen["corrected"], seen["stale"], seen["places"]) > 0


def test_a_decision_that_is_not_what_the_log_says_is_told(network: Partition) -> None:
    """What differs is named, with both values; an engine that is not ours is said."""
    place_one(network, 1)
    events = network.reader.stream(order_stream("web", "1"))
    position, event = next((n, e.event) for n, e in enumerate(events) if "Lines" in e.type)
    assert isinstance(event, LinesAllocated)

    def told(changed: LinesAllocated) -> list[str]:
        forged = [*events]
        forged[position] = replace(events[position], event=changed)
        [made] = PastDecisions(network.datastore).of(forged)
        assert not made.verified
        assert made.again is not None
        return [one.what for one in made.again.differences]

    first = event.allocations[0]
    other = "A" if first.location_id != "A" else "B"
    assert told(replace(event, allocations=(replace(first, location_id=other),))) == ["allocations"]
    decision = event.decision
    figures = (replace(decision.figures[0], value=decision.figures[0].value + 1),)
    assert told(replace(event, decision=replace(decision, figures=figures))) == ["figures"]
    older = replace(event, decision=replace(decision, engine="taktstock/1"))
    events[position] = replace(events[position], event=older)
    [made] = PastDecisions(network.datastore).of(events)
    assert not made.verified
    assert "taktstock/1" in (made.obstacle or "")
