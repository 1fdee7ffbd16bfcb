"""What is told of shops with full days, transfers and several groups is true of them."""

from dataclasses import replace

from domain.handlers.explaining.shape import Explanation
from domain.order.commands import GroupInput, PlaceOrder
from domain.routing.choosing import ActivePolicy
from domain.routing.policy import Constraints, Criterion, Policy
from tests.domain.explaining.recorded_world import RecordedWorld
from tests.domain.order.shop import (
    LONDON,
    NOW,
    add_channel,
    add_item,
    add_location,
    line,
    place,
    share_of,
    stock,
)

BRING = Policy(
    "bring",
    1,
    (Criterion("unfilled"), Criterion("promise"), Criterion("fulfilments")),
    constraints=Constraints(transfers=True),
)
PICK_UP = GroupInput(id="1", method="pickup", store="shop")


def shop(**levels: str) -> RecordedWorld:
    """Return a warehouse that sends once a day and a store, with tea."""
    world = RecordedWorld(now=NOW)
    add_item(world, "tea")
    add_location(world, "north", latitude=55.0, longitude=-1.6, capacity_per_day=1)
    add_location(world, "shop", kind="store", capabilities=("ship", "pickup"))
    add_channel(world, "later", sources=("north", "shop"), backorders=True)
    for location_id, quantity in levels.items():
        stock(world, "tea", location_id, quantity)
    return world


def told(world: RecordedWorld, command: PlaceOrder) -> Explanation:
    """Place an order by a policy that allows transfers; return its verified explanation."""
    world.look_from(
        len(world.entries),
        len(world.entries),
        ("tea",),
        lambda facts: replace(facts, policies=(ActivePolicy(BRING, 1),)),
    )
    world.do(command)
    stream = f"order:{command.channel_id}:{command.external_id}"
    [(again, explanation)] = world.remade(stream, {BRING.name: BRING})
    assert again.verified
    return explanation


def test_the_days_that_were_full_are_named() -> None:
    """The third order cannot leave on the days that the first two have, and a planner is told."""
    world = shop(north="9")
    for number in ("1", "2"):
        told(world, place(line("tea"), channel="later", number=number))
    [group] = told(world, place(line("tea"), channel="later", number="3")).groups
    assert "north had no place left on 2 Mar 2026 and 3 Mar 2026." in group.sentences
    assert "2 days until the last leaves" in "\n".join(group.sentences)


def test_a_day_that_the_orders_other_group_filled_is_named() -> None:
    """Both leave the same warehouse, a day apart."""
    groups = (GroupInput(id="a", destination=LONDON), GroupInput(id="b", destination=LONDON))
    shares = (share_of("a", "1"), share_of("b", "1"))
    placed = place(
        line("tea", "2", shares=shares), channel="later", groups=groups, destination=None
    )
    first, second = told(shop(north="9"), placed).groups
    assert [one.full_days for one in first.chosen] == [()]
    assert "north had no place left on 2 Mar 2026." in second.sentences


def test_what_others_bring_to_a_store_counts_as_found() -> None:
    """Three of five travel to the store: three are free in all, and not none."""
    [group] = told(
        shop(north="3"), place(line("tea", "5"), channel="later", groups=(PICK_UP,))
    ).groups
    [short] = group.short
    assert short.why == "Only 3 are free in all at the locations that may send it."
    assert [one.location_id for one in group.without_stock] == ["shop"]


def test_where_only_the_store_may_hand_out_others_do_not_count() -> None:
    """A store that no customer may collect from brings nobody else in."""
    world = shop(north="3")
    add_location(world, "kiosk", kind="store", capabilities=("ship",))
    add_channel(world, "told", sources=("north", "kiosk"), capture_mode="told")
    wanted = (GroupInput(id="1", method="pickup", store="kiosk"),)
    [group] = told(world, place(line("tea"), channel="told", groups=wanted)).groups
    assert group.short[0].why == "The store may not take it."
    assert (group.without_stock, group.with_too_little) == ((), ())


def test_what_another_group_of_the_order_took_is_not_free() -> None:
    """The pick-up takes all that the warehouse has: it has not some that may not be sent alone."""
    groups = (PICK_UP, GroupInput(id="2", destination=LONDON))
    shares = (share_of("1", "3"), share_of("2", "2"))
    placed = place(
        line("tea", "5", shares=shares), channel="later", groups=groups, destination=None
    )
    second = told(shop(north="3"), placed).groups[1]
    assert second.with_too_little == ()
    assert [one.location_id for one in second.without_stock] == ["north", "shop"]
