"""Facts propose, loaded stock decides."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from domain.base.handling import Need, Replan
from domain.base.streams import item_stream, location_stream, sku_stream, stock_stream
from domain.catalogue import HANDLERS
from domain.handlers.place_order import PlaceOrderHandler
from domain.handlers.placing import planning
from domain.location.events import LocationChanged, LocationSuspended
from domain.order.commands import DestinationInput
from domain.order.events import LinesAllocated
from domain.routing.facts import ItemFacts, LocationFacts, RoutingFacts, StockFacts
from domain.routing.plan import CorrectedCell
from domain.stock.errors import InsufficientStock
from domain.stock.events import StockReserved
from tests.domain.order.shop import (
    ORDER,
    add_channel,
    add_location,
    given_shop,
    line,
    place,
    stock,
    stocked,
)
from tests.support.specification import Given, MemoryView, Outcome, World


def facts_of(world: World, levels: Mapping[str, Mapping[str, int]]) -> RoutingFacts:
    """Return facts with these levels by item and location, and all places of the shop."""
    places = ("north", "south", "shop")
    return RoutingFacts(
        position=7,
        items={
            item_id: ItemFacts(
                item_id,
                world.state(item_stream(item_id)).attributes,
                {place: StockFacts(Decimal(free)) for place, free in stock.items()},
            )
            for item_id, stock in levels.items()
        },
        locations={
            place: LocationFacts(place, world.state(location_stream(place)).attributes)
            for place in places
        },
        skus={item_id: item_id for item_id in levels},
    )


def decision(outcome: Outcome) -> LinesAllocated:
    """Return the routing event."""
    assert outcome.decision is not None
    event = outcome.decision.events[ORDER][1]
    assert isinstance(event, LinesAllocated)
    return event


def places(outcome: Outcome) -> list[tuple[str, int]]:
    """Return (location, quantity) of the allocations."""
    return sorted((one.location_id, int(one.quantity)) for one in decision(outcome).allocations)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every order have too many cells to load them all at once."""
    monkeypatch.setattr(planning, "LOADED_AT_ONCE", 0)


def test_a_small_order_loads_all_that_facts_see_before_it_is_routed() -> None:
    """What few cells the facts see stock in is loaded at once, and planned on truth."""
    world = stocked(tea_north="9", tea_south="9")
    facts = facts_of(world, {"tea": {"north": 9, "south": 9, "shop": 0}})
    handler: PlaceOrderHandler = HANDLERS[type(place())]  # type: ignore[assignment]
    command = place(line("tea", "2"))
    view = MemoryView(world, set(handler.streams(command)))
    assert handler.plan(command, facts, view) == Need(
        (
            sku_stream("tea"),
            item_stream("tea"),
            location_stream("north"),
            location_stream("south"),
            stock_stream("tea", "north"),
            stock_stream("tea", "south"),
        )
    )


@pytest.mark.usefixtures("many")
def test_right_facts_need_only_the_planned_places() -> None:
    """Where facts are right, the order, its channel, items and reservations are all it loads."""
    world = stocked(tea_north="9", tea_south="9")
    facts = facts_of(world, {"tea": {"north": 9, "south": 9}})
    handler: PlaceOrderHandler = HANDLERS[type(place())]  # type: ignore[assignment]
    command = place(line("tea", "2"))
    view = MemoryView(world, {*handler.streams(command), sku_stream("tea"), item_stream("tea")})
    plan = handler.plan(command, facts, view)
    assert not isinstance(plan, Need)
    need = handler.decide(command, plan, view)
    assert need == Need((stock_stream("tea", "south"), location_stream("south")))
    assert decision(Given(world).given_facts(facts).when(command)).decision.corrected == ()


def test_a_refusing_place_is_corrected_and_another_sends() -> None:
    """Facts promise nine at south; two are there: the cell is corrected and routed again."""
    world = stocked(tea_north="9", tea_south="2")
    facts = facts_of(world, {"tea": {"north": 9, "south": 9}})
    outcome = Given(world).given_facts(facts).when(place(line("tea", "9")))
    assert places(outcome) == [("north", 9)]
    assert decision(outcome).decision.corrected == (CorrectedCell("tea", "south", Decimal(2)),)
    assert decision(outcome).decision.facts_position == 7


def test_no_order_is_refused_on_facts() -> None:
    """Facts know of nothing; the goods are there, so the order is accepted."""
    world = stocked(tea_north="5", tea_south="4")
    facts = facts_of(world, {"tea": {}})
    outcome = Given(world).given_facts(facts).when(place(line("tea", "9")))
    assert places(outcome) == [("north", 5), ("south", 4)]


def test_no_order_is_accepted_on_facts() -> None:
    """Facts know of plenty; nothing is there, so the order is refused."""
    facts = facts_of(stocked(), {"tea": {"north": 9, "south": 9, "shop": 9}})
    given_shop().given_facts(facts).when(place(line("tea"))).refused(InsufficientStock)


def test_a_place_that_facts_do_not_know_suspended_sends_nothing() -> None:
    """The location's own stream says that it is suspended, and another place sends."""
    world = stocked(tea_north="9", tea_south="9")
    facts = facts_of(world, {"tea": {"north": 9, "south": 9}})
    world.append(location_stream("south"), [LocationSuspended("flood")])
    assert places(Given(world).given_facts(facts).when(place(line("tea")))) == [("north", 1)]


