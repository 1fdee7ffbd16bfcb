"""A suspended location's work moves: nothing is given back that finds no place."""

from decimal import Decimal

import pytest

from domain.base.streams import location_stream, stock_stream
from domain.location.events import LocationResumed
from domain.order.commands import GroupInput
from domain.order.errors import UnknownOrder
from domain.order.holding import MOST_TRIES
from domain.order.rerouting_events import (
    AllocationsKept,
    DeliveryChoiceAwaited,
    KeptPart,
    RoutingHeld,
)
from domain.routing.facts import RoutingFacts
from tests.domain.order.rerouting import (
    held_at,
    move,
    only_allocation,
    order_in,
    picked_up,
    suspend,
    types,
)
from tests.domain.order.shop import (
    LONDON,
    ORDER,
    add_channel,
    command_id,
    line,
    place,
    share_of,
    shop,
    stock,
    stocked,
)
from tests.domain.order.test_modes import TRANSFERS
from tests.domain.order.test_reroute_order import reroute
from tests.support.specification import Given, World

NORTH, SOUTH = stock_stream("tea", "north"), stock_stream("tea", "south")


def ordered(*skus: tuple[str, str], channel: str = "web", **levels: str) -> World:
    """Return a shop with one order, whose south is then suspended."""
    world = stocked(**levels)
    world.do(place(*(line(sku, quantity) for sku, quantity in skus), channel=channel))
    return suspend(world, "south")


def test_work_moves_in_one_append() -> None:
    """What the south held is reserved at the north; sums before and after are the same."""
    world = ordered(("tea", "3"), tea_south="5")
    stock(world, "tea", "north", "4")
    outcome = Given(world).when(move("south"))
    assert types(outcome) == ["AllocationReleased", "LinesAllocated"]
    outcome.then_only(ORDER, SOUTH, NORTH).answers(moved=3, kept=0, choices=[])
    assert outcome.state(SOUTH).reserved == 0
    assert outcome.state(NORTH).reserved == 3
    assert outcome.decision is not None
    assert outcome.decision.events[ORDER][1].cause == "suspended"  # type: ignore[attr-defined]


def test_what_nobody_else_has_stays_reserved() -> None:
    """Two of three find a place; the third stays, and the log says so."""
    world = ordered(("tea", "3"), tea_south="5")
    stock(world, "tea", "north", "2")
    held = only_allocation(world, "south")
    outcome = Given(world).when(move("south"))
    outcome.answers(moved=2, kept=1)
    assert held_at(outcome) == {"south": 1, "north": 2}
    assert outcome.decision is not None
    assert outcome.decision.events[ORDER][-1] == AllocationsKept(
        "south", (KeptPart(held, "1", "1", Decimal(1)),), "no-other-place"
    )
    assert order_in(outcome).unassigned("1") == 0
    outcome.and_when(reroute()).then_nothing()


def test_that_nothing_moves_is_recorded_once() -> None:
    """The try is in the log; the same again is silent; goods elsewhere bring another."""
    world = ordered(("tea", "3"), tea_south="5")
    first = Given(world).when(move("south"))
    assert types(first) == ["RoutingFoundNothing", "AllocationsKept"]
    first.then_only(ORDER).answers(moved=0, kept=3)
    again = first.and_when(move("south"))
    again.then_nothing().answers(moved=0, kept=3)
    stock(again.world, "tea", "north", "9")
    assert held_at(again.and_when(move("south"))) == {"north": 3}


@pytest.mark.parametrize("backorders", [True, False])
def test_a_channel_with_backorders_gives_no_goods_up_for_a_queue(*, backorders: bool) -> None:
    """Goods at a closed place are better than none at an open one: they stay reserved."""
    world = stocked(tea_south="5")
    add_channel(world, "any", backorders=backorders)
    world.do(place(line("tea", "3"), channel="any"))
    outcome = Given(suspend(world, "south")).when(move("south", channel="any"))
    assert held_at(outcome, "any") == {"south": 3}
    assert not any(b.quantity for b in order_in(outcome, "any").backorders.values())


