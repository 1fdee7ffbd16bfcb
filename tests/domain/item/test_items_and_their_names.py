"""Items are registered and changed under names that no other item has."""

from decimal import Decimal
from typing import Any

import pytest

from domain.item.commands import ChangeItem, RegisterItem
from domain.item.errors import InvalidKit, InvalidStep, ItemExists, SkuTaken, UnknownItem
from domain.item.events import (
    Component,
    ItemAttributes,
    ItemChanged,
    ItemRegistered,
    SkuAssigned,
    SkuWithdrawn,
)
from tests.support.commands import ask
from tests.support.specification import Given, given, given_nothing

MUG = ItemAttributes(sku="MUG-1", name="Mug", aliases=("4006381333931",))
PLATE = ItemAttributes(sku="PLATE", name="Plate", step=Decimal(2))
SET = ItemAttributes(
    sku="SET",
    name="Set",
    components=(
        Component("mug", Decimal(4), Decimal("0.25")),
        Component("plate", Decimal(2), Decimal("0.75")),
    ),
)


def shop() -> Given:
    """Return a world with a mug, a plate sold in pairs, and a set of both."""
    return (
        given("item:mug", ItemRegistered(MUG))
        .given("sku:mug-1", SkuAssigned("MUG-1", "mug"))
        .given("sku:4006381333931", SkuAssigned("4006381333931", "mug"))
        .given("item:plate", ItemRegistered(PLATE))
        .given("sku:plate", SkuAssigned("PLATE", "plate"))
        .given("item:set", ItemRegistered(SET))
        .given("sku:set", SkuAssigned("SET", "set"))
    )


def kit(*parts: tuple[str, str, str], sku: str = "KIT") -> dict[str, Any]:
    """Return the input of a kit of (item id, quantity, price share) parts."""
    names = ("item_id", "quantity", "price_share")
    return {
        "sku": sku,
        "name": "Kit",
        "components": [dict(zip(names, part, strict=True)) for part in parts],
    }


def test_an_item_is_known_under_its_sku_and_aliases() -> None:
    """Registering assigns every name in the same append, in the key that ignores case."""
    command = ask(
        RegisterItem,
        item_id="mug",
        item={"sku": "MUG-1", "name": "Mug", "aliases": ["4006381333931", "mug-1"]},
    )
    outcome = given_nothing().when(command)
    outcome.then("item:mug", ItemRegistered(MUG))
    outcome.then("sku:mug-1", SkuAssigned("MUG-1", "mug"))
    outcome.then("sku:4006381333931", SkuAssigned("4006381333931", "mug"))
    outcome.then_only("item:mug", "sku:mug-1", "sku:4006381333931")
    outcome.answers(item_id="mug", sku="MUG-1", changed=True)


def test_an_item_is_registered_once() -> None:
    """A second registration of the id is refused."""
    command = ask(RegisterItem, item_id="mug", item={"sku": "other", "name": "Mug"})
    shop().when(command).refused(ItemExists, field="item_id")


def test_names_are_taken_without_regard_to_case() -> None:
    """A SKU or alias of another item is refused, however it is written."""
    command = ask(RegisterItem, item_id="cup", item={"sku": "mug-1", "name": "Cup"})
    shop().when(command).refused(SkuTaken, field="item.sku", sku="mug-1")
    command = ask(
        RegisterItem, item_id="cup", item={"sku": "CUP", "name": "Cup", "aliases": ["x", "PlAtE"]}
    )
    shop().when(command).refused(SkuTaken, field="item.aliases.1", sku="PlAtE")


def test_changing_names_withdraws_the_old_and_assigns_the_new() -> None:
    """A name that is kept is not assigned again."""
    command = ask(
        ChangeItem,
        item_id="mug",
        item={"sku": "MUG-2", "name": "Mug", "aliases": ["Mug-1"]},
    )
    outcome = shop().when(command)
    changed = ItemAttributes(sku="MUG-2", name="Mug", aliases=("Mug-1",))
    outcome.then("item:mug", ItemChanged(changed))
    outcome.then("sku:4006381333931", SkuWithdrawn("mug"))
    outcome.then("sku:mug-2", SkuAssigned("MUG-2", "mug"))
    outcome.then_only("item:mug", "sku:4006381333931", "sku:mug-2")
    again = ask(RegisterItem, item_id="cup", item={"sku": "4006381333931", "name": "Cup"})
    outcome.and_when(again).then("sku:4006381333931", SkuAssigned("4006381333931", "cup"))


def test_changing_nothing_appends_nothing() -> None:
    """The same attributes again are accepted and leave no event."""
    command = ask(
        ChangeItem,
        item_id="mug",
        item={"sku": "MUG-1", "name": "Mug", "aliases": ["4006381333931"]},
    )
    shop().when(command).then_nothing().answers(changed=False)


def test_only_a_known_item_changes() -> None:
    """An item that nobody registered is refused by its id."""
    command = ask(ChangeItem, item_id="cup", item={"sku": "CUP", "name": "Cup"})
    shop().when(command).refused(UnknownItem, field="item_id")


def test_a_kit_is_registered_with_its_parts() -> None:
    """Parts are kept with their quantities and price shares."""
    form = kit(("mug", "4", "0.25"), ("plate", "2", "0.75"))
    outcome = shop().when(ask(RegisterItem, item_id="kit", item=form))
    attributes = ItemAttributes(sku="KIT", name="Kit", components=SET.components)
    outcome.then("item:kit", ItemRegistered(attributes))


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([("kit", "1", "1")], "item.components.0.item_id"),
        ([("set", "1", "1")], "item.components.0.item_id"),
        ([("mug", "1", "0.5"), ("ghost", "1", "0.5")], "item.components.1.item_id"),
        ([("mug", "1", "0.5"), ("mug", "1", "0.5")], "item.components.1.item_id"),
        ([("mug", "1", "0.5"), ("plate", "2", "0.499999")], "item.components"),
    ],
    ids=["itself", "another kit", "unknown", "twice", "shares"],
)
def test_a_kit_that_makes_no_sense_is_refused(parts: list[Any], field: str) -> None:
    """The field at fault is named."""
    command = ask(RegisterItem, item_id="kit", item=kit(*parts))
    shop().when(command).refused(InvalidKit, field=field)


def test_a_kit_takes_its_parts_in_their_steps() -> None:
    """Plates are sold in pairs, so a kit with one plate is refused."""
    command = ask(RegisterItem, item_id="kit", item=kit(("plate", "1", "1")))
    refusal = shop().when(command).refused(InvalidStep, sku="PLATE", step="2")
    assert refusal.field == "item.components.0.quantity"


def test_a_simple_item_stays_simple_and_a_kit_a_kit() -> None:
    """Otherwise a kit could hold stock, or stand inside another kit."""
    to_kit = ask(ChangeItem, item_id="plate", item=kit(("mug", "1", "1"), sku="PLATE"))
    shop().when(to_kit).refused(InvalidKit, field="item.components")
    to_simple = ask(ChangeItem, item_id="set", item={"sku": "SET", "name": "Set"})
    shop().when(to_simple).refused(InvalidKit, field="item.components")
