"""Facts propose items too; which goods a SKU names, and what they are, is read from streams."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.base.handling import Decision, Need, Replan
from domain.base.streams import item_stream, location_stream, sku_stream, stock_stream
from domain.handlers.place_order import PlaceOrderHandler
from domain.handlers.reroute_order import RerouteOrderHandler
from domain.item.errors import InvalidStep, UnknownItem
from domain.item.events import ItemChanged, SkuAssigned, SkuWithdrawn
from domain.order.commands import RerouteOrder
from domain.routing.engine import route
from domain.routing.facts import ItemFacts, LocationFacts, RoutingFacts, StockFacts
from domain.routing.plan import RoutingPlan
from domain.routing.request import RoutingRequest
from tests.domain.order.shop import (
    NOW,
    ORDER,
    add_channel,
    add_item,
    command_id,
    given_shop,
    line,
    place,
    stock,
    stocked,
)
from tests.support.specification import Given, MemoryView, World


def facts_of(world: World, levels: Mapping[str, Mapping[str, int]]) -> RoutingFacts:
    """Return facts about these items with their stock by location; a kit has none."""
    return RoutingFacts(
        position=7,
        items={
            item_id: ItemFacts(
                item_id,
                world.state(item_stream(item_id)).attributes,
                {where: StockFacts(Decimal(free)) for where, free in levels_of.items()},
            )
            for item_id, levels_of in levels.items()
        },
        locations={
            where: LocationFacts(where, world.state(location_stream(where)).attributes)
            for where in ("north", "south", "shop")
        },
        skus={item_id: item_id for item_id in levels},
    )


def move_sku(world: World, sku: str, *, to: str) -> None:
    """Take a SKU from the item of the same name and give it to another."""
    world.append(sku_stream(sku), [SkuWithdrawn(sku), SkuAssigned(sku.upper(), to)])


def change_item(world: World, item_id: str, **attributes: Any) -> None:
    """Replace some of an item's attributes."""
    known = world.state(item_stream(item_id)).attributes
    world.append(item_stream(item_id), [ItemChanged(replace(known, **attributes))])


def test_a_sku_that_moved_since_the_facts_sells_the_new_goods() -> None:
    """Facts still name the old item; the new one's stock is reserved."""
    world = stocked(tea_south="9")
    add_item(world, "matcha")
    stock(world, "matcha", "north", "9")
    facts = facts_of(world, {"tea": {"south": 9}})
    move_sku(world, "tea", to="matcha")
    outcome = Given(world).given_facts(facts).when(place(line("tea", "2")))
    outcome.then_only(ORDER, stock_stream("matcha", "north"))
    assert outcome.state(ORDER).lines["1"].item_id == "matcha"


def test_a_sku_withdrawn_since_the_facts_names_nothing() -> None:
    """Facts still name an item; nothing of it is sold under a name that it lost."""
    world = stocked(tea_south="9")
    facts = facts_of(world, {"tea": {"south": 9}})
    world.append(sku_stream("tea"), [SkuWithdrawn("tea")])
    refusal = Given(world).given_facts(facts).when(place(line("tea")))
    refusal.refused(UnknownItem, field="lines.0.sku", sku="tea")


def test_a_step_changed_since_the_facts_is_the_one_that_counts() -> None:
    """A finer step lets half a unit be sold, a coarser one refuses what facts would allow."""
    world = stocked(tea_south="9", rope_south="9")
    facts = facts_of(world, {"tea": {"south": 9}, "rope": {"south": 9}})
    change_item(world, "tea", step=Decimal("0.5"))
    change_item(world, "rope", step=Decimal(1))
    given = Given(world).given_facts(facts)
    given.when(place(line("tea", "0.5"))).then_only(ORDER, stock_stream("tea", "south"))
    given.when(place(line("rope", "0.5"))).refused(InvalidStep, step="1")


def test_a_kit_is_made_of_what_its_stream_says() -> None:
    """Facts know the kit with an old recipe; its new one is reserved."""
    world = stocked(tea_south="9", cup_south="9")
    facts = facts_of(world, {"set": {}, "tea": {"south": 9}, "cup": {"south": 9}})
    recipe = world.state(item_stream("set")).attributes.components
    change_item(world, "set", components=(replace(recipe[0], quantity=Decimal(3)),))
    outcome = Given(world).given_facts(facts).when(place(line("set")))
    outcome.then_only(ORDER, stock_stream("tea", "south"))
    assert outcome.state(stock_stream("tea", "south")).free == 6


