"""A suspended location's work moves by priority: nothing is lost, nothing is doubled."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from domain.catalogue import AGGREGATES
from domain.channel.commands import OpenChannel
from domain.location.commands import RegisterLocation, ResumeLocation, SuspendLocation
from domain.order.commands import PlaceOrder
from domain.order.state import Order
from domain.stock.state import StockItem
from projections.backlog.queries import LocationMoves, moves
from scheduler.jobs import move_suspended_work as module
from scheduler.jobs.move_suspended_work import move_suspended_work
from scheduler.jobs.reroute_lost_reservations import reroute_lost_reservations
from tests.scheduler.shop import NEAR, Shop, now, open_shop
from tests.support.partitions import TESTER, WAREHOUSE, do, fresh_id

ALLOWED: Final = 30.0
"""Seconds for a thousand allocations."""


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Shop]:
    """Return the shop; 3 tea of order 1001 are reserved in the north, the south has none."""
    with open_shop(postgres, schema, south=0) as opened:
        opened.place("1001")
        opened.fold()
        yield opened


def suspend(shop: Shop, location_id: str = "north", *, move_work: bool = True) -> None:
    """Suspend a location, and let the read models see it."""
    do(
        shop.partition,
        SuspendLocation,
        now=now(),
        location_id=location_id,
        reason="flood",
        move_work=move_work,
    )
    shop.fold()


def place_many(shop: Shop, number: int, *, urgent: int) -> None:
    """Place orders of one tea each; the last `urgent` of them have a higher priority."""
    answers = [
        shop.partition.oms.submit(
            PlaceOrder.model_validate(
                {
                    "id": fresh_id(),
                    "now": now(),
                    "channel_id": "web",
                    "external_id": f"{each:04d}",
                    "currency": "GBP",
                    "destination": NEAR,
                    "priority": 9 if each >= number - urgent else 0,
                    "lines": [{"sku": "TEA", "quantity": 1}],
                }
            ),
            caller=TESTER,
        )
        for each in range(number)
    ]
    for answer in answers:
        answer.result(60)


def state(shop: Shop, stream: str) -> Any:
    """Return a stream's state, folded from the log."""
    aggregate = AGGREGATES[stream.partition(":")[0]]
    found = aggregate.initial
    for recorded in shop.partition.reader.stream(stream):
        found = aggregate.evolve(found, recorded.event)
    return found


def reserved(shop: Shop) -> dict[str, int]:
    """Return how much tea the log says is reserved, by location."""
    places: dict[str, StockItem] = {p: state(shop, f"stock:tea@{p}") for p in ("north", "south")}
    for stock in places.values():
        assert stock.reserved == sum(held.quantity for held in stock.reservations.values())
    return {place: int(stock.reserved) for place, stock in places.items()}


def held_by_orders(shop: Shop, number: int) -> list[tuple[int, tuple[tuple[str, int], ...]]]:
    """Return each order's priority, and what it holds by location."""
    orders: list[Order] = [state(shop, f"order:web:{each:04d}") for each in range(number)]
    return [
        (
            order.priority,
            tuple(
                (held.location_id, int(held.quantity))
                for held in order.allocations.values()
                if held.quantity
            ),
        )
        for order in orders
    ]


def progress(shop: Shop) -> LocationMoves:
    """Return how far the work of the north has moved, as the read models show it."""
    shop.fold()
    [found] = moves(shop.partition.datastore, locations=["north"])
    return found


