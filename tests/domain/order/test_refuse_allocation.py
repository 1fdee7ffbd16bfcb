"""A site refuses: the quantity goes elsewhere in the same append, and the site is asked no more."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.base.personal import Personal
from domain.base.streams import stock_stream, subject_stream
from domain.item.errors import InvalidStep
from domain.order.commands import ShipAllocation
from domain.order.errors import NotEnoughAllocated, UnknownAllocation, UnknownOrder
from domain.order.events import AllocationLost, AllocationReleased, LinesAllocated
from domain.order.holding import MOST_TRIES
from domain.order.rerouting_events import AllocationRefused, RoutingHeld
from domain.stock.events import BackorderServed, ReservationReleased
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased
from tests.domain.order.rerouting import (
    LATER,
    held_at,
    let_go,
    only_allocation,
    order_in,
    picked_up,
    refuse,
    suspend,
    types,
)
from tests.domain.order.shop import (
    ORDER,
    add_channel,
    add_location,
    command_id,
    expect,
    line,
    place,
    receive,
    stock,
    stocked,
)
from tests.domain.order.test_reroute_order import reroute
from tests.support.specification import Given, Outcome, World

NORTH, SOUTH = stock_stream("tea", "north"), stock_stream("tea", "south")


def ordered(quantity: str = "3", channel: str = "web", **levels: str) -> World:
    """Return a shop with one order of tea."""
    world = stocked(**levels)
    world.do(place(line("tea", quantity), channel=channel))
    return world


def refused_where_held(world: World) -> Outcome:
    """Let the one site that holds the order refuse it."""
    (site,) = held_at(world)
    return Given(world).when(refuse(only_allocation(world, site)))


def test_what_a_site_refuses_is_reserved_elsewhere_in_the_same_append() -> None:
    """One command: the refusal, the release and the new reservation, and the sums agree."""
    world = ordered(tea_south="5", tea_north="5")
    assert held_at(world) == {"south": 3}
    refused = only_allocation(world, "south")
    outcome = Given(world).when(refuse(refused, reason="damaged"))
    assert outcome.decision is not None
    first, second, third = outcome.decision.events[ORDER]
    assert first == AllocationRefused(refused, "1", "south", Decimal(3), "damaged")
    assert second == AllocationReleased(refused, "1", "south", Decimal(3), "damaged")
    assert isinstance(third, LinesAllocated)
    assert third.cause == "refused"
    outcome.then(SOUTH, ReservationReleased(refused, Decimal(3), "damaged"))
    outcome.then_only(ORDER, SOUTH, NORTH)
    assert held_at(outcome) == {"north": 3}
    assert outcome.state(SOUTH).free == 5


def test_the_exclusion_is_counted_by_its_reason() -> None:
    """The decision says that one location was left out since it refused before."""
    world = ordered(tea_south="5", tea_north="5")
    outcome = Given(world).when(refuse(only_allocation(world, "south")))
    assert {one.reason: one.locations for one in order_in(outcome).exclusions} == {
        "refused-before": 1
    }


def test_a_part_is_refused_and_the_rest_stays() -> None:
    """Two of three are not found: one stays where it is, two go elsewhere."""
    world = ordered(tea_south="5", tea_north="5")
    outcome = Given(world).when(refuse(only_allocation(world, "south"), quantity=2))
    assert held_at(outcome) == {"south": 1, "north": 2}


def test_a_kit_gives_back_every_component() -> None:
    """Each part of a refused set is free again where it was held."""
    world = stocked(tea_south="4", cup_south="2", tea_north="4", cup_north="2")
    world.do(place(line("set", "2")))
    outcome = Given(world).when(refuse(only_allocation(world, "south")))
    assert held_at(outcome) == {"north": 2}
    assert outcome.state(SOUTH).reserved == 0
    assert outcome.state(stock_stream("cup", "south")).reserved == 0
    assert outcome.state(NORTH).reserved == 4


def test_who_refused_is_not_asked_again_though_it_has_goods() -> None:
    """The south has all, the north too little: the rest stays open, and re-routing finds nobody."""
    world = ordered(tea_south="5", tea_north="1")
    outcome = Given(world).when(refuse(only_allocation(world, "south")))
    assert held_at(outcome) == {"north": 1}
    assert order_in(outcome).unassigned("1") == 2
    again = outcome.and_when(reroute())
    assert types(again) == []
    assert held_at(again) == {"north": 1}


def test_goods_that_come_later_are_found_elsewhere_only() -> None:
    """What arrives at the other place is taken by re-routing."""
    world = ordered(tea_south="5")
    outcome = Given(world).when(refuse(only_allocation(world, "south")))
    assert types(outcome) == ["AllocationRefused", "AllocationReleased", "RoutingFoundNothing"]
    stock(outcome.world, "tea", "north", "3")
    assert held_at(outcome.and_when(reroute())) == {"north": 3}


def test_the_queue_is_served_but_not_the_order_that_was_refused() -> None:
    """Freed goods go to the next in the queue, though the refused order stands before it."""
    world = stocked(tea_south="5")
    expect(world, "tea", "south", "9", LATER + timedelta(days=1))
    world.do(place(line("tea", "8"), channel="later"))
    world.do(place(line("tea", "2"), channel="later", number="2"))
    assert {int(one.quantity) for one in world.state(SOUTH).queue.values()} == {3, 2}
    refused = only_allocation(world, "south", "later")
    outcome = Given(world).when(refuse(refused, channel="later"))
    assert outcome.decision is not None
    served = [e for e in outcome.decision.events[SOUTH] if isinstance(e, BackorderServed)]
    assert [(each.order, int(each.quantity)) for each in served] == [("order:later:2", 2)]
    assert outcome.state("order:later:2").stages()["1"].reserved == 2
    assert [int(one.quantity) for one in outcome.state(SOUTH).queue.values()] == [3]
    assert held_at(outcome, "later") == {}


def test_what_is_left_joins_a_queue_where_the_channel_backorders() -> None:
    """Nobody else has any: it waits at another place, never at the one that refused."""
    world = ordered("2", channel="later", tea_south="2")
    outcome = Given(world).when(refuse(only_allocation(world, "south", "later"), channel="later"))
    order = order_in(outcome, "later")
    assert {b.location_id for b in order.backorders.values() if b.quantity} <= {"north", "shop"}
    assert order.stages()["1"].backordered == 2
    assert order.hold is None


def test_when_everybody_refused_the_order_is_held_with_the_reason() -> None:
    """The last of three says no: nothing is left, and the job finds nothing to do."""
    world = ordered(tea_south="3", tea_north="3", tea_shop="3")
    for _ in range(2):
        world = refused_where_held(world).world
    outcome = refused_where_held(world)
    world = outcome.world
    assert types(outcome)[-2:] == ["RoutingFoundNothing", "RoutingHeld"]
    assert order_in(world).hold == RoutingHeld("nothing-left", 3)
    assert outcome.decision is not None
    assert outcome.decision.outcome["routing_hold"] == "nothing-left"
    Given(world).when(reroute()).then_nothing()


def test_a_suspended_place_is_not_given_up() -> None:
    """It may open again, so the order is left open and not held."""
    world = ordered(tea_south="3")
    for site in ("north", "shop"):
        suspend(world, site, move_work=False)
    outcome = Given(world).when(refuse(only_allocation(world, "south")))
    assert order_in(outcome).hold is None
    assert types(outcome)[-1] == "RoutingFoundNothing"


def test_a_person_lets_a_held_order_be_asked_again() -> None:
    """With `ask_again` sites that refused are asked once more, in the same append."""
    world = ordered(tea_south="3", tea_north="3", tea_shop="3")
    for _ in range(3):
        world = refused_where_held(world).world
    kept = Given(world).when(let_go())
    assert types(kept) == ["RoutingHoldReleased", "RoutingFoundNothing", "RoutingHeld"]
    asked = Given(world).when(let_go(ask_again=True))
    assert types(asked) == ["RoutingHoldReleased", "LinesAllocated"]
    assert held_at(asked) == {"south": 3}
    assert order_in(asked).tries == 0


def test_tries_are_bounded_and_each_is_recorded() -> None:
    """Ten sites refuse one after the other; the eleventh's refusal is held."""
    world = stocked()
    sites = [f"w{number:02d}" for number in range(MOST_TRIES + 2)]
    for site in sites:
        add_location(world, site)
        stock(world, "tea", site, "9")
    add_channel(world, "wide", sources=tuple(sites))
    world.do(place(line("tea"), channel="wide"))
    for number in range(MOST_TRIES):
        (site,) = held_at(world, "wide")
        refused = only_allocation(world, site, "wide")
        outcome = Given(world).when(refuse(refused, channel="wide"))
        assert types(outcome, "wide")[-1] == "LinesAllocated"
        world = outcome.world
        assert order_in(world, "wide").tries == number + 1
    (site,) = held_at(world, "wide")
    refused = only_allocation(world, site, "wide")
    held = Given(world).when(refuse(refused, channel="wide"))
    assert types(held, "wide") == ["AllocationRefused", "AllocationReleased", "RoutingHeld"]
    assert order_in(held, "wide").hold == RoutingHeld("too-many-tries", MOST_TRIES)
    held.and_when(reroute("wide")).then_nothing()
    goes_on = held.and_when(let_go(channel="wide"))
    assert types(goes_on, "wide") == ["RoutingHoldReleased", "LinesAllocated"]
    assert order_in(goes_on, "wide").tries == 1


