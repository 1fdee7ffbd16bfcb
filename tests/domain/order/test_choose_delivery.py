"""The customer chooses how a delivery goes on that its store will not hand out."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.base.streams import stock_stream, subject_stream
from domain.order.commands import CancelOrder, GroupInput, ShipAllocation
from domain.order.errors import (
    CannotDeliverThere,
    InvalidOrder,
    NoChoiceAwaited,
    UnknownGroup,
    UnknownOrder,
)
from domain.order.rerouting_events import DeliveryChosen, RoutingHeld
from domain.stock.errors import InsufficientStock
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased
from tests.domain.order.rerouting import (
    LATER,
    choose,
    held_at,
    move,
    only_allocation,
    order_in,
    picked_up,
    refuse,
    suspend,
    types,
)
from tests.domain.order.shop import (
    LONDON,
    ORDER,
    add_channel,
    add_location,
    command_id,
    line,
    place,
    stock,
    stocked,
)
from tests.domain.order.test_reroute_order import reroute
from tests.support.specification import Given, World

SHOP = stock_stream("tea", "shop")


def with_two_stores(**levels: str) -> World:
    """Return a shop whose channel sells from a second store too."""
    world = stocked(**levels)
    add_location(world, "kiosk", kind="store", capabilities=("pickup",))
    add_channel(world, "both", sources=("north", "shop", "kiosk"))
    add_channel(world, "later", sources=("north", "shop", "kiosk"), backorders=True)
    return world


def refused(world: World, channel: str = "both", **fields: Any) -> World:
    """Return the world after the shop refused what is picked up there."""
    picked_up(world, channel=channel)
    command = refuse(only_allocation(world, "shop", channel), channel=channel, **fields)
    return Given(world).when(command).world


def test_another_store_gets_the_group() -> None:
    """It is reserved there in the same append, and nothing is awaited any more."""
    world = refused(with_two_stores(tea_shop="2"))
    stock(world, "tea", "kiosk", "2")
    outcome = Given(world).when(choose("another-store", channel="both", store="kiosk"))
    assert types(outcome, "both") == ["DeliveryChosen", "LinesAllocated"]
    assert held_at(outcome, "both") == {"kiosk": 2}
    (group,) = order_in(outcome, "both").groups
    assert (group.store, group.method, group.awaits_choice) == ("kiosk", "pickup", None)


def test_what_the_old_store_still_held_goes_along() -> None:
    """One of two was refused: both are at the new store, the other is free at the old one."""
    world = refused(with_two_stores(tea_shop="2"), quantity=1)
    assert held_at(world, "both") == {"shop": 1}
    stock(world, "tea", "kiosk", "2")
    outcome = Given(world).when(choose("another-store", channel="both", store="kiosk"))
    assert types(outcome, "both") == ["DeliveryChosen", "AllocationReleased", "LinesAllocated"]
    assert held_at(outcome, "both") == {"kiosk": 2}
    assert outcome.state(SHOP).free == 2


def test_another_way_is_promised_anew() -> None:
    """Ready at the kiosk on Tuesday; that nobody knew when a parcel comes is of no matter now."""
    world = with_two_stores(tea_north="2")
    world.do(place(line("tea", "2"), channel="both"))
    [group] = order_in(world, "both").groups
    assert group.promise is not None
    assert group.promise.deliver_by is None
    command = refuse(only_allocation(world, "north", "both"), channel="both")
    held = Given(world).when(command).world
    held.append("order:both:1001", [RoutingHeld("nothing-left", 1)])
    stock(held, "tea", "kiosk", "2")
    outcome = Given(held).when(choose("another-store", channel="both", store="kiosk"))
    [group] = order_in(outcome, "both").groups
    assert group.promise is not None
    assert group.promise.deliver_by == datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)


def test_it_is_shipped_home_instead() -> None:
    """From anywhere but the store that refused; the address is sealed for the order's person."""
    world = refused(with_two_stores(tea_shop="9", tea_north="2"))
    home = {**LONDON.model_dump(), "recipient": "Ada", "street": "1 High Street"}
    outcome = Given(world).when(choose("ship", channel="both", destination=home))
    assert held_at(outcome, "both") == {"north": 2}
    (group,) = order_in(outcome, "both").groups
    assert (group.method, group.store, group.place.postal_code) == ("ship", None, "SW1A 1AA")
    assert outcome.decision is not None
    assert outcome.decision.subject == "order:both:1001"
    chosen = outcome.decision.events["order:both:1001"][0]
    assert isinstance(chosen, DeliveryChosen)
    assert chosen.group.destination.recipient is not None
    world.append(subject_stream("order:both:1001"), [SubjectErased("request")])
    Given(world).when(choose("ship", channel="both", destination=home)).refused(SubjectIsErased)


