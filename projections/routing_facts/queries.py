"""Reads what routing knows of items: one statement, one position."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import orjson

from eventstore.datastore import Datastore
from projections.database import query
from projections.routing_facts.item_stock import ItemStock

_FACTS: Final = """
WITH named AS MATERIALIZED (
    SELECT item_id, array_agg(sku_key) FILTER (WHERE sku_key IS NOT NULL) AS sku_keys
    FROM (SELECT item_id, sku_key FROM {schema}.routing_skus WHERE sku_key = ANY(%s)
          UNION ALL SELECT unnest(%s::text[]), NULL) AS names
    GROUP BY item_id
), asked AS MATERIALIZED (
    SELECT f.*, n.sku_keys FROM named AS n JOIN {schema}.routing_facts AS f USING (item_id)
), parts AS (
    SELECT DISTINCT unnest(components) AS item_id FROM asked WHERE components <> '{{}}'
    EXCEPT SELECT item_id FROM asked
), wanted AS (
    SELECT * FROM asked
    UNION ALL
    SELECT f.*, NULL FROM parts AS p JOIN {schema}.routing_facts AS f USING (item_id)
), state AS (
    SELECT max(position) FILTER (WHERE name = 'routing_facts') AS position,
           max(generation) FILTER (WHERE name = 'locations') AS locations_generation,
           max(changed_position) FILTER (WHERE name = 'locations') AS locations_changed,
           max(generation) FILTER (WHERE name = 'routing_policies') AS policies_generation,
           max(changed_position) FILTER (WHERE name = 'routing_policies') AS policies_changed,
           (SELECT max(number) FROM {schema}.reference_uses) AS reference
    FROM {schema}.read_models WHERE state = 'live'
)
SELECT s.position, s.locations_generation, s.locations_changed, s.policies_generation,
       s.policies_changed, s.reference,
       w.item_id, w.sku_keys, w.attributes_position, w.attributes::text,
       nullif(w.expected, '{{}}')::text, array_send(w.location_ids), array_send(w.free),
       array_send(w.on_hand), array_send(w.safety_stock), array_send(w.queued),
       array_send(w.daily_demand)
FROM state AS s LEFT JOIN wanted AS w ON w.attributes IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item as read: its attributes as JSON text, unchanged since `attributes_position`."""

    item_id: str
    sku_keys: list[str]
    attributes_position: int
    attributes: str
    stock: ItemStock


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """What one statement found at one position.

    `locations_state` changes whenever a location does, `policies_state` whenever a policy does
    (its second part is 0 while there is none); `reference` counts how often a set of
    reference data came into use.
    """

    position: int
    locations_state: tuple[str, int]
    policies_state: tuple[str, int]
    reference: int
    items: list[FoundItem]


def read_facts(
    datastore: Datastore, *, sku_keys: Collection[str], item_ids: Collection[str]
) -> FoundFacts:
    """Return the items of these SKUs and ids, and of kits among them the components too."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(_FACTS), [list(sku_keys), list(item_ids)], binary=True, prepare=True
        ).fetchall()
    position, generation, changed, of_policies, policies_changed, reference = rows[0][:6]
    return FoundFacts(
        position=position or 0,
        locations_state=(generation or "", changed or 0),
        policies_state=(of_policies or "", policies_changed or 0),
        reference=reference or 0,
        items=[_item(row[6:]) for row in rows if row[6] is not None],
    )


def _item(row: tuple[Any, ...]) -> FoundItem:
    item_id, sku_keys, attributes_position, attributes, expected, location_ids, *arrays = row
    return FoundItem(
        item_id,
        sku_keys or [],
        attributes_position,
        attributes,
        ItemStock(location_ids, tuple(arrays), {} if expected is None else orjson.loads(expected)),
    )
