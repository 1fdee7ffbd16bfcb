"""Shipping and delivering allocations."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.base.messages import Command
from domain.base.streams import stock_stream
from domain.item.errors import InvalidStep
from domain.order.commands import DeliverAllocation, ShipAllocation
from domain.order.errors import NotEnoughAllocated, UnknownAllocation, UnknownOrder
from domain.order.events import AllocationDelivered, AllocationLost, AllocationShipped
from domain.order.state import Order
from domain.stock.events import ReservationLost, StockShipped
from tests.domain.order.shop import NOW, ORDER, command_id, line, place, stocked
from tests.support.specification import Given, World

SOUTH = stock_stream("tea", "south")


def ship(allocation_id: str, quantity: str | None = None, number: str = "1001") -> ShipAllocation:
    """Return a command that ships."""
    return ShipAllocation(
        id=command_id(f"ship {allocation_id} {quantity}"),
        now=NOW,
        channel_id="web",
        external_id=number,
        allocation_id=allocation_id,
        quantity=None if quantity is None else Decimal(quantity),
        tracking="JD0002",
    )


def deliver(
    allocation_id: str, quantity: str | None = None, number: str = "1001"
) -> DeliverAllocation:
    """Return a command that delivers."""
    return DeliverAllocation(
        id=command_id(f"deliver {allocation_id} {quantity}"),
        now=NOW,
        channel_id="web",
        external_id=number,
        allocation_id=allocation_id,
        quantity=None if quantity is None else Decimal(quantity),
    )


def ordered(sku: str = "tea", quantity: str = "5") -> tuple[World, str]:
    """Return a shop with one order, and the id of its allocation."""
    world = stocked(tea_south="10", cup_south="5", rope_south="5")
    world.do(place(line(sku, quantity)))
    (allocation_id,) = world.state(ORDER).allocations
    return world, allocation_id


def test_a_whole_allocation_leaves_order_and_stock_together() -> None:
    """The shipment has an id of its own; on hand and reserved fall by what left."""
    world, allocation_id = ordered()
    command = ship(allocation_id)
    shipment_id = command.new_id("shipment", 0)
    outcome = Given(world).when(command)
    outcome.then(
        ORDER, AllocationShipped(shipment_id, allocation_id, "1", "south", Decimal(5), "JD0002")
    )
    outcome.then(SOUTH, StockShipped(allocation_id, Decimal(5), NOW))
    outcome.then_only(ORDER, SOUTH)
    outcome.answers(status="shipped", shipment_id=shipment_id)
    assert (outcome.state(SOUTH).on_hand, outcome.state(SOUTH).reserved) == (5, 0)


def test_a_kit_leaves_with_all_its_parts() -> None:
    """Shipping two of five sets takes four teas and two cups."""
    world, allocation_id = ordered("set", "5")
    outcome = Given(world).when(ship(allocation_id, "2"))
    outcome.then(SOUTH, StockShipped(allocation_id, Decimal(4), NOW))
    outcome.then(stock_stream("cup", "south"), StockShipped(allocation_id, Decimal(2), NOW))
    outcome.answers(status="partly-shipped")


def test_parts_ship_and_arrive_one_after_another() -> None:
    """Without a quantity the rest is meant, of shipping as of delivering."""
    world, allocation_id = ordered()
    world.do(ship(allocation_id, "2"))
    world.do(deliver(allocation_id, "1"))
    world.do(ship(allocation_id))
    stages = world.state(ORDER).stages()["1"]
    assert (stages.shipped, stages.delivered, stages.in_transit) == (5, 1, 4)
    outcome = Given(world).when(deliver(allocation_id))
    outcome.then(ORDER, AllocationDelivered(allocation_id, "1", Decimal(4)))
    outcome.then_only(ORDER)
    outcome.answers(status="delivered")


def test_no_more_leaves_than_is_held_and_no_more_arrives_than_left() -> None:
    """Too much is refused, with what there is."""
    world, allocation_id = ordered()
    Given(world).when(ship(allocation_id, "6")).refused(
        NotEnoughAllocated, field="quantity", reserved="5"
    )
    Given(world).when(deliver(allocation_id)).refused(
        NotEnoughAllocated, field="allocation_id", in_transit="0"
    )
    world.do(ship(allocation_id))
    Given(world).when(ship(allocation_id)).refused(
        NotEnoughAllocated, field="allocation_id", reserved="0"
    )
    Given(world).when(deliver(allocation_id, "6")).refused(
        NotEnoughAllocated, field="quantity", in_transit="5"
    )


@pytest.mark.parametrize("make", [ship, deliver])
def test_what_is_not_known_is_refused(
    make: Callable[..., Command],
) -> None:
    """Unknown orders, unknown allocations and broken steps are named."""
    world, allocation_id = ordered()
    command = make(allocation_id, number="7")
    Given(world).when(command).refused(UnknownOrder, field="external_id")
    Given(world).when(make("a")).refused(UnknownAllocation, field="allocation_id")
    Given(world).when(make(allocation_id, "0.5")).refused(InvalidStep, field="quantity")


def test_half_units_of_an_item_sold_by_half_units() -> None:
    """A step below one is as good as one."""
    world, allocation_id = ordered("rope", "2.5")
    outcome = Given(world).when(ship(allocation_id, "1.5"))
    order: Order = outcome.state(ORDER)
    assert order.stages()["1"].reserved == 1


def test_what_an_allocation_still_holds_always_leaves_and_arrives() -> None:
    """A rest that is no multiple of the line's step is not left lying, said or unsaid."""
    world, allocation_id = ordered("rope", "2.5")
    lost = AllocationLost(allocation_id, "1", "south", Decimal("0.25"), "cut")
    world.append(ORDER, [lost])
    rope = stock_stream("rope", "south")
    world.append(rope, [ReservationLost(allocation_id, ORDER, "1", Decimal("0.25"))])
    Given(world).when(ship(allocation_id, "1.25")).refused(InvalidStep, field="quantity")
    for quantity in (None, "2.25"):
        sent = Given(world).when(ship(allocation_id, quantity))
        assert sent.decision is not None
        (shipped,) = sent.decision.events[ORDER]
        assert isinstance(shipped, AllocationShipped)
        assert shipped.quantity == Decimal("2.25")
        Given(sent.world).when(deliver(allocation_id, "1.25")).refused(
            InvalidStep, field="quantity"
        )
        arrived = sent.and_when(deliver(allocation_id, quantity))
        arrived.then(ORDER, AllocationDelivered(allocation_id, "1", Decimal("2.25")))
