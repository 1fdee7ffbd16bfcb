"""Asks for items, by id, by SKU or alias, and as a list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.base.text import sku_key
from eventstore.datastore import Datastore
from projections.database import fetch
from projections.paging import LARGEST_PAGE, Page, decode_cursor, page_of

_ITEM: Final = (
    "SELECT i.item_id, i.sku, i.sku_key, i.name, i.aliases, i.kind, i.unit, i.step, "
    "i.weight_grams, i.length_mm, i.width_mm, i.height_mm, i.hazard_class, i.bulky, i.category, "
    "i.tax_category, i.return_class, i.components, i.substitutes, i.position, i.changed_at "
    "FROM {schema}.items AS i "
)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item: grams, millimetres; `components` as {item_id, quantity, price_share}."""

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


@dataclass(frozen=True, slots=True)
class Named:
    """A SKU or alias and the item that it names."""

    sku_key: str
    item_id: str


def item(datastore: Datastore, item_id: str) -> FoundItem | None:
    """Return an item by its id."""
    found = fetch(datastore, FoundItem, _ITEM + "WHERE i.item_id = %s", [item_id])
    return found[0] if found else None


def item_by_sku(datastore: Datastore, sku: str) -> FoundItem | None:
    """Return the item that a SKU or alias names."""
    found = fetch(
        datastore,
        FoundItem,
        _ITEM + "JOIN {schema}.item_skus AS s ON s.item_id = i.item_id WHERE s.sku_key = %s",
        [sku_key(sku)],
    )
    return found[0] if found else None


def item_ids_of(datastore: Datastore, skus: Collection[str]) -> dict[str, str]:
    """Return the item id of each SKU or alias that names one, by SKU key."""
    found = fetch(
        datastore,
        Named,
        "SELECT sku_key, item_id FROM {schema}.item_skus WHERE sku_key = ANY(%s)",
        [[sku_key(sku) for sku in skus]],
    )
    return {named.sku_key: named.item_id for named in found}


def list_items(
    datastore: Datastore, *, limit: int = 50, cursor: str | None = None
) -> Page[FoundItem]:
    """Return a page of all items by SKU.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    after = decode_cursor(cursor, (str, str)) if cursor is not None else ["", ""]
    found = fetch(
        datastore,
        FoundItem,
        _ITEM + "WHERE (i.sku_key, i.item_id) > (%s, %s) ORDER BY i.sku_key, i.item_id LIMIT %s",
        [*after, limit + 1],
    )
    return page_of(found, limit, lambda last: (last.sku_key, last.item_id))
