"""Asks what can be sold of items: at each location and through each channel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.base.text import sku_key
from eventstore.datastore import Datastore
from projections.database import fetch, query

_AT_LOCATIONS: Final = """
SELECT item_id, location_id, kit, available, on_hand, reserved, safety_stock, queued, expected,
       shortfall, damaged, quarantine, position, stale
FROM {schema}.availability
WHERE item_id = ANY(%(items)s)
  AND (%(locations)s::text[] IS NULL OR location_id = ANY(%(locations)s))
ORDER BY item_id, location_id
"""
_BY_CHANNEL: Final = """
SELECT item_id, channel_id, kit, available, locations, position, stale
FROM {schema}.availability_by_channel
WHERE item_id = ANY(%(items)s)
  AND (%(channels)s::text[] IS NULL OR channel_id = ANY(%(channels)s))
ORDER BY item_id, channel_id
"""


@dataclass(frozen=True, slots=True)
class LocationStock:
    """An item's stock at a location; a kit has no figures but `available`."""

    item_id: str
    location_id: str
    kit: bool
    available: Decimal
    on_hand: Decimal | None
    reserved: Decimal | None
    safety_stock: Decimal | None
    queued: Decimal | None
    expected: Decimal | None
    shortfall: Decimal | None
    damaged: Decimal | None
    quarantine: Decimal | None
    position: int
    stale: bool


@dataclass(frozen=True, slots=True)
class ChannelStock:
    """What a channel can sell of an item, from so many `locations`."""

    item_id: str
    channel_id: str
    kit: bool
    available: Decimal
    locations: int
    position: int
    stale: bool


@dataclass(frozen=True, slots=True)
class ItemAvailability:
    """What can be sold of the item that `asked` names; places that never held it are left out."""

    asked: str
    item_id: str
    sku: str
    locations: tuple[LocationStock, ...]
    channels: tuple[ChannelStock, ...]


def availability_of(
    datastore: Datastore,
    skus: Sequence[str],
    *,
    locations: Collection[str] | None = None,
    channels: Collection[str] | None = None,
) -> list[ItemAvailability]:
    """Return what can be sold of each SKU or alias, in the order asked; unknown ones left out.

    With `locations` or `channels`, of these only.
    """
    named = _named(datastore, {sku_key(sku) for sku in skus})
    asked = {
        "items": list({item_id for item_id, _ in named.values()}),
        "locations": None if locations is None else list(locations),
        "channels": None if channels is None else list(channels),
    }
    at_locations: dict[str, list[LocationStock]] = {}
    for stock in fetch(datastore, LocationStock, _AT_LOCATIONS, asked):
        at_locations.setdefault(stock.item_id, []).append(stock)
    by_channel: dict[str, list[ChannelStock]] = {}
    for share in fetch(datastore, ChannelStock, _BY_CHANNEL, asked):
        by_channel.setdefault(share.item_id, []).append(share)
    found = []
    for text in skus:
        if sku_key(text) in named:
            item_id, sku = named[sku_key(text)]
            found.append(
                ItemAvailability(
                    asked=text,
                    item_id=item_id,
                    sku=sku,
                    locations=tuple(at_locations.get(item_id, ())),
                    channels=tuple(by_channel.get(item_id, ())),
                )
            )
    return found


def _named(datastore: Datastore, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (item id, SKU) by SKU key."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT s.sku_key, s.item_id, coalesce(i.sku, s.sku) FROM {schema}.item_skus AS s "
                "LEFT JOIN {schema}.items AS i ON i.item_id = s.item_id "
                "WHERE s.sku_key = ANY(%s)"
            ),
            [list(keys)],
        ).fetchall()
    return {key: (item_id, sku) for key, item_id, sku in rows}
