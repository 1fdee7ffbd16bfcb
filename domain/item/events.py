"""What happened to an item and to the SKUs that name it."""

from dataclasses import dataclass
from decimal import Decimal

from domain.base.messages import Event


@dataclass(frozen=True, slots=True)
class Component:
    """`quantity` of `item_id` per kit; `price_share` of the kit's price (0 to 1)."""

    item_id: str
    quantity: Decimal
    price_share: Decimal


@dataclass(frozen=True, slots=True)
class ItemAttributes:
    """What an item is: grams, millimetres, in `unit`s sold in multiples of `step`."""

    sku: str
    name: str
    aliases: tuple[str, ...] = ()
    unit: str = "each"
    step: Decimal = Decimal(1)
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    hazard_class: str | None = None
    bulky: bool = False
    category: str | None = None
    tax_category: str | None = None
    return_class: str | None = None
    components: tuple[Component, ...] = ()
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRegistered(Event):
    """An item became known."""

    attributes: ItemAttributes


@dataclass(frozen=True, slots=True)
class ItemChanged(Event):
    """An item's attributes were replaced."""

    attributes: ItemAttributes


@dataclass(frozen=True, slots=True)
class SkuAssigned(Event):
    """A SKU or alias names an item from now on (stream `sku:KEY`)."""

    sku: str
    item_id: str


@dataclass(frozen=True, slots=True)
class SkuWithdrawn(Event):
    """A SKU or alias no longer names its item."""

    item_id: str