def test_a_backorder_waits_where_it_queues() -> None:
    """What is held moves, what is queued at the suspended place stays in its queue."""
    world = stocked(tea_south="2")
    add_channel(world, "any", backorders=True, sources=("south",))
    world.do(place(line("tea", "5"), channel="any"))
    (waiting,) = order_in(world, "any").backorders.values()
    outcome = Given(suspend(world, "south")).when(move("south", channel="any"))
    assert tuple(order_in(outcome, "any").backorders.values()) == (waiting,)


def test_only_the_lines_that_find_a_place_move() -> None:
    """Tea goes north, the cup stays."""
    world = ordered(("tea", "1"), ("cup", "1"), tea_south="5", cup_south="5")
    stock(world, "tea", "north", "9")
    outcome = Given(world).when(move("south"))
    assert held_at(outcome) == {"north": 1, "south": 1}
    assert only_allocation(outcome, "south") in order_in(outcome).allocations


def split(rule: str, **levels: str) -> World:
    """Return an order of 3 tea and 1 cup, all at the south, under a split rule."""
    world = stocked(tea_south="5", cup_south="5", **levels)
    add_channel(world, "any", split=rule)
    world.do(place(line("tea", "3"), line("cup", "1"), channel="any"))
    assert held_at(world, "any") == {"south": 4}
    return suspend(world, "south")


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("quantities", {"north": 3, "south": 1}),
        ("lines", {"north": 1, "south": 3}),
        ("never", {"south": 4}),
    ],
)
def test_the_channels_split_rule_holds_for_moves(rule: str, held: dict[str, int]) -> None:
    """Two of three teas and the cup are there: parts, whole lines, or nothing move."""
    world = split(rule)
    stock(world, "tea", "north", "2")
    stock(world, "cup", "north", "1")
    outcome = Given(world).when(move("south", channel="any"))
    assert held_at(outcome, "any") == held


def test_an_order_that_must_not_be_split_moves_whole() -> None:
    """One place has all of it."""
    world = split("never")
    stock(world, "tea", "north", "9")
    stock(world, "tea", "shop", "9")
    stock(world, "cup", "shop", "9")
    assert held_at(Given(world).when(move("south", channel="any")), "any") == {"shop": 4}


def test_lines_of_which_none_is_there_whole_all_stay() -> None:
    """Where lines must not be split a part of each is nothing."""
    world = split("lines")
    stock(world, "tea", "north", "2")
    outcome = Given(world).when(move("south", channel="any"))
    assert types(outcome, "any") == ["RoutingFoundNothing", "AllocationsKept"]


def test_a_kit_moves_with_all_its_parts() -> None:
    """Sets are reserved whole at the north; one whose cup is missing stays."""
    world = ordered(("set", "2"), tea_south="4", cup_south="2")
    stock(world, "tea", "north", "9")
    stock(world, "cup", "north", "1")
    outcome = Given(world).when(move("south"))
    assert held_at(outcome) == {"north": 1, "south": 1}
    assert outcome.state(stock_stream("cup", "south")).reserved == 1
    assert outcome.state(SOUTH).reserved == 2
    assert outcome.state(NORTH).reserved == 2


def test_a_pick_up_waits_for_its_customers_choice() -> None:
    """Its goods stay reserved in the suspended store; nobody routes them; asked once."""
    world = suspend(picked_up(stocked(tea_shop="2", tea_north="9")), "shop")
    outcome = Given(world).when(move("shop"))
    outcome.then(ORDER, DeliveryChoiceAwaited("1", "shop", "suspended"))
    outcome.answers(moved=0, choices=["1"])
    assert held_at(outcome) == {"shop": 2}
    outcome.and_when(move("shop")).then_nothing()


