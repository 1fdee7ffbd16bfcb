"""Routing's facts, from the read models and reference data of one partition."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from psycopg import errors

from domain.base.handling import FactsWanted
from domain.base.text import sku_key
from domain.item.events import ItemAttributes
from domain.routing.facts import NO_FACTS, ItemFacts, LocationFacts, RoutingFacts
from eventstore.datastore import Datastore
from projections.database import query
from projections.locations.fold import ATTRIBUTES as LOCATION_ATTRIBUTES
from projections.postal_codes import normalise
from projections.routing_facts.fold import ATTRIBUTES as ITEM_ATTRIBUTES
from projections.routing_facts.queries import FoundItem, read_facts

Place = tuple[str, str]
"""(country, postal code)."""
Degrees = tuple[float, float]

_WORK_IS_FRESH_FOR: Final = 1.0
"""Seconds for which the open fulfilments of locations are not read again."""
_MOST_CACHED: Final = 100_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Locations:
    """All locations as they were at a state of their read model; `read_at` in seconds."""

    state: tuple[str, int]
    read_at: float
    by_id: Mapping[str, LocationFacts]


@dataclass(frozen=True, slots=True)
class _PostalCodes:
    """The newest set of postal codes, and what was asked of it so far."""

    number: int
    hash: str
    known: dict[Place, Degrees | None] = field(default_factory=dict)


class PostgresFacts:
    """Reads what routing wants to know: items in one statement, the rest as a rule from memory.

    Locations are read again when one has changed, coordinates once for each set of postal
    codes, attributes of an item when they have changed.
    """

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool."""
        self._datastore = datastore
        self._locations = _Locations(("", -1), 0.0, {})
        self._codes: _PostalCodes | None = None
        self._attributes: dict[str, tuple[int, ItemAttributes]] = {}

    def read(self, wanted: FactsWanted) -> RoutingFacts:
        """Return what is known at one position; unknown items and places are left out.

        Components of a wanted kit come along. Where read models were never made nothing is
        known, and decisions read streams.
        """
        try:
            return self._read(wanted)
        except errors.UndefinedTable as error:
            log.warning("no read models yet", schema=self._datastore.schema, error=str(error))
            return NO_FACTS

    def _read(self, wanted: FactsWanted) -> RoutingFacts:
        found = read_facts(
            self._datastore,
            sku_keys=[sku_key(sku) for sku in wanted.skus],
            item_ids=wanted.item_ids,
        )
        codes = self._postal_codes(found.postal_codes)
        return RoutingFacts(
            position=found.position,
            items={item.item_id: self._item(item) for item in found.items},
            locations=self._known_locations(found.locations_state),
            skus={key: item.item_id for item in found.items for key in item.sku_keys},
            coordinates=self._coordinates(codes, wanted.destinations) if codes else {},
            hashes={"postal_codes": codes.hash} if codes else {},
        )

    def _item(self, found: FoundItem) -> ItemFacts:
        known = self._attributes.get(found.item_id)
        if known is None or known[0] != found.attributes_position:
            if len(self._attributes) >= _MOST_CACHED:
                self._attributes.clear()
            attributes = ITEM_ATTRIBUTES.validate_json(found.attributes)
            known = self._attributes[found.item_id] = (found.attributes_position, attributes)
        return ItemFacts(found.item_id, known[1], found.stock)

    def _known_locations(self, state: tuple[str, int]) -> Mapping[str, LocationFacts]:
        kept = self._locations
        now = time.monotonic()
        if kept.state != state or now - kept.read_at > _WORK_IS_FRESH_FOR:
            before = kept.by_id if kept.state == state else {}
            kept = self._locations = _Locations(state, now, self._read_locations(before))
        return kept.by_id

    def _read_locations(self, before: Mapping[str, LocationFacts]) -> dict[str, LocationFacts]:
        """Read every location; attributes of those in `before` are as they were."""
        with query(self._datastore) as cursor:
            rows = cursor.execute(
                self._datastore.sql(
                    "SELECT l.location_id, l.suspended, coalesce(b.open_fulfilments, 0), "
                    "CASE WHEN l.location_id = ANY(%s) THEN NULL ELSE l.attributes END "
                    "FROM {schema}.locations AS l "
                    "LEFT JOIN {schema}.backlog AS b ON b.location_id = l.location_id"
                ),
                [list(before)],
            ).fetchall()
        return {
            location_id: LocationFacts(
                location_id,
                before[location_id].attributes
                if attributes is None
                else LOCATION_ATTRIBUTES.validate_python(attributes),
                suspended=suspended,
                open_fulfilments=work,
            )
            for location_id, suspended, work, attributes in rows
        }

    def _postal_codes(self, number: int | None) -> _PostalCodes | None:
        if number is None:
            return None
        if self._codes is None or self._codes.number != number:
            with query(self._datastore) as cursor:
                [(digest,)] = cursor.execute(
                    self._datastore.sql(
                        "SELECT hash FROM {schema}.postal_code_sets WHERE number = %s"
                    ),
                    [number],
                ).fetchall()
            self._codes = _PostalCodes(number, digest)
        return self._codes

    def _coordinates(self, codes: _PostalCodes, asked: Iterable[Place]) -> dict[Place, Degrees]:
        places = {place: (place[0], normalise(*place)) for place in asked}
        if len(codes.known) >= _MOST_CACHED:
            codes.known.clear()
        new = set(places.values()) - codes.known.keys()
        if new:
            codes.known.update(dict.fromkeys(new))
            codes.known.update(self._look_up(codes.number, new))
        return {
            place: degrees
            for place, key in places.items()
            if (degrees := codes.known[key]) is not None
        }

    def _look_up(self, number: int, places: Iterable[Place]) -> dict[Place, Degrees]:
        countries, codes = zip(*places, strict=True)
        with query(self._datastore) as cursor:
            rows = cursor.execute(
                self._datastore.sql(
                    "SELECT country, postal_code, latitude, longitude FROM {schema}.postal_codes "
                    "WHERE set_number = %s AND (country, postal_code) IN "
                    "(SELECT * FROM unnest(%s::text[], %s::text[]))"
                ),
                [number, list(countries), list(codes)],
            ).fetchall()
        return {
            (country, code): (latitude, longitude) for country, code, latitude, longitude in rows
        }