def test_goods_that_are_lost_again_and_again_end_in_a_hold() -> None:
    """Each loss is routed once; after ten the order waits for a person, who starts it again."""
    world = ordered("1", tea_south="1", tea_north="1")
    for number in range(MOST_TRIES):
        world = lost_again(world, number).world
        assert order_in(world).tries == number + 1
    outcome = lost_again(world, MOST_TRIES)
    world = outcome.world
    assert types(outcome) == ["RoutingHeld"]
    assert order_in(world).hold == RoutingHeld("too-many-tries", MOST_TRIES)
    Given(world).when(reroute()).then_nothing()
    assert types(Given(world).when(let_go())) == ["RoutingHoldReleased", "LinesAllocated"]


def lost_again(world: World, number: int) -> Outcome:
    """Lose what the order holds, and route it."""
    (site,) = held_at(world)
    held = only_allocation(world, site)
    world.append(ORDER, [AllocationLost(held, "1", site, Decimal(1), "theft")])
    world.append(stock_stream("tea", site), [ReservationReleased(held, Decimal(1), "theft")])
    return Given(world).when(reroute().model_copy(update={"id": command_id(f"again {number}")}))


def test_a_shipment_lets_tries_count_from_nothing() -> None:
    """Something new happened."""
    world = ordered("2", tea_south="2", tea_north="2")
    world = Given(world).when(refuse(only_allocation(world, "south"))).world
    assert order_in(world).tries == 1
    world.do(
        ShipAllocation(
            id=command_id("ship"),
            now=LATER,
            channel_id="web",
            external_id="1001",
            allocation_id=only_allocation(world, "north"),
            quantity=Decimal(1),
        )
    )
    assert order_in(world).tries == 0