def test_goods_on_their_way_to_a_suspended_store_wait_for_their_customers_choice() -> None:
    """The store has nothing of it: another place was to send it, or it waits in the queue."""
    world = shop()
    add_channel(world, "later", backorders=True)
    stock(world, "tea", "north", "2")
    world.facts = RoutingFacts(0, {}, {}, policies=(TRANSFERS,))
    for quantity, channel, held in (("2", "web", {"north": 2}), ("1", "later", {})):
        picked_up(world, quantity, channel=channel)
        outcome = Given(suspend(world, "shop")).when(move("shop", channel=channel))
        outcome.then(f"order:{channel}:1001", DeliveryChoiceAwaited("1", "shop", "suspended"))
        assert held_at(outcome, channel) == held
        outcome.and_when(move("shop", channel=channel)).then_nothing()
        world.append(location_stream("shop"), [LocationResumed()])


def test_what_is_shipped_moves_beside_a_pick_up_that_waits() -> None:
    """One order has both at the store: one group is routed, the other asks."""
    world = stocked(tea_shop="4")
    groups = (
        GroupInput(id="home", destination=LONDON),
        GroupInput(id="1", method="pickup", store="shop"),
    )
    shares = (share_of("home", "3"), share_of("1", "1"))
    world.do(place(line("tea", "4", shares=shares), groups=groups, destination=None))
    stock(world, "tea", "north", "9")
    outcome = Given(suspend(world, "shop")).when(move("shop"))
    assert types(outcome) == ["DeliveryChoiceAwaited", "AllocationReleased", "LinesAllocated"]
    assert held_at(outcome) == {"shop": 1, "north": 3}


@pytest.mark.parametrize("move_work", [True, False])
def test_an_open_place_and_one_that_keeps_its_work_lose_nothing(*, move_work: bool) -> None:
    """Work moves only while the suspension says so."""
    world = stocked(tea_south="5")
    world.do(place(line("tea", "3")))
    stock(world, "tea", "north", "9")
    suspend(world, "south", move_work=move_work)
    if move_work:
        world.append(location_stream("south"), [LocationResumed()])
    Given(world).when(move("south")).then_nothing().answers(moved=0, kept=0)


def test_an_order_tried_too_often_stays() -> None:
    """Moved ten times to and fro, it keeps its place, and the log says why, once."""
    world = stocked(tea_south="1", tea_north="1")
    world.do(place(line("tea", "1")))
    for number in range(MOST_TRIES):
        (site,) = held_at(world)
        suspend(world, site)
        again = move(site).model_copy(update={"id": command_id(f"move {number}")})
        world = Given(world).when(again).answers(moved=1).world
        world.append(location_stream(site), [LocationResumed()])
    (site,) = held_at(world)
    outcome = Given(suspend(world, site)).when(move(site))
    outcome.answers(moved=0, kept=1)
    assert outcome.decision is not None
    (kept,) = outcome.decision.events[ORDER]
    assert isinstance(kept, AllocationsKept)
    assert (kept.location_id, kept.reason) == (site, "too-many-tries")
    outcome.and_when(move(site)).then_nothing()


def test_a_held_order_moves_unless_it_was_tried_too_often() -> None:
    """A hold because nobody is left is about what is open, not about what is held."""
    for reason, held in (("nothing-left", {"north": 3}), ("too-many-tries", {"south": 3})):
        world = ordered(("tea", "3"), tea_south="5")
        stock(world, "tea", "north", "9")
        world.append(ORDER, [RoutingHeld(reason, 3)])  # type: ignore[arg-type]
        assert held_at(Given(world).when(move("south"))) == held


def test_the_first_promise_is_what_the_new_reservation_is_held_for() -> None:
    """Moving makes nobody wait behind younger orders."""
    world = ordered(("tea", "3"), tea_south="5")
    stock(world, "tea", "north", "9")
    outcome = Given(world).when(move("south"))
    (group,) = order_in(outcome).groups
    (held,) = outcome.state(NORTH).reservations.values()
    assert group.first_promise is not None
    assert held.promise == group.first_promise.ship_by


def test_an_unknown_order_is_refused() -> None:
    """There is nothing to move."""
    Given(stocked()).when(move("south")).refused(UnknownOrder, field="external_id")