def test_who_waits_asks_the_same_store_again() -> None:
    """The store may serve the group once more, and what is not there stays open for the job."""
    world = refused(with_two_stores(tea_shop="2"))
    outcome = Given(world).when(choose("wait", channel="both"))
    assert types(outcome, "both") == ["DeliveryChosen", "LinesAllocated"]
    assert held_at(outcome, "both") == {"shop": 2}
    assert order_in(outcome, "both").refused_by == frozenset()


def test_who_waits_at_a_suspended_store_is_not_asked_again() -> None:
    """What it holds stays reserved there."""
    world = suspend(picked_up(with_two_stores(tea_shop="2"), channel="both"), "shop")
    world = Given(world).when(move("shop", channel="both")).world
    outcome = Given(world).when(choose("wait", channel="both"))
    assert types(outcome, "both") == ["DeliveryChosen"]
    outcome.and_when(move("shop", channel="both")).then_nothing()
    assert held_at(outcome, "both") == {"shop": 2}


def test_a_suspended_stores_goods_are_given_back_when_the_group_leaves() -> None:
    """Reserved at the new store, free at the old one."""
    world = suspend(picked_up(with_two_stores(tea_shop="2"), channel="both"), "shop")
    stock(world, "tea", "kiosk", "2")
    world = Given(world).when(move("shop", channel="both")).world
    outcome = Given(world).when(choose("another-store", channel="both", store="kiosk"))
    assert held_at(outcome, "both") == {"kiosk": 2}
    assert outcome.state(SHOP).reserved == 0


def test_a_way_that_has_too_little_is_refused() -> None:
    """The customer is still asked, and nothing changed."""
    world = refused(with_two_stores(tea_shop="2"))
    stock(world, "tea", "kiosk", "1")
    command = choose("another-store", channel="both", store="kiosk")
    refusal = Given(world).when(command).refused(InsufficientStock)
    assert refusal.members["short_lines"] == [
        {"line_id": "1", "sku": "tea", "wanted": "2", "available": "1"}
    ]


def test_where_the_channel_backorders_the_group_waits_at_its_new_store() -> None:
    """What the kiosk lacks joins its queue."""
    world = refused(with_two_stores(tea_shop="2"), "later")
    outcome = Given(world).when(choose("another-store", channel="later", store="kiosk"))
    (waiting,) = order_in(outcome, "later").backorders.values()
    assert (waiting.location_id, int(waiting.quantity)) == ("kiosk", 2)


def test_what_waited_at_the_old_store_is_withdrawn() -> None:
    """A backorder of the group moves with it."""
    world = with_two_stores(tea_shop="1", tea_kiosk="9")
    picked_up(world, "3", channel="later")
    world = Given(suspend(world, "shop")).when(move("shop", channel="later")).world
    outcome = Given(world).when(choose("another-store", channel="later", store="kiosk"))
    assert types(outcome, "later") == [
        "DeliveryChosen",
        "AllocationReleased",
        "BackorderReleased",
        "LinesAllocated",
    ]
    assert held_at(outcome, "later") == {"kiosk": 3}
    assert outcome.state(SHOP).queued == 0


def test_the_same_store_is_no_other() -> None:
    """Waiting for it is a choice of its own."""
    world = refused(with_two_stores(tea_shop="2"))
    command = choose("another-store", channel="both", store="shop")
    Given(world).when(command).refused(InvalidOrder, field="store")


def test_a_store_that_could_not_send_may_hand_out() -> None:
    """It refused to ship; its customer comes to fetch it, and it is asked again."""
    world = with_two_stores(tea_shop="2")
    world.do(place(line("tea", "2"), channel="both"))
    command = refuse(only_allocation(world, "shop", "both"), channel="both")
    world = Given(world).when(command).world
    world.append("order:both:1001", [RoutingHeld("nothing-left", 1)])
    outcome = Given(world).when(choose("another-store", channel="both", store="shop"))
    assert held_at(outcome, "both") == {"shop": 2}


