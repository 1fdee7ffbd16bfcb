"""Modes of fulfilment, mixed in one order, and who may send where."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.base.streams import location_stream
from domain.location.events import LocationChanged, LocationSuspended
from domain.order.commands import GroupInput
from domain.order.events import LinesAllocated
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Constraints, Criterion, Policy
from domain.stock.errors import InsufficientStock
from tests.domain.order.shop import (
    LONDON,
    NOW,
    ORDER,
    add_channel,
    add_item,
    add_location,
    line,
    place,
    share_of,
    shop,
    stock,
)
from tests.support.specification import Given, Outcome, World, given_world

TRANSFERS = ActivePolicy(
    Policy(
        "transfers",
        1,
        (Criterion("unfilled"), Criterion("fulfilments"), Criterion("distance")),
        constraints=Constraints(transfers=True),
    ),
    1,
)


def allocated(outcome: Outcome, stream: str = ORDER) -> LinesAllocated:
    """Return how the order was allocated."""
    assert outcome.decision is not None
    events = outcome.decision.events[stream]
    return next(event for event in events if isinstance(event, LinesAllocated))


def changed(world: World, location_id: str, **attributes: Any) -> None:
    """Change attributes of a location."""
    stream = location_stream(location_id)
    known = replace(world.state(stream).attributes, **attributes)
    world.append(stream, [LocationChanged(known)])


def with_transfers(world: World) -> Given:
    """Allow transfers."""
    return given_world(world).given_facts(RoutingFacts(0, {}, {}, policies=(TRANSFERS,)))


def test_one_order_goes_all_ways() -> None:
    """By delivery group: warehouse, store, pick-up, reserve, transfer and partner."""
    world = shop()
    wanted = {"ware": "north", "till": "shop", "pick": "shop", "hold": "shop", "move": "south"}
    for item_id, location_id in (*wanted.items(), ("drop", "partner")):
        add_item(world, item_id)
        if location_id == "partner":
            add_location(world, "partner", kind="dropship", latitude=52.0, longitude=0.0)
        stock(world, item_id, location_id, "3")
    add_channel(world, "all", sources=("north", "south", "shop", "partner"))
    groups = tuple(
        GroupInput.model_validate({"id": group_id, "method": method, **fields})
        for group_id, method, fields in (
            ("ware", "ship", {"destination": LONDON}),
            ("till", "ship", {"destination": LONDON}),
            ("pick", "pickup", {"store": "shop"}),
            ("hold", "reserve", {"store": "shop"}),
            ("move", "pickup", {"store": "shop"}),
            ("drop", "ship", {"destination": LONDON}),
        )
    )
    lines = [line(one.id, shares=(share_of(one.id, "1"),)) for one in groups]
    outcome = with_transfers(world).when(place(*lines, channel="all", groups=groups))
    event = allocated(outcome, "order:all:1001")
    assert {one.group_id: (one.location_id, one.mode) for one in event.fulfilments} == {
        "ware": ("north", "ship-from-warehouse"),
        "till": ("shop", "ship-from-store"),
        "pick": ("shop", "pickup"),
        "hold": ("shop", "reserve"),
        "move": ("south", "transfer"),
        "drop": ("partner", "dropship"),
    }
    promised = {one.group_id: one.deliver_by for one in event.promises}
    assert promised["pick"] == datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)
    assert promised["move"] == datetime(2026, 3, 5, 23, 59, 59, tzinfo=UTC)
    assert promised["drop"] is None


def pick_up(world: World, channel: str = "web", quantity: str = "5") -> Outcome:
    """Order tea to be picked up at the shop, with transfers allowed."""
    groups = (GroupInput(id="1", method="pickup", store="shop"),)
    command = place(line("tea", quantity), channel=channel, groups=groups)
    return with_transfers(world).when(command)


def test_what_nobody_can_bring_waits_at_the_store() -> None:
    """The reservation stands where it is sent from, the backorder where it is collected."""
    world = shop()
    stock(world, "tea", "north", "3")
    event = allocated(pick_up(world, "later"), "order:later:1001")
    assert [(one.location_id, int(one.quantity)) for one in event.allocations] == [("north", 3)]
    assert [(one.location_id, int(one.quantity)) for one in event.backorders] == [("shop", 2)]


def test_a_short_pick_up_is_refused_on_what_everybody_truly_has() -> None:
    """Stock that no read model knows of is found at the other places."""
    world = shop()
    stock(world, "tea", "north", "3")
    stock(world, "tea", "south", "2")
    event = allocated(pick_up(world))
    assert sorted((one.location_id, int(one.quantity)) for one in event.allocations) == [
        ("north", 3),
        ("south", 2),
    ]
    pick_up(world, quantity="6").refused(InsufficientStock)


def test_a_store_that_closed_meanwhile_gets_nothing() -> None:
    """Its own stream is looked at though the goods come from elsewhere."""
    world = shop()
    stock(world, "tea", "north", "9")
    world.append(location_stream("shop"), [LocationSuspended("flood", move_work=True)])
    pick_up(world).refused(InsufficientStock)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"countries": ("FR", "DE")}, "country-not-served"),
        ({"channels": ("till",)}, "channel-not-served"),
        ({"capabilities": ("pickup",)}, "capability-missing"),
        ({"open_days": ()}, "closed"),
        ({"capacity_per_day": 0}, "closed"),
    ],
)
def test_who_may_not_send_does_not(change: dict[str, Any], reason: str) -> None:
    """A nearer place with stock is passed over, and the reason is counted."""
    world = shop()
    for location_id in ("north", "south"):
        stock(world, "tea", location_id, "5")
    changed(world, "south", **change)
    event = allocated(given_world(world).when(place(line("tea"))))
    assert [one.location_id for one in event.allocations] == ["north"]
    assert [one.reason for one in event.decision.exclusions] == [reason]


def test_a_location_sends_to_the_countries_it_serves() -> None:
    """Named, the country of the order is served; no names serve every country."""
    world = shop()
    stock(world, "tea", "south", "5")
    changed(world, "south", countries=("GB",))
    event = allocated(given_world(world).when(place(line("tea"))))
    assert [one.location_id for one in event.allocations] == ["south"]


def test_goods_wait_while_a_location_is_closed_for_single_days() -> None:
    """Monday and Tuesday are closed: they leave on Wednesday."""
    world = shop()
    stock(world, "tea", "south", "5")
    changed(world, "south", closed_on=(date(2026, 3, 2), date(2026, 3, 3)))
    event = allocated(given_world(world).when(place(line("tea"), now=NOW)))
    assert [one.leaves for one in event.fulfilments] == [date(2026, 3, 4)]
    assert event.promises[0].ship_by == datetime(2026, 3, 4, 14, tzinfo=UTC)
