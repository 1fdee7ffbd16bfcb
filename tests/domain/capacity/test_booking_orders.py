"""Every decision that allocates books the day it counts on, and what ends frees it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

from domain.base.streams import capacity_stream, location_stream
from domain.capacity.events import CapacityBooked, CapacityReleased
from domain.location.events import LocationChanged, LocationSuspended
from domain.order.commands import (
    CancelLine,
    CancelOrder,
    GroupInput,
    RerouteOrder,
    ShipAllocation,
)
from domain.order.events import LinesAllocated
from domain.order.rerouting_commands import MoveAllocations, RefuseAllocation
from domain.order.rerouting_events import RefusalReason
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.plan import BookedDay
from domain.routing.policy import Criterion, CriterionName, Policy
from domain.stock.commands import AdjustStock
from tests.domain.order.shop import (
    LONDON,
    NOW,
    add_channel,
    add_location,
    command_id,
    line,
    place,
    share_of,
    shop,
    stock,
)
from tests.support.specification import World

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
"""`NOW` is Monday morning."""
THE_ORDER: dict[str, Any] = {"channel_id": "one", "external_id": "1001"}


def limited(per_day: int = 1, **more: Any) -> World:
    """Return the shop with a hundred teas at `small`, the one source of channel `one`."""
    world = shop()
    add_location(world, "small", capacity_per_day=per_day, **more)
    add_channel(world, "one", sources=("small",))
    add_channel(world, "two", sources=("small", "south"))
    stock(world, "tea", "small", "100")
    return world


def bookings(world: World, day: date) -> int:
    """Return how many places of a day are taken at `small`."""
    booked: int = world.state(capacity_stream("small", day)).booked
    return booked


def order(
    world: World, number: int, quantity: str = "1", channel: str = "one", now: datetime = NOW
) -> LinesAllocated:
    """Place an order and return how it was allocated."""
    command = place(line("tea", quantity), channel=channel, number=str(number), now=now)
    return allocated(world, command)


def allocated(world: World, command: Any) -> LinesAllocated:
    """Do a command and return how its order was allocated."""
    stream = f"order:{command.channel_id}:{command.external_id}"
    events = world.do(command).events[stream]
    return next(event for event in events if isinstance(event, LinesAllocated))


def change(world: World, per_day: int | None) -> None:
    """Change the capacity of `small`."""
    stream = location_stream("small")
    attributes = replace(world.state(stream).attributes, capacity_per_day=per_day)
    world.append(stream, [LocationChanged(attributes)])


def test_a_full_day_offers_the_next_with_its_later_promise() -> None:
    """The second order goes out a day later, and its decision names the day it found full."""
    world = limited()
    first, second = order(world, 1), order(world, 2)
    assert [one.leaves for one in (*first.fulfilments, *second.fulfilments)] == [MONDAY, TUESDAY]
    assert second.promises[0].ship_by == datetime(2026, 3, 3, 14, tzinfo=UTC)
    assert first.decision.days == ()
    assert second.decision.days == (BookedDay("small", MONDAY, 1),)
    assert world.log[capacity_stream("small", TUESDAY)] == [CapacityBooked("order:one:2", "1")]


def test_n_a_day_and_none_on_closed_days() -> None:
    """Seven orders at two a day from Friday on: weekends and closed days are left out."""
    world = limited(2, closed_on=(date(2026, 3, 10),))
    for number in range(7):
        order(world, number, now=datetime(2026, 3, 6, 9, tzinfo=UTC))
    found = {day: bookings(world, date(2026, 3, day)) for day in range(6, 14)}
    assert {day: booked for day, booked in found.items() if booked} == {6: 2, 9: 2, 11: 2, 12: 1}


def test_a_long_queue_of_full_days_takes_few_loads() -> None:
    """Forty full days that no read model knows are found, one order each."""
    world = limited()
    days = [order(world, number).fulfilments[0].leaves for number in range(41)]
    assert len(set(days)) == 41
    assert days[-1] == date(2026, 4, 27)


def test_a_location_without_a_capacity_has_no_such_streams() -> None:
    """Others cost nothing."""
    world = limited()
    stock(world, "tea", "north", "5")
    order(world, 1, channel="web")
    assert [stream for stream in world.log if stream.startswith("capacity:")] == []


def test_two_groups_of_an_order_take_two_places() -> None:
    """Each delivery group is work of its own: with one place a day the second waits."""
    world = limited(capabilities=("ship", "pickup"))
    groups = (GroupInput(id="a"), GroupInput(id="b", method="pickup", store="small"))
    lines = (line("tea", "2", shares=(share_of("a", "1"), share_of("b", "1"))),)
    event = allocated(world, place(*lines, channel="one", groups=groups))
    assert [(one.group_id, one.leaves) for one in event.fulfilments] == [
        ("a", MONDAY),
        ("b", TUESDAY),
    ]
    assert (bookings(world, MONDAY), bookings(world, TUESDAY)) == (1, 1)


def test_cancelling_the_last_of_it_frees_the_place() -> None:
    """Half an order keeps its place; the other half gives it back in the same append."""
    world = limited()
    order(world, 1001, "2")
    for number, left in ((1, 1), (2, 0)):
        world.do(
            CancelOrder(
                id=command_id(f"cancel {number}"),
                now=NOW,
                lines=(CancelLine(line_id="1", quantity=Decimal(1)),),
                reason="customer-request",
                **THE_ORDER,
            )
        )
        assert bookings(world, MONDAY) == left
    assert world.log[capacity_stream("small", MONDAY)][-1] == CapacityReleased(
        "order:one:1001", "1"
    )


def test_what_has_shipped_has_used_its_place() -> None:
    """Shipping keeps the booking, and so does cancelling what is left."""
    world = limited()
    event = order(world, 1001, "2")
    world.do(
        ShipAllocation(
            id=command_id("ship"),
            now=NOW,
            allocation_id=event.allocations[0].allocation_id,
            quantity=Decimal(1),
            **THE_ORDER,
        )
    )
    world.do(CancelOrder(id=command_id("cancel"), now=NOW, reason="customer-request", **THE_ORDER))
    assert bookings(world, MONDAY) == 1


def test_lost_stock_frees_the_place_and_routing_again_books_anew() -> None:
    """Goods that broke are not packed on Monday; their order is, when it is allocated again."""
    world = limited()
    order(world, 1001, "100")
    lost = AdjustStock(
        id=command_id("lost"),
        now=NOW,
        sku="tea",
        location_id="small",
        change=Decimal(-100),
        reason="water",
    )
    assert world.do(lost).events[capacity_stream("small", MONDAY)] == [
        CapacityReleased("order:one:1001", "1")
    ]
    stock(world, "tea", "small", "100")
    world.do(
        RerouteOrder(id=command_id("again"), now=NOW + timedelta(days=1), cause="lost", **THE_ORDER)
    )
    assert (bookings(world, MONDAY), bookings(world, TUESDAY)) == (0, 1)


def test_bookings_stand_when_the_capacity_changes_and_new_ones_see_it() -> None:
    """Raised: Monday takes one more. Lowered: what is booked stays, new work goes on Tuesday."""
    world = limited(2)
    for number in (1, 2):
        order(world, number)
    change(world, 3)
    assert order(world, 3).fulfilments[0].leaves == MONDAY
    change(world, 1)
    assert order(world, 4).fulfilments[0].leaves == TUESDAY
    assert bookings(world, MONDAY) == 3


def test_a_booking_is_freed_where_the_limit_was_lifted_since() -> None:
    """The order knows that it has a place, whatever the location has become."""
    world = limited()
    order(world, 1001)
    change(world, None)
    world.do(CancelOrder(id=command_id("c"), now=NOW, reason="customer-request", **THE_ORDER))
    assert bookings(world, MONDAY) == 0


def test_a_capacity_of_none_a_day_is_no_source() -> None:
    """It is closed, and the other source sends."""
    world = limited(0)
    stock(world, "tea", "south", "5")
    event = order(world, 1, channel="two")
    assert [one.location_id for one in event.allocations] == ["south"]
    assert [(one.reason, one.locations) for one in event.decision.exclusions] == [("closed", 1)]


def test_work_that_moves_takes_its_place_along() -> None:
    """A suspended location's places are free in the append that books them elsewhere."""
    world = limited()
    add_location(world, "other", capacity_per_day=5, latitude=51.0, longitude=-1.0)
    add_channel(world, "both", sources=("small", "other"))
    order(world, 1001, channel="both")
    stock(world, "tea", "other", "9")
    world.append(location_stream("small"), [LocationSuspended("flood", move_work=True)])
    name = {"channel_id": "both", "external_id": "1001"}
    moved = world.do(
        MoveAllocations(id=command_id("move"), now=NOW, location_id="small", **name)
    ).events
    there = capacity_stream("other", MONDAY)
    assert moved[there] == [CapacityBooked("order:both:1001", "1")]
    assert moved[capacity_stream("small", MONDAY)] == [CapacityReleased("order:both:1001", "1")]


