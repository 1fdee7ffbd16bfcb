"""Routing anew what an order has unassigned."""

from datetime import timedelta
from decimal import Decimal

from domain.base.streams import location_stream, order_stream, stock_stream
from domain.location.events import LocationSuspended
from domain.order.commands import RerouteOrder
from domain.order.errors import UnknownOrder
from domain.order.events import (
    AllocationLost,
    GroupPromise,
    LinesAllocated,
    RoutingFoundNothing,
)
from domain.order.state import Order
from domain.stock.commands import CountStock
from domain.stock.events import StockReserved
from tests.domain.order.shop import (
    NOW,
    ORDER,
    add_channel,
    command_id,
    line,
    place,
    receive,
    stock,
    stocked,
)
from tests.support.specification import Given, Outcome, World

LATER = NOW + timedelta(days=1)
DAY = timedelta(days=1)
SOUTH = stock_stream("tea", "south")
NORTH = stock_stream("tea", "north")


def reroute(channel: str = "web", number: str = "1001") -> RerouteOrder:
    """Return a command that routes an order again."""
    return RerouteOrder(
        id=command_id(f"reroute {channel} {number}"),
        now=LATER,
        channel_id=channel,
        external_id=number,
        cause="stock was lost",
    )


def count(world: World, location_id: str, counted: str) -> None:
    """Count tea at a place."""
    world.do(
        CountStock(
            id=command_id(f"count {counted}"),
            now=NOW + timedelta(hours=1),
            sku="tea",
            location_id=location_id,
            counted=Decimal(counted),
            as_of=NOW + timedelta(hours=1),
        )
    )


def with_a_loss(channel: str = "web", quantity: str = "5", left: str = "2", **levels: str) -> World:
    """Return a shop with one order at south, of which a count left only some."""
    world = stocked(tea_south="5", **levels)
    world.do(place(line("tea", quantity), channel=channel))
    count(world, "south", left)
    order: Order = world.state(order_stream(channel, "1001"))
    assert order.unassigned("1") == Decimal(quantity) - Decimal(left)
    return world


def routed(outcome: Outcome, stream: str = ORDER) -> LinesAllocated:
    """Return the only event on the order."""
    assert outcome.decision is not None
    (event,) = outcome.decision.events[stream]
    assert isinstance(event, LinesAllocated)
    return event


def test_lost_quantities_are_found_elsewhere() -> None:
    """What a count took is reserved at another place; what is held stays untouched."""
    world = with_a_loss()
    stock(world, "tea", "north", "9")
    command = reroute()
    outcome = Given(world).when(command)
    outcome.then_only(ORDER, NORTH)
    allocation_id = command.new_id("allocation", 0)
    outcome.then(NORTH, StockReserved(allocation_id, ORDER, "1", Decimal(3), 0, NOW + DAY))
    order: Order = outcome.state(ORDER)
    assert order.stages()["1"].reserved == 5
    assert outcome.state(SOUTH).reserved == 2


def test_the_first_promise_is_kept_and_the_current_one_moves() -> None:
    """The group remembers what it was promised first; the new reservation is held for that."""
    world = with_a_loss()
    stock(world, "tea", "north", "9")
    outcome = Given(world).when(reroute())
    (group,) = outcome.state(ORDER).groups
    assert group.first_promise == GroupPromise("1", NOW + DAY, None)
    assert group.promise == GroupPromise("1", LATER + DAY, None)


def test_what_is_found_nowhere_is_told_once() -> None:
    """A channel without backorders leaves it unassigned, and a second try is silent."""
    world = with_a_loss()
    outcome = Given(world).when(reroute())
    assert outcome.decision is not None
    (event,) = outcome.decision.events[ORDER]
    assert isinstance(event, RoutingFoundNothing)
    outcome.then_only(ORDER)
    again = outcome.and_when(reroute())
    again.then_nothing()
    assert outcome.state(ORDER).unassigned("1") == 3


def test_after_something_happened_to_the_order_finding_nothing_is_told_again() -> None:
    """Another loss is news, so that the next attempt is recorded too."""
    world = Given(with_a_loss()).when(reroute()).world
    (allocation_id,) = world.state(ORDER).allocations
    world.append(ORDER, [AllocationLost(allocation_id, "1", "south", Decimal(1), "theft")])
    Given(world).when(reroute()).then_only(ORDER)


def test_what_is_short_is_queued_where_the_channel_backorders() -> None:
    """Lost goods join the queue, where the order then waits for them."""
    world = with_a_loss("later")
    stream = order_stream("later", "1001")
    outcome = Given(world).when(reroute("later"))
    event = routed(outcome, stream)
    assert [(one.line_id, int(one.quantity)) for one in event.backorders] == [("1", 3)]
    assert event.promises == (GroupPromise("1", None, None),)
    outcome.and_when(reroute("later")).then_nothing()


def test_a_kit_that_waited_is_routed_when_its_parts_are_there() -> None:
    """A set that no place had is reserved after the cups came, and gets its promise."""
    stream = order_stream("market", "1001")
    world = stocked(tea_south="4")
    world.do(place(line("set", "2"), channel="market"))
    world.do(receive("cup", "south", "1"))
    outcome = Given(world).when(reroute("market"))
    assert [int(one.quantity) for one in routed(outcome, stream).allocations] == [1]
    assert outcome.state(stream).unassigned("1") == 1
    world = outcome.world
    stock(world, "cup", "south", "5")
    again = reroute("market").model_copy(update={"id": command_id("again")})
    last = Given(world).when(again)
    assert routed(last, stream).promises == (GroupPromise("1", LATER + DAY, None),)
    assert last.state(stream).unassigned("1") == 0


def test_an_order_is_not_in_its_own_way() -> None:
    """Its own reservations stay; only what they leave is looked at, and nothing is lost by it."""
    world = with_a_loss()
    stock(world, "tea", "south", "3")
    outcome = Given(world).when(reroute())
    assert [one.location_id for one in routed(outcome).allocations] == ["south"]
    assert (outcome.state(SOUTH).reserved, outcome.state(SOUTH).on_hand) == (5, 5)


def test_a_suspended_place_is_passed_over() -> None:
    """Goods at a suspended place do not help."""
    world = with_a_loss()
    stock(world, "tea", "north", "9")
    stock(world, "tea", "shop", "9")
    world.append(location_stream("north"), [LocationSuspended("flood")])
    outcome = Given(world).when(reroute())
    assert [one.location_id for one in routed(outcome).allocations] == ["shop"]


def test_an_order_that_must_not_be_split_waits_where_the_rest_is() -> None:
    """Another place has the goods, but the order must come from one."""
    world = stocked(tea_south="5", tea_north="9")
    add_channel(world, "whole", backorders=True, split="never")
    world.do(place(line("tea", "5"), channel="whole"))
    stream = order_stream("whole", "1001")
    count(world, "south", "2")
    outcome = Given(world).when(reroute("whole"))
    event = routed(outcome, stream)
    assert event.allocations == ()
    assert [(one.location_id, int(one.quantity)) for one in event.backorders] == [("south", 3)]


def test_nothing_unassigned_is_nothing_to_do() -> None:
    """An order that holds all it wants is left alone."""
    world = stocked(tea_south="5")
    world.do(place(line("tea", "5")))
    Given(world).when(reroute()).then_nothing().answers(status="open", routed=[])


def test_an_unknown_order_is_refused() -> None:
    """There is nothing to route."""
    Given(stocked()).when(reroute()).refused(UnknownOrder, field="external_id")