def test_routing_sees_the_parts_of_a_kit_as_they_are() -> None:
    """Weight and class of a component are those of its stream, whatever the facts say."""
    world = stocked(tea_south="9", cup_south="9")
    facts = facts_of(world, {"set": {}, "tea": {"south": 9}, "cup": {"south": 9}})
    change_item(world, "cup", weight_grams=700)
    seen: list[RoutingFacts] = []

    def watch(request: RoutingRequest, known: RoutingFacts) -> RoutingPlan:
        seen.append(known)
        return route(request, known)

    settle(world, PlaceOrderHandler(watch), place(line("set")), facts)
    assert seen[-1].items["cup"].attributes.weight_grams == 700


def test_right_facts_let_everything_be_loaded_in_one_round() -> None:
    """SKUs, items, a kit's components and where stock is seen are asked for together."""
    world = stocked(tea_south="9", cup_south="9")
    facts = facts_of(world, {"set": {}, "tea": {"south": 9}, "cup": {"south": 9}})
    handler, command = PlaceOrderHandler(), place(line("set"), line("tea"))
    view = MemoryView(world, set(handler.streams(command)))
    need = handler.plan(command, facts, view)
    assert isinstance(need, Need)
    assert set(need.streams) == {
        *(sku_stream(sku) for sku in ("set", "tea")),
        *(item_stream(item_id) for item_id in ("set", "tea", "cup")),
        location_stream("south"),
        *(stock_stream(item_id, "south") for item_id in ("tea", "cup")),
    }
    view.loaded |= set(need.streams)
    plan = handler.plan(command, facts, view)
    assert not isinstance(plan, Need)
    assert isinstance(handler.decide(command, plan, view), Decision)


def test_a_sku_that_moves_after_planning_is_planned_anew() -> None:
    """Another process gave the name to other goods meanwhile: the plan does not hold."""
    world = stocked(tea_south="9")
    add_item(world, "matcha")
    handler, command = PlaceOrderHandler(), place(line("tea"))
    view, plan = planned(world, handler, command)
    move_sku(world, "tea", to="matcha")
    assert handler.decide(command, plan, view) == Replan()


def test_an_item_that_changes_after_planning_is_planned_anew() -> None:
    """Another process changed the step, or a component of a kit: the plan does not hold."""
    for changed in ("set", "cup"):
        world = stocked(tea_south="9", cup_south="9")
        handler, command = PlaceOrderHandler(), place(line("set"))
        view, plan = planned(world, handler, command)
        assert isinstance(handler.decide(command, plan, view), Decision)
        change_item(world, changed, bulky=True)
        assert handler.decide(command, plan, view) == Replan()


def test_an_order_is_routed_again_on_items_as_they_are() -> None:
    """Routing an order again reads its items too, and plans anew where one changed meanwhile."""
    world = stocked()
    add_channel(world, "web", capture_mode="told", backorders=False)
    world.do(place(line("set")))
    stock(world, "tea", "south", "9")
    stock(world, "cup", "south", "9")
    handler = RerouteOrderHandler()
    command = RerouteOrder(
        id=command_id("again"), now=NOW, channel_id="web", external_id="1001", cause="goods came"
    )
    view, plan = planned(world, handler, command)
    assert isinstance(handler.decide(command, plan, view), Decision)
    change_item(world, "cup", bulky=True)
    assert handler.decide(command, plan, view) == Replan()


def planned(world: World, handler: Any, command: Any) -> tuple[MemoryView, Any]:
    """Return a view with what planning and deciding need, and the plan made on it."""
    view, plan, _ = settle(world, handler, command, None)
    return view, plan


def settle(
    world: World, handler: Any, command: Any, facts: RoutingFacts | None
) -> tuple[MemoryView, Any, Any]:
    """Load what is asked for until it is decided; return the view, the plan and the decision."""
    view = MemoryView(world, set(handler.streams(command)))
    for _ in range(20):
        plan = handler.plan(command, facts, view)
        result = plan if isinstance(plan, Need) else handler.decide(command, plan, view)
        if isinstance(result, Decision):
            return view, plan, result
        assert isinstance(result, Need)
        view.loaded |= set(result.streams)
    raise AssertionError("never decided")


def test_facts_that_know_nothing_change_nothing() -> None:
    """Without facts the SKU's stream leads to the item's, and the order is placed."""
    given_shop(tea_south="9").when(place(line("TEA"))).then_only(
        ORDER, stock_stream("tea", "south")
    )
