"""What may happen to items and to the SKUs that name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.base.messages import Event
from domain.base.streams import StreamId, item_stream, sku_stream
from domain.base.text import sku_key
from domain.item.commands import ItemInput
from domain.item.errors import InvalidKit, InvalidStep, ItemExists, SkuTaken, UnknownItem
from domain.item.events import (
    Component,
    ItemAttributes,
    ItemChanged,
    ItemRegistered,
    SkuAssigned,
    SkuWithdrawn,
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands; no attributes: nobody registered it."""

    attributes: ItemAttributes | None = None


@dataclass(frozen=True, slots=True)
class Sku:
    """Which item a SKU or alias names, if any."""

    item_id: str | None = None


def evolve_item(item: Item, event: Event) -> Item:
    """Return the item after an event."""
    del item
    match event:
        case ItemRegistered(attributes) | ItemChanged(attributes):
            return Item(attributes)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of an item")


def evolve_sku(sku: Sku, event: Event) -> Sku:
    """Return the SKU after an event."""
    match event:
        case SkuAssigned(item_id=item_id):
            return Sku(item_id)
        case SkuWithdrawn(item_id):
            return Sku(None) if sku.item_id == item_id else sku
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a SKU")


def attributes_of(form: ItemInput) -> ItemAttributes:
    """Return what an input says; an alias that repeats another name of the item is dropped."""
    names = {sku_key(form.sku): form.sku}
    for alias in form.aliases:
        names.setdefault(sku_key(alias), alias)
    values = dict(form)
    values["aliases"] = tuple(names.values())[1:]
    values["components"] = tuple(
        Component(part.item_id, part.quantity, part.price_share) for part in form.components
    )
    return ItemAttributes(**values)


def names_of(attributes: ItemAttributes) -> dict[StreamId, tuple[str, str]]:
    """Return the SKU streams of an item with (name, field that gave it)."""
    names = {sku_stream(attributes.sku): (attributes.sku, "item.sku")}
    for index, alias in enumerate(attributes.aliases):
        names[sku_stream(alias)] = (alias, f"item.aliases.{index}")
    return names


def register(
    item_id: str,
    item: Item,
    attributes: ItemAttributes,
    skus: Mapping[StreamId, Sku],
    components: Mapping[str, Item],
) -> dict[StreamId, tuple[Event, ...]]:
    """Return the events that make an item known under its names, by stream.

    Raises:
        ItemExists: the id is taken.
        SkuTaken: another item has one of the names.
        InvalidKit: see `check_kit`.
    """
    if item.attributes is not None:
        raise ItemExists(f"Item {item_id!r} exists", field="item_id")
    check_kit(item_id, attributes, components)
    return {
        item_stream(item_id): (ItemRegistered(attributes),),
        **_assigned(item_id, attributes, skus),
    }


def change(
    item_id: str,
    item: Item,
    attributes: ItemAttributes,
    skus: Mapping[StreamId, Sku],
    components: Mapping[str, Item],
) -> dict[StreamId, tuple[Event, ...]]:
    """Return the events that replace an item's attributes and names; none if nothing changes.

    Raises:
        UnknownItem: nobody registered it.
        SkuTaken: another item has one of the names.
        InvalidKit: see `check_kit`; or a kit would become simple, or a simple item a kit,
            which its stock and the kits that hold it do not allow.
    """
    before = item.attributes
    if before is None:
        raise UnknownItem(f"No item {item_id!r} is known", field="item_id")
    if before == attributes:
        return {}
    if bool(before.components) != bool(attributes.components):
        raise InvalidKit(
            "A simple item stays simple and a kit a kit; register another item",
            field="item.components",
        )
    check_kit(item_id, attributes, components)
    kept = names_of(attributes)
    withdrawn: dict[StreamId, tuple[Event, ...]] = {
        stream: (SkuWithdrawn(item_id),) for stream in names_of(before) if stream not in kept
    }
    return {
        item_stream(item_id): (ItemChanged(attributes),),
        **withdrawn,
        **_assigned(item_id, attributes, skus),
    }


def _assigned(
    item_id: str, attributes: ItemAttributes, skus: Mapping[StreamId, Sku]
) -> dict[StreamId, tuple[Event, ...]]:
    assigned: dict[StreamId, tuple[Event, ...]] = {}
    for stream, (name, field) in names_of(attributes).items():
        owner = skus[stream].item_id
        if owner is None:
            assigned[stream] = (SkuAssigned(name, item_id),)
        elif owner != item_id:
            raise SkuTaken(f"SKU {name!r} names item {owner!r}", field=field, sku=name)
    return assigned


def check_kit(item_id: str, attributes: ItemAttributes, components: Mapping[str, Item]) -> None:
    """Check the parts of a kit; a simple item passes.

    Raises:
        InvalidKit: a part is the kit itself, a kit, unknown or named twice, or the price
            shares do not sum to 1.
        InvalidStep: the quantity of a part is no multiple of the part's step.
    """
    seen = {item_id}
    for index, part in enumerate(attributes.components):
        field = f"item.components.{index}"
        known = components[part.item_id].attributes
        if part.item_id in seen:
            raise InvalidKit(
                f"{part.item_id!r} is the kit itself or named twice", field=f"{field}.item_id"
            )
        if known is None or known.components:
            fault = "is a kit" if known else "is unknown"
            raise InvalidKit(f"Component {part.item_id!r} {fault}", field=f"{field}.item_id")
        check_step(part.quantity, known, field=f"{field}.quantity")
        seen.add(part.item_id)
    shares = sum((part.price_share for part in attributes.components), Decimal(0))
    if attributes.components and shares != 1:
        raise InvalidKit(f"The price shares sum to {shares}, not 1", field="item.components")


def check_step(quantity: Decimal, attributes: ItemAttributes, *, field: str) -> None:
    """Check that a quantity is a multiple of the item's step.

    Raises:
        InvalidStep: it is not; its members name the SKU and the step.
    """
    if quantity % attributes.step:
        raise InvalidStep(
            f"{quantity} {attributes.unit} is no multiple of {attributes.step}",
            field=field,
            sku=attributes.sku,
            step=str(attributes.step),
        )
