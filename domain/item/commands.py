"""What can be asked of items."""

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.base.messages import Command
from domain.base.money import Rate
from domain.base.quantity import Quantity
from domain.base.text import Code, Line, Sku

Millimetres = Annotated[int, Field(gt=0, le=100_000)]
Grams = Annotated[int, Field(ge=0, le=100_000_000)]


class ComponentInput(BaseModel):
    """A part of a kit, named by its item id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item_id: Code
    quantity: Quantity
    price_share: Rate


class ItemInput(BaseModel):
    """An item's attributes: grams, millimetres, sold in multiples of `step` of `unit`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    name: Line
    aliases: Annotated[tuple[Sku, ...], Field(max_length=20)] = ()
    unit: Code = "each"
    step: Quantity = Decimal(1)
    weight_grams: Grams | None = None
    length_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    hazard_class: Code | None = None
    bulky: bool = False
    category: Line | None = None
    tax_category: Line | None = None
    return_class: Line | None = None
    components: Annotated[tuple[ComponentInput, ...], Field(max_length=50)] = ()
    substitutes: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class RegisterItem(Command):
    """Make an item known under its SKU and aliases."""

    command_type: ClassVar[str] = "RegisterItem"

    item_id: Code
    item: ItemInput


class ChangeItem(Command):
    """Replace an item's attributes."""

    command_type: ClassVar[str] = "ChangeItem"

    item_id: Code
    item: ItemInput
