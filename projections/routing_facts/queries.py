"""Reads what routing knows of items: one statement, one position."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.base.quantity import PLACES
from domain.routing.facts import StockFacts
from eventstore.datastore import Datastore
from projections.database import query
from projections.stock_figures import ExpectedReceipts

_FACTS: Final = """
WITH named AS MATERIALIZED (
    SELECT sku_key, item_id FROM {schema}.routing_skus WHERE sku_key = ANY(%s)
), asked AS MATERIALIZED (
    SELECT f.* FROM {schema}.routing_facts AS f
    WHERE f.item_id IN (SELECT item_id FROM named UNION ALL SELECT unnest(%s::text[]))
), wanted AS (
    SELECT * FROM asked
    UNION ALL
    SELECT f.* FROM {schema}.routing_facts AS f
    WHERE f.item_id IN (SELECT unnest(components) FROM asked)
      AND f.item_id NOT IN (SELECT item_id FROM asked)
), state AS (
    SELECT max(position) FILTER (WHERE name = 'routing_facts') AS position,
           max(generation) FILTER (WHERE name = 'locations') AS locations_generation,
           max(changed_position) FILTER (WHERE name = 'locations') AS locations_changed,
           (SELECT number FROM {schema}.postal_code_sets ORDER BY number DESC LIMIT 1) AS codes
    FROM {schema}.read_models WHERE state = 'live'
)
SELECT s.position, s.locations_generation, s.locations_changed, s.codes,
       w.item_id, ARRAY(SELECT n.sku_key FROM named AS n WHERE n.item_id = w.item_id),
       w.attributes_position, w.attributes, w.location_ids, w.free, w.on_hand, w.safety_stock,
       w.queued, w.expected
FROM state AS s LEFT JOIN wanted AS w ON w.attributes IS NOT NULL
"""
_TEN_THOUSANDTHS: Final = -PLACES


class ItemStock(Mapping[str, StockFacts]):
    """An item's stock by location, over the arrays as they were read; cells are made on use."""

    def __init__(
        self,
        location_ids: list[str],
        arrays: tuple[list[int], list[int], list[int], list[int]],
        expected: Mapping[str, ExpectedReceipts],
    ) -> None:
        """Wrap parallel arrays of free, on hand, safety stock and queued in ten-thousandths."""
        self._index = dict(zip(location_ids, range(len(location_ids)), strict=True))
        self._arrays = arrays
        self._expected = expected
        self._made: dict[str, StockFacts] = {}

    def __getitem__(self, location_id: str) -> StockFacts:
        """Return the stock at a location."""
        made = self._made.get(location_id)
        if made is None:
            made = self._made[location_id] = self._make(location_id)
        return made

    def __contains__(self, location_id: object) -> bool:
        """Say whether the location has ever held the item."""
        return location_id in self._index

    def __iter__(self) -> Iterator[str]:
        """Iterate over location ids."""
        return iter(self._index)

    def __len__(self) -> int:
        """Return how many locations have ever held the item."""
        return len(self._index)

    def _make(self, location_id: str) -> StockFacts:
        at = self._index[location_id]
        free, on_hand, safety_stock, queued = (
            Decimal(array[at]).scaleb(_TEN_THOUSANDTHS) for array in self._arrays
        )
        return StockFacts(free, on_hand, safety_stock, queued, self._receipts(location_id))

    def _receipts(self, location_id: str) -> tuple[tuple[datetime, Decimal], ...]:
        receipts = self._expected.get(location_id)
        if not receipts:
            return ()
        return tuple(
            sorted(
                (datetime.fromisoformat(due), Decimal(str(left))) for due, left in receipts.values()
            )
        )


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item as read: its attributes still as JSON, unchanged since `attributes_position`."""

    item_id: str
    sku_keys: list[str]
    attributes_position: int
    attributes: Mapping[str, Any]
    stock: ItemStock


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """What one statement found at one position.

    `locations_state` changes whenever a location does; `postal_codes` is the number of the
    newest set, None where there is none.
    """

    position: int
    locations_state: tuple[str, int]
    postal_codes: int | None
    items: list[FoundItem]


def read_facts(
    datastore: Datastore, *, sku_keys: Collection[str], item_ids: Collection[str]
) -> FoundFacts:
    """Return the items of these SKUs and ids, and of kits among them the components too."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(_FACTS), [list(sku_keys), list(item_ids)], binary=True, prepare=True
        ).fetchall()
    position, generation, changed, codes = rows[0][:4]
    return FoundFacts(
        position=position or 0,
        locations_state=(generation or "", changed or 0),
        postal_codes=codes,
        items=[_item(row[4:]) for row in rows if row[4] is not None],
    )


def _item(row: tuple[Any, ...]) -> FoundItem:
    item_id, sku_keys, attributes_position, attributes, location_ids, *arrays, expected = row
    free, on_hand, safety_stock, queued = arrays
    return FoundItem(
        item_id,
        sku_keys,
        attributes_position,
        attributes,
        ItemStock(location_ids, (free, on_hand, safety_stock, queued), expected),
    )