@pytest.mark.parametrize("number", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_all_that_can_moves_and_the_urgent_first(postgres: str, schema: str, number: int) -> None:
    """Nine tenths find a place, the priority ones all; each order holds its one tea once."""
    urgent, room = number // 10, number * 9 // 10
    with open_shop(postgres, schema, north=number, south=0) as shop:
        place_many(shop, number, urgent=urgent)
        shop.receive("south", room)
        suspend(shop)
        assert reserved(shop) == {"north": number, "south": 0}
        before = progress(shop)
        assert (before.waiting_orders, before.moved_orders) == (number, 0)
        started = time.monotonic()
        figures = move_suspended_work(shop.desk, now())
        seconds = time.monotonic() - started
        assert figures == {
            "locations": 1,
            "waiting": number,
            "tried": number,
            "moved": room,
            "kept": number - room,
        }
        assert seconds < ALLOWED
        assert reserved(shop) == {"north": number - room, "south": room}
        held = held_by_orders(shop, number)
        assert Counter(where for _, where in held) == {
            (("south", 1),): room,
            (("north", 1),): number - room,
        }
        assert {where for priority, where in held if priority == 9} == {(("south", 1),)}
        after = progress(shop)
        assert (after.moved_orders, int(after.moved_units)) == (room, room)
        assert after.waiting_orders == 0
        left = number - room
        assert after.staying == {"no-other-place": {"orders": left, "units": left}}
        head = shop.partition.reader.head()
        move_suspended_work(shop.desk, now())
        assert shop.partition.reader.head() == head
        assert reroute_lost_reservations(shop.desk, now())["waiting"] == 0


def test_what_stays_moves_when_goods_come(shop: Shop) -> None:
    """One try that finds nothing is recorded; nothing more happens until there is a change."""
    suspend(shop)
    assert move_suspended_work(shop.desk, now())["kept"] == 1
    shop.fold()
    assert move_suspended_work(shop.desk, now())["tried"] == 0
    types = [event.type for event in shop.partition.reader.stream("order:web:1001")]
    assert types[-2:] == ["RoutingFoundNothing", "AllocationsKept"]
    shop.receive("south", 3)
    shop.fold()
    with capture_logs() as logs:
        assert move_suspended_work(shop.desk, now())["moved"] == 1
    assert reserved(shop) == {"north": 0, "south": 3}
    assert [(entry["event"], entry["location"]) for entry in logs] == [("work moved", "north")]
    shop.fold()
    assert move_suspended_work(shop.desk, now())["locations"] == 0


def test_the_log_says_why_it_moved(shop: Shop) -> None:
    """The events name the job as their actor and the suspension as their cause."""
    shop.receive("south", 3)
    suspend(shop)
    move_suspended_work(shop.desk, now())
    [suspended] = [
        event
        for event in shop.partition.reader.stream("location:north")
        if event.type == "LocationSuspended"
    ]
    released, allocated = shop.partition.reader.stream("order:web:1001")[-2:]
    assert (released.type, allocated.type) == ("AllocationReleased", "LinesAllocated")
    assert released.actor == "scheduler:move_suspended_work"
    assert released.causation_id == suspended.event_id
    assert released.correlation_id == suspended.correlation_id


@pytest.mark.parametrize("move_work", [True, False])
def test_an_open_place_and_one_that_keeps_its_work_are_left_alone(
    shop: Shop, *, move_work: bool
) -> None:
    """Nothing is tried while work is not to move."""
    shop.receive("south", 3)
    suspend(shop, move_work=move_work)
    if move_work:
        do(shop.partition, ResumeLocation, now=now(), location_id="north")
        shop.fold()
    assert move_suspended_work(shop.desk, now()) == {"locations": 0, "waiting": 0, "tried": 0}


def test_a_place_that_opens_before_the_command_keeps_its_work(shop: Shop) -> None:
    """The read models still call it suspended; the log has the last word."""
    shop.receive("south", 3)
    suspend(shop)
    do(shop.partition, ResumeLocation, now=now(), location_id="north")
    assert move_suspended_work(shop.desk, now())["settled"] == 1
    assert reserved(shop) == {"north": 3, "south": 0}


def test_who_was_to_collect_at_a_closed_store_is_asked(shop: Shop) -> None:
    """The store never had the goods: the customer waits in its queue, and is asked once."""
    store = {**WAREHOUSE, "name": "shop", "kind": "store", "capabilities": ["pickup"]}
    do(shop.partition, RegisterLocation, location_id="shop", location=store)
    rules = {"name": "Later", "currency": "GBP", "sources": ["shop"], "backorders": True}
    do(shop.partition, OpenChannel, channel_id="later", channel=rules)
    groups = [{"id": "1", "method": "pickup", "store": "shop"}]
    do(
        shop.partition,
        PlaceOrder,
        channel_id="later",
        external_id="1",
        currency="GBP",
        groups=groups,
        lines=[{"sku": "TEA", "quantity": 1}],
    )
    suspend(shop, "shop")
    assert move_suspended_work(shop.desk, now())["left_to_customer"] == 1
    shop.fold()
    order: Order = state(shop, "order:later:1")
    assert [group.awaits_choice for group in order.groups] == ["suspended"]
    assert move_suspended_work(shop.desk, now()) == {"locations": 0, "waiting": 0, "tried": 0}


def test_a_run_is_bounded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that may try one leaves the other to the next run."""
    monkeypatch.setattr(module, "MOST", 1)
    shop.place("1002", 1)
    shop.receive("south", 9)
    suspend(shop)
    for _ in range(2):
        assert move_suspended_work(shop.desk, now())["tried"] == 1
        shop.fold()
    assert reserved(shop) == {"north": 0, "south": 4}
