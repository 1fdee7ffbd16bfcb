"""What happens to stock happens to the orders that wait for it or lose it, in one append."""

from decimal import Decimal
from typing import Any

from domain.location.commands import ResumeLocation, SuspendLocation
from domain.order.commands import CancelOrder
from domain.order.events import AllocationLost, BackorderFilled
from domain.stock.commands import (
    AdjustStock,
    CountStock,
    ReceiveStock,
    ReleaseStock,
    ReserveStock,
    SetSafetyStock,
)
from domain.stock.events import ReservationLost, ReservationReleased, ShortfallRecorded
from tests.domain.order.shop import NOW, add_item, given_shop, line, place, stocked
from tests.support.commands import ask
from tests.support.specification import Given, Outcome

TEA: dict[str, Any] = {"sku": "TEA", "location_id": "north"}


def allocations(outcome: Outcome, order: str) -> list[tuple[str, float]]:
    """Return an order's (line, quantity) that are allocated."""
    held = outcome.state(order).allocations.values()
    return [(each.line_id, float(each.quantity)) for each in held if each.quantity]


def test_a_receipt_fills_the_backorders_it_serves() -> None:
    """The reservation made is the order's allocation, of the group that waited."""
    waiting = given_shop(tea_north="1").when(place(line("TEA", "6"), channel="later"))
    order = "order:later:1001"
    (backorder_id,) = waiting.state(order).backorders
    location_id = waiting.state(order).backorders[backorder_id].location_id
    stream = f"stock:tea@{location_id}"
    before = set(waiting.state(stream).reservations)
    outcome = waiting.and_when(ask(ReceiveStock, sku="TEA", location_id=location_id, quantity=4))
    (allocation_id,) = set(outcome.state(stream).reservations) - before
    filled = BackorderFilled(backorder_id, allocation_id, "1", "1", location_id, Decimal(4))
    outcome.then(order, filled).then_only(order, stream)
    outcome.answers(
        available=0,
        lost=[],
        served=[
            {"channel_id": "later", "external_id": "1001", "line_id": "1", "quantity": 4},
        ],
    )
    assert sorted(allocations(outcome, order)) == [("1", 1), ("1", 4)]
    assert outcome.state(order).backorders[backorder_id].quantity == 1


def test_a_count_takes_the_allocation_from_the_order() -> None:
    """What is lost is unassigned again, for re-routing."""
    placed = given_shop(tea_north="10").when(place(line("TEA", "8")))
    (allocation_id,) = placed.state("order:web:1001").allocations
    outcome = placed.and_when(ask(CountStock, **TEA, counted=5, as_of=NOW))
    outcome.then(
        "order:web:1001",
        AllocationLost(allocation_id, "1", "north", Decimal(3), "count by count"),
    )
    outcome.then_only("order:web:1001", "stock:tea@north")
    lost = {"channel_id": "web", "external_id": "1001", "line_id": "1", "quantity": 3}
    outcome.answers(on_hand=5, available=0, lost=[lost])
    assert outcome.state("order:web:1001").unassigned("1") == 3


def test_a_hold_given_back_serves_the_queue() -> None:
    """What becomes free is the queue's first."""
    hold = ask(ReserveStock, **TEA, reservation_id="window", quantity=5, purpose="window")
    held = given_shop(tea_north="5").when(hold)
    waiting = held.and_when(place(line("TEA", "3"), channel="later"))
    (backorder,) = waiting.state("order:later:1001").backorders.values()
    assert backorder.location_id == "north"
    outcome = waiting.and_when(ask(ReleaseStock, **TEA, reservation_id="window", reason="over"))
    outcome.answers(available=2).then_only("order:later:1001", "stock:tea@north")
    assert allocations(outcome, "order:later:1001") == [("1", 3)]


def test_a_kit_that_loses_one_component_gives_back_the_others() -> None:
    """Of three sets of two teas and a cup, one tea lost is one set lost."""
    placed = given_shop(tea_north="6", cup_north="3").when(place(line("SET", "3")))
    (allocation_id,) = placed.state("order:web:1001").allocations
    waiting = placed.and_when(place(line("CUP", "1"), channel="later", number="2"))
    outcome = waiting.and_when(ask(AdjustStock, **TEA, change=-1, reason="broken"))
    assert outcome.decision is not None
    assert outcome.decision.events["stock:tea@north"][1:] == [
        ShortfallRecorded(Decimal(1), "broken"),
        ReservationLost(allocation_id, "order:web:1001", "1", Decimal(1)),
        ShortfallRecorded(Decimal(0), "broken: reservations lost"),
        ReservationReleased(allocation_id, Decimal(1), "broken"),
    ]
    assert outcome.decision.events["stock:cup@north"][0] == ReservationReleased(
        allocation_id, Decimal(1), "broken"
    )
    outcome.then(
        "order:web:1001", AllocationLost(allocation_id, "1", "north", Decimal(1), "broken")
    )
    assert outcome.state("order:web:1001").unassigned("1") == 1