def test_a_place_that_stopped_serving_the_channel_sends_nothing() -> None:
    """A location that serves other channels only is left out by truth too."""
    world = stocked(tea_south="9")
    facts = facts_of(world, {"tea": {"south": 9}})
    attributes = world.state(location_stream("south")).attributes
    other = {name: getattr(attributes, name) for name in attributes.__slots__}
    changed = type(attributes)(**{**other, "channels": ("market",)})
    world.append(location_stream("south"), [LocationChanged(changed)])
    Given(world).given_facts(facts).when(place(line("tea"))).refused(InsufficientStock)


def test_a_place_resumed_since_the_facts_sends() -> None:
    """Facts still say suspended; an order is not refused on their word."""
    world = stocked(tea_south="9")
    known = facts_of(world, {"tea": {"south": 9}})
    south = known.locations["south"]
    stale = LocationFacts("south", south.attributes, suspended=True)
    facts = RoutingFacts(7, known.items, {**known.locations, "south": stale}, known.skus)
    assert places(Given(world).given_facts(facts).when(place(line("tea")))) == [("south", 1)]


def test_many_wrong_facts_are_settled_in_few_rounds() -> None:
    """Where facts disappoint at a few places, all of them are loaded at once."""
    world = stocked()
    names = tuple(f"w{number}" for number in range(40))
    for name in names:
        add_location(world, name)
    stock(world, "tea", "w39", "1")
    add_channel(world, "web", sources=names)
    facts = RoutingFacts(
        position=7,
        items={
            "tea": ItemFacts(
                "tea",
                world.state(item_stream("tea")).attributes,
                {name: StockFacts(Decimal(9)) for name in names},
            )
        },
        locations={
            name: LocationFacts(name, world.state(location_stream(name)).attributes)
            for name in names
        },
        skus={"tea": "tea"},
    )
    rounds = 0
    handler = PlaceOrderHandler()
    command = place(line("tea"))
    view = MemoryView(world, set(handler.streams(command)))
    plan: Any = handler.plan(command, facts, view)
    result: Any = Replan()
    while isinstance(plan, Need) or isinstance(result, (Need, Replan)):
        rounds += 1
        if isinstance(plan, Need):
            view.loaded |= set(plan.streams)
            plan = handler.plan(command, facts, view)
            continue
        result = handler.decide(command, plan, view)
        if isinstance(result, Need):
            view.loaded |= set(result.streams)
        elif isinstance(result, Replan):
            plan = handler.plan(command, facts, view)
    assert rounds <= 12
    assert stock_stream("tea", "w39") in result.events


def test_a_plan_that_stock_overtook_is_made_again() -> None:
    """Between planning and deciding somebody took the last one: plan again, then refuse."""
    world = stocked(tea_south="1")
    handler = PlaceOrderHandler()
    command = place(line("tea"))
    view = loaded(world, handler)
    plan = handler.plan(command, None, view)
    assert not isinstance(plan, Need)
    taken = StockReserved("r", "order:web:1", "1", Decimal(1), 0, None)
    world.append(stock_stream("tea", "south"), [taken])
    assert handler.decide(command, plan, view) == Replan()


def test_a_shortage_that_stock_overtook_is_looked_at_again() -> None:
    """Goods that came between planning and deciding are seen: no refusal on an old look."""
    world = stocked()
    handler = PlaceOrderHandler()
    command = place(line("tea"))
    view = loaded(world, handler)
    plan = handler.plan(command, None, view)
    assert not isinstance(plan, Need)
    stock(world, "tea", "north", "1")
    assert handler.decide(command, plan, view) == Replan()


def test_new_rules_of_the_channel_are_looked_at_again() -> None:
    """A plan made under a channel's old rules does not hold under its new ones."""
    world = stocked(tea_south="1")
    handler = PlaceOrderHandler()
    command = place(line("tea"))
    view = loaded(world, handler)
    plan = handler.plan(command, None, view)
    assert not isinstance(plan, Need)
    add_channel(world, "web", countries=("FR",))
    assert handler.decide(command, plan, view) == Replan()


def loaded(world: World, handler: PlaceOrderHandler) -> MemoryView:
    """Return a view with everything that an order of tea could need."""
    streams = set(handler.streams(place(line("tea"))))
    streams |= {"sku:tea", item_stream("tea")}
    for name in ("north", "south", "shop"):
        streams |= {location_stream(name), stock_stream("tea", name)}
    return MemoryView(world, streams)


def test_coordinates_that_facts_have_are_kept_for_routing_again() -> None:
    """A destination known by postal code alone is routed by where that is, also later."""
    world = stocked(tea_north="9", tea_south="9")
    known = facts_of(world, {"tea": {"north": 9, "south": 9}})
    facts = RoutingFacts(
        7, known.items, known.locations, known.skus, {("GB", "NE1 1AA"): (55.0, -1.6)}
    )
    there = DestinationInput(country="GB", postal_code="NE1 1AA")
    command = place(line("tea"), destination=there)
    outcome = Given(world).given_facts(facts).when(command)
    assert places(outcome) == [("north", 1)]
    assert outcome.state(ORDER).groups[0].place.latitude == 55.0


@pytest.mark.usefixtures("many")
def test_a_plan_for_a_place_that_is_suspended_is_made_again() -> None:
    """The planned location is loaded only for deciding, and then says that it is closed."""
    world = stocked(tea_south="9")
    facts = facts_of(world, {"tea": {"south": 9}})
    world.append(location_stream("south"), [LocationSuspended("flood")])
    handler = PlaceOrderHandler()
    command = place(line("tea"))
    view = MemoryView(world, {*handler.streams(command), sku_stream("tea"), item_stream("tea")})
    plan = handler.plan(command, facts, view)
    assert not isinstance(plan, Need)
    view.loaded |= {stock_stream("tea", "south"), location_stream("south")}
    assert handler.decide(command, plan, view) == Replan()