def test_a_held_delivery_may_be_picked_up_instead() -> None:
    """The hold is released by the customer's choice."""
    world = with_two_stores(tea_north="2", tea_kiosk="9")
    world.do(place(line("tea", "2"), channel="both"))
    command = refuse(only_allocation(world, "north", "both"), channel="both")
    world = Given(world).when(command).world
    world.append("order:both:1001", [RoutingHeld("nothing-left", 1)])
    outcome = Given(world).when(choose("another-store", channel="both", store="kiosk"))
    assert held_at(outcome, "both") == {"kiosk": 2}
    assert order_in(outcome, "both").hold is None


@pytest.mark.parametrize(
    ("choice", "fields", "refusal", "field"),
    [
        ("another-store", {}, InvalidOrder, "store"),
        ("ship", {}, InvalidOrder, "destination"),
        ("ship", {"store": "kiosk", "destination": LONDON}, InvalidOrder, "store"),
        ("wait", {"store": "kiosk"}, InvalidOrder, "store"),
        ("another-store", {"store": "nowhere"}, CannotDeliverThere, "store"),
        ("another-store", {"store": "south"}, CannotDeliverThere, "store"),
        ("wait", {"group_id": "9"}, UnknownGroup, "group_id"),
    ],
)
def test_choices_that_cannot_be(
    choice: str, fields: dict[str, Any], refusal: type[Any], field: str
) -> None:
    """Each names what it needs, and nothing else."""
    world = refused(with_two_stores(tea_shop="2", tea_south="9"))
    Given(world).when(choose(choice, channel="both", **fields)).refused(refusal, field=field)


def test_a_country_that_the_channel_does_not_sell_to_is_refused() -> None:
    """The rules of placing hold."""
    world = with_two_stores(tea_shop="2", tea_north="2")
    add_channel(world, "both", sources=("north", "shop"), countries=("GB",))
    command = choose("ship", channel="both", destination={"country": "FR"})
    Given(refused(world)).when(command).refused(CannotDeliverThere, field="destination.country")


def test_there_must_be_something_to_choose() -> None:
    """Neither a group that is well nor an unknown order."""
    world = picked_up(stocked(tea_shop="2"))
    Given(world).when(choose("wait")).refused(NoChoiceAwaited, field="group_id")
    Given(stocked()).when(choose("wait")).refused(UnknownOrder, field="external_id")
    world = stocked(tea_south="1")
    world.do(place(line("tea"), groups=(GroupInput(id="1"),)))
    world.append(ORDER, [RoutingHeld("nothing-left", 1)])
    Given(world).when(choose("wait")).refused(NoChoiceAwaited)


def test_who_has_everything_has_nothing_to_choose() -> None:
    """Refused in part, handed out in part, the rest cancelled: where it went stays as it was."""
    world = with_two_stores(tea_shop="2", tea_north="2")
    world = refused(world, quantity=Decimal(1))
    for command in (ShipAllocation, CancelOrder):
        said: dict[str, Any] = {"id": command_id(command.__name__), "now": LATER}
        if command is ShipAllocation:
            said["allocation_id"] = only_allocation(world, "shop", "both")
        else:
            said["reason"] = "other"
        world.do(command.model_validate({**said, "channel_id": "both", "external_id": "1001"}))
    home = choose("ship", channel="both", destination=LONDON)
    Given(world).when(home).refused(NoChoiceAwaited, field="group_id")


def test_who_ships_cannot_wait_for_a_store() -> None:
    """A held delivery to a door has no store."""
    world = stocked(tea_south="1")
    world.do(place(line("tea")))
    world = Given(world).when(refuse(only_allocation(world, "south"))).world
    world.append(ORDER, [RoutingHeld("nothing-left", 1)])
    Given(world).when(choose("wait")).refused(InvalidOrder, field="choice")


def test_the_job_goes_on_once_the_customer_has_chosen() -> None:
    """What the store lacks when its customer waits is found when goods come."""
    world = with_two_stores(tea_shop="2")
    world = refused(world)
    world.do(place(line("tea", "2"), channel="both", number="2"))
    outcome = Given(world).when(choose("wait", channel="both"))
    assert types(outcome, "both") == ["DeliveryChosen", "RoutingFoundNothing"]
    stock(outcome.world, "tea", "shop", "2")
    again = outcome.and_when(reroute("both"))
    assert held_at(again, "both") == {"shop": 2}