def test_what_a_kit_gives_back_serves_who_waits_for_it() -> None:
    """The cup of the lost set goes to the order that waits for a cup."""
    placed = given_shop(tea_north="6", cup_north="3").when(place(line("SET", "3")))
    waiting = placed.and_when(place(line("CUP", "1"), channel="later", number="2"))
    (backorder,) = waiting.state("order:later:2").backorders.values()
    assert backorder.location_id == "north"
    outcome = waiting.and_when(ask(AdjustStock, **TEA, change=-1, reason="broken"))
    outcome.then_only("order:web:1001", "order:later:2", "stock:tea@north", "stock:cup@north")
    assert allocations(outcome, "order:later:2") == [("1", 1)]
    assert outcome.state("stock:cup@north").queued == 0


def test_cancelling_an_order_serves_who_waits_for_its_stock() -> None:
    """The other order is filled in the append that cancels."""
    placed = given_shop(tea_north="5").when(place(line("TEA", "5")))
    waiting = placed.and_when(place(line("TEA", "2"), channel="later", number="2"))
    cancel = ask(CancelOrder, channel_id="web", external_id="1001", reason="customer-request")
    outcome = waiting.and_when(cancel)
    assert allocations(outcome, "order:web:1001") == []
    assert allocations(outcome, "order:later:2") == [("1", 2)]


def test_a_receipt_serves_whole_steps() -> None:
    """Wine is sold by six: of eight bottles six are served, and two lie for the next receipt."""
    world = stocked()
    add_item(world, "wine", step="6")
    waiting = Given(world).when(place(line("WINE", "12"), channel="later"))
    (backorder,) = waiting.state("order:later:1001").backorders.values()
    where = {"sku": "WINE", "location_id": backorder.location_id}
    first = waiting.and_when(ask(ReceiveStock, **where, quantity=8))
    first.answers(on_hand=8, available=0)
    assert allocations(first, "order:later:1001") == [("1", 6)]
    second = first.and_when(ask(ReceiveStock, **where, quantity=4))
    second.answers(on_hand=12, available=0)
    assert allocations(second, "order:later:1001") == [("1", 6), ("1", 6)]


def waiting_where_nobody_works() -> tuple[Outcome, dict[str, Any]]:
    """Return a shop where six of tea are waited for at a place that was then suspended."""
    waiting = given_shop().when(place(line("TEA", "6"), channel="later"))
    (backorder,) = waiting.state("order:later:1001").backorders.values()
    suspend = ask(SuspendLocation, location_id=backorder.location_id, reason="flood")
    return waiting.and_when(suspend), {"sku": "TEA", "location_id": backorder.location_id}


def test_a_suspended_location_takes_goods_in_and_serves_nobody() -> None:
    """Receipts, finds, counts and freed safety stock are recorded; the queue waits."""
    outcome, where = waiting_where_nobody_works()
    stream = f"stock:tea@{where['location_id']}"
    for command in (
        ask(ReceiveStock, **where, quantity=4),
        ask(SetSafetyStock, **where, quantity=2),
        ask(AdjustStock, **where, change=1, reason="found"),
        ask(CountStock, **where, counted=3, as_of=NOW),
        ask(SetSafetyStock, **where, quantity=0),
    ):
        outcome = outcome.and_when(command).answers(served=[], available=0).then_only(stream)
    assert outcome.state(stream).queued == 6


def test_the_next_rise_after_resuming_serves() -> None:
    """Resuming itself serves nobody; one more unit does, and all that came meanwhile with it."""
    outcome, where = waiting_where_nobody_works()
    location = f"location:{where['location_id']}"
    received = outcome.and_when(ask(ReceiveStock, **where, quantity=4))
    resumed = received.and_when(ask(ResumeLocation, location_id=where["location_id"]))
    resumed.then_only(location)
    outcome = resumed.and_when(ask(ReceiveStock, **where, quantity=1))
    assert allocations(outcome, "order:later:1001") == [("1", 5)]


def test_a_cancellation_at_a_suspended_location_serves_nobody() -> None:
    """What it frees waits with the queue."""
    placed = given_shop(tea_north="5").when(place(line("TEA", "5")))
    waiting = placed.and_when(place(line("TEA", "2"), channel="later", number="2"))
    (backorder,) = waiting.state("order:later:2").backorders.values()
    assert backorder.location_id == "north"
    suspended = waiting.and_when(ask(SuspendLocation, location_id="north", reason="flood"))
    cancel = ask(CancelOrder, channel_id="web", external_id="1001", reason="customer-request")
    outcome = suspended.and_when(cancel).then_only("order:web:1001", "stock:tea@north")
    assert outcome.state("stock:tea@north").queued == 2
