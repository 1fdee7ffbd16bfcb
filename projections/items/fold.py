"""Folds items and the SKUs that name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.base.quantity import as_number
from domain.base.streams import category_of, item_stream, key_of
from domain.base.text import sku_key
from domain.item.events import (
    ItemAttributes,
    ItemChanged,
    ItemRegistered,
    SkuAssigned,
    SkuWithdrawn,
)
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class ItemRow:
    """An item as it is now."""

    item_id: str
    sku: str
    sku_key: str
    name: str
    aliases: list[str]
    kind: str
    unit: str
    step: Decimal
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    hazard_class: str | None
    bulky: bool
    category: str | None
    tax_category: str | None
    return_class: str | None
    components: list[dict[str, Any]]
    substitutes: list[str]
    position: int
    changed_at: datetime


@dataclass(slots=True)
class SkuRow:
    """Which item a SKU or alias names."""

    sku_key: str
    sku: str
    item_id: str


ITEMS: Final = Table(
    "items",
    ItemRow,
    ("item_id",),
    by_stream=ByStream(
        lambda stream: (key_of(stream),) if category_of(stream) == "item" else None,
        lambda row: (item_stream(row.item_id),),
    ),
)
SKUS: Final = Table(
    "item_skus",
    SkuRow,
    ("sku_key",),
    by_stream=ByStream(
        lambda stream: (key_of(stream),) if category_of(stream) == "sku" else None,
        lambda row: (f"sku:{row.sku_key}",),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch; the last event of an item says all of it."""
    for recorded in events:
        key = key_of(recorded.stream)
        match recorded.event:
            case ItemRegistered(attributes) | ItemChanged(attributes):
                tables[ITEMS].put(_row(key, attributes, recorded))
            case SkuAssigned(sku, item_id):
                tables[SKUS].put(SkuRow(key, sku, item_id))
            case SkuWithdrawn():
                tables[SKUS].remove(key)


def _row(item_id: str, attributes: ItemAttributes, recorded: RecordedEvent) -> ItemRow:
    return ItemRow(
        item_id=item_id,
        sku=attributes.sku,
        sku_key=sku_key(attributes.sku),
        name=attributes.name,
        aliases=list(attributes.aliases),
        kind="kit" if attributes.components else "simple",
        unit=attributes.unit,
        step=attributes.step,
        weight_grams=attributes.weight_grams,
        length_mm=attributes.length_mm,
        width_mm=attributes.width_mm,
        height_mm=attributes.height_mm,
        hazard_class=attributes.hazard_class,
        bulky=attributes.bulky,
        category=attributes.category,
        tax_category=attributes.tax_category,
        return_class=attributes.return_class,
        components=[
            {
                "item_id": part.item_id,
                "quantity": as_number(part.quantity),
                "price_share": as_number(part.price_share),
            }
            for part in attributes.components
        ],
        substitutes=list(attributes.substitutes),
        position=recorded.position,
        changed_at=recorded.recorded_at,
    )


READ_MODEL: Final = ReadModel(
    name="items",
    version=1,
    events=frozenset({ItemRegistered, ItemChanged, SkuAssigned, SkuWithdrawn}),
    tables=(ITEMS, SKUS),
    views=("items", "item_skus"),
    fold=fold,
)