def test_what_a_site_refuses_frees_its_place() -> None:
    """The part it keeps holds the place; all of it gone, the day has room for another order."""
    world = limited()
    event = order(world, 1001, "2")
    for number, left in ((1, 1), (2, 0)):
        world.do(
            RefuseAllocation(
                id=command_id(f"refuse {number}"),
                now=NOW,
                allocation_id=event.allocations[0].allocation_id,
                quantity=Decimal(1),
                reason=get_args(RefusalReason)[0],
                **THE_ORDER,
            )
        )
        assert bookings(world, MONDAY) == left
    assert order(world, 2).fulfilments[0].leaves == MONDAY


def facts_of(world: World, *, days: int = 0, policies: Any = ()) -> RoutingFacts:
    """Return what a read model says of `small`, with so many coming days full."""
    attributes = world.state(location_stream("small")).attributes
    full = {MONDAY + timedelta(days=ahead): 1 for ahead in range(days)}
    return RoutingFacts(
        0, {}, {"small": LocationFacts("small", attributes, booked=full)}, policies=policies
    )


def test_nothing_is_refused_because_a_read_model_calls_every_day_full() -> None:
    """All days of a year are read before the location counts as closed; the first is free."""
    world = limited()
    world.facts = facts_of(world, days=400)
    event = order(world, 1)
    assert event.fulfilments[0].leaves == MONDAY
    assert event.decision.exclusions == ()