def test_a_pick_up_that_its_store_refuses_waits_for_the_customer() -> None:
    """It is not routed, now or by the job, though other places have the goods."""
    world = picked_up(stocked(tea_shop="2", tea_north="9"))
    outcome = Given(world).when(refuse(only_allocation(world, "shop")))
    assert types(outcome) == ["AllocationRefused", "AllocationReleased", "DeliveryChoiceAwaited"]
    (group,) = order_in(outcome).groups
    assert group.awaits_choice == "refused"
    outcome.and_when(reroute()).then_nothing()
    world = outcome.world
    world.do(receive("tea", "shop", "5"))
    Given(world).when(reroute()).then_nothing()


@pytest.mark.parametrize(
    ("fields", "refusal", "field"),
    [
        ({"quantity": 4}, NotEnoughAllocated, "quantity"),
        ({"quantity": Decimal("1.5")}, InvalidStep, "quantity"),
        ({"allocation_id": "nothing"}, UnknownAllocation, "allocation_id"),
        ({"external_id": "none"}, UnknownOrder, "external_id"),
    ],
)
def test_what_cannot_be_refused(
    fields: dict[str, object], refusal: type[Exception], field: str
) -> None:
    """More than it holds, no whole step, what does not exist."""
    world = ordered(tea_south="3")
    command = refuse(only_allocation(world, "south")).model_copy(update=fields)
    Given(world).when(command).refused(refusal, field=field)  # type: ignore[arg-type]


def test_what_has_shipped_cannot_be_refused() -> None:
    """Nothing of it is reserved any more."""
    world = ordered(tea_south="3")
    held = only_allocation(world, "south")
    world.do(
        ShipAllocation(
            id=command_id("ship"),
            now=LATER,
            channel_id="web",
            external_id="1001",
            allocation_id=held,
        )
    )
    Given(world).when(refuse(held)).refused(NotEnoughAllocated, reserved="0")


def test_a_note_is_sealed_for_the_customer_and_never_taken_of_an_erased_one() -> None:
    """The decision names whom it is about."""
    world = ordered(tea_south="3", tea_north="3")
    note = Personal("Ada was told")
    command = refuse(only_allocation(world, "south"), note=note)
    outcome = Given(world).when(command)
    assert outcome.decision is not None
    assert outcome.decision.subject == "order:web:1001"
    world.append(subject_stream("order:web:1001"), [SubjectErased("request")])
    Given(world).when(command).refused(SubjectIsErased)


def test_the_day_that_was_booked_is_freed_and_another_is_taken() -> None:
    """A refusal moves the place of a working day along, in the same append."""
    world = stocked()
    for site in ("one", "two"):
        add_location(world, site, capacity_per_day=5)
        stock(world, "tea", site, "9")
    add_channel(world, "busy", sources=("one", "two"))
    world.do(place(line("tea"), channel="busy"))
    (site,) = held_at(world, "busy")
    (other,) = {"one", "two"} - {site}
    assert booked(world, site) == 1
    refused = only_allocation(world, site, "busy")
    outcome = Given(world).when(refuse(refused, channel="busy"))
    assert (booked(outcome.world, site), booked(outcome.world, other)) == (0, 1)


def booked(world: World, location_id: str) -> int:
    """Return how many fulfilments the working days of a location have."""
    days = [stream for stream in world.log if stream.startswith(f"capacity:{location_id}@")]
    assert days or location_id not in held_at(world, "busy")
    return sum(world.state(day).booked for day in days)