def test_days_that_a_read_model_calls_full_are_passed_over() -> None:
    """Where enough is free later, its word saves loading; the decision keeps what counted."""
    world = limited()
    world.facts = facts_of(world, days=2)
    event = order(world, 1)
    assert event.fulfilments[0].leaves == date(2026, 3, 4)
    assert event.decision.days == (BookedDay("small", MONDAY, 1), BookedDay("small", TUESDAY, 1))


def test_another_location_sends_where_the_promise_comes_first() -> None:
    """The day is full at the first choice: by distance it waits there, by promise it need not."""
    wishes: list[tuple[CriterionName, str]] = [
        ("distance", "small small"),
        ("promise", "small south"),
    ]
    for name, places in wishes:
        world = limited(latitude=51.5, longitude=-0.1)
        stock(world, "tea", "south", "5")
        criteria = (Criterion("unfilled"), Criterion(name))
        world.facts = facts_of(world, policies=(ActivePolicy(Policy("p", 1, criteria), 1),))
        found = [order(world, number, channel="two").allocations for number in (1, 2)]
        assert [one.location_id for each in found for one in each] == places.split()


def test_a_group_looks_beyond_the_place_that_another_one_takes() -> None:
    """One leaves on Tuesday; Wednesday is full, so the next leaves Thursday, and it says why."""
    world = limited(cut_off="08:00")
    for number in (1, 2):
        order(world, number)
    tuesdays: dict[str, Any] = {"channel_id": "one", "external_id": "1"}
    world.do(CancelOrder(id=command_id("cancel"), now=NOW, reason="other", **tuesdays))
    world.facts = facts_of(world)
    groups = (GroupInput(id="a", destination=LONDON), GroupInput(id="b", destination=LONDON))
    shares = (share_of("a", "1"), share_of("b", "1"))
    placed = place(line("tea", "2", shares=shares), channel="one", groups=groups, destination=None)
    event = allocated(world, placed)
    assert [one.leaves for one in event.fulfilments] == [TUESDAY, date(2026, 3, 5)]
    assert event.decision.days == (BookedDay("small", date(2026, 3, 4), 1),)
