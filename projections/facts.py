"""Routing's facts, from the read models and reference data of one partition."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from types import MappingProxyType
from typing import Final

import structlog
from psycopg import errors

from domain.base.handling import FactsWanted
from domain.base.text import sku_key
from domain.item.events import ItemAttributes
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import (
    NO_FACTS,
    FactsSource,
    ItemFacts,
    LocationFacts,
    Locations,
    RoutingFacts,
    unplaced,
)
from eventstore.datastore import Datastore
from eventstore.reference.postal_codes import Degrees, Place
from eventstore.reference.shelf import InUse, ReferenceShelf
from projections.database import query
from projections.locations.fold import ATTRIBUTES as LOCATION_ATTRIBUTES
from projections.routing_facts.fold import ATTRIBUTES as ITEM_ATTRIBUTES
from projections.routing_facts.queries import FoundItem, read_facts
from projections.routing_policies.queries import active_policies

_WORK_IS_FRESH_FOR: Final = 1.0
"""Seconds for which the open fulfilments of locations are not read again."""
_MOST_CACHED: Final = 100_000
NOTHING_BOOKED: Final[Mapping[date, int]] = MappingProxyType({})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Locations:
    """All locations as they were at a position, read for a state of their read model.

    `read_at` in seconds; `unplaced` are the postal codes of those without coordinates.
    """

    state: tuple[str, int]
    read_at: float
    by_id: Mapping[str, LocationFacts]
    position: int = 0
    unplaced: tuple[Place, ...] = ()


class PostgresFacts:
    """Reads what routing wants to know: items in one statement, the rest as a rule from memory.

    Locations and policies are read again when one has changed, reference data when a set came
    into use, attributes of an item when they have changed.
    """

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool."""
        self._datastore = datastore
        self._locations = _Locations(("", -1), 0.0, {})
        self._policies: tuple[tuple[str, int], tuple[ActivePolicy, ...]] = (("", 0), ())
        self._shelf = ReferenceShelf(datastore)
        self._attributes: dict[str, tuple[int, ItemAttributes]] = {}
        self._placed: tuple[tuple[Place, ...], int, Mapping[Place, Degrees]] = ((), 0, {})

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
        known = self._shelf.in_use(found.reference)
        locations = self._known_locations(found.locations_state)
        return RoutingFacts(
            position=found.position,
            items={item.item_id: self._item(item) for item in found.items},
            locations=locations.by_id,
            skus={key: item.item_id for item in found.items for key in item.sku_keys},
            coordinates=self._coordinates(known, locations, wanted.destinations),
            hashes=known.hashes,
            reference=known.reference,
            locations_position=locations.position,
            policies=self._known_policies(found.policies_state),
        )

    def _known_policies(self, state: tuple[str, int]) -> tuple[ActivePolicy, ...]:
        if self._policies[0] != state:
            found = active_policies(self._datastore) if state[1] else ()
            self._policies = (state, found)
        return self._policies[1]

    def _item(self, found: FoundItem) -> ItemFacts:
        known = self._attributes.get(found.item_id)
        if known is None or known[0] != found.attributes_position:
            if len(self._attributes) >= _MOST_CACHED:
                self._attributes.clear()
            attributes = ITEM_ATTRIBUTES.validate_json(found.attributes)
            known = self._attributes[found.item_id] = (found.attributes_position, attributes)
        return ItemFacts(found.item_id, known[1], found.stock)

    def _known_locations(self, state: tuple[str, int]) -> _Locations:
        kept = self._locations
        now = time.monotonic()
        if kept.state != state or now - kept.read_at > _WORK_IS_FRESH_FOR:
            kept = self._locations = self._read_locations(kept, state, now)
        return kept

    def _read_locations(self, before: _Locations, state: tuple[str, int], now: float) -> _Locations:
        """Read every location at one position; unchanged attributes are those of `before`."""
        with query(self._datastore) as cursor:
            rows = cursor.execute(
                self._datastore.sql(
                    "SELECT m.changed_position, l.location_id, l.suspended, "
                    "coalesce(b.open_fulfilments, 0), CASE WHEN l.position <= %s "
                    "AND l.location_id = ANY(%s) THEN NULL ELSE l.attributes END "
                    "FROM {schema}.read_models AS m LEFT JOIN {schema}.locations AS l ON true "
                    "LEFT JOIN {schema}.backlog AS b ON b.location_id = l.location_id "
                    "WHERE m.name = 'locations' AND m.state = 'live'"
                ),
                [before.position, list(before.by_id)],
            ).fetchall()
        booked = self._booked_days()
        by_id = {
            location_id: LocationFacts(
                location_id,
                before.by_id[location_id].attributes
                if attributes is None
                else LOCATION_ATTRIBUTES.validate_python(attributes),
                suspended=suspended,
                open_fulfilments=work,
                booked=booked.get(location_id, NOTHING_BOOKED),
            )
            for _, location_id, suspended, work, attributes in rows
            if location_id is not None
        }
        return _Locations(state, now, Locations(by_id), rows[0][0] if rows else 0, unplaced(by_id))

    def _booked_days(self) -> Mapping[str, Mapping[date, int]]:
        """Return what is booked by location and working day, from yesterday on.

        Yesterday is some location's today. Orders of the past find full days by loading them.
        """
        with query(self._datastore) as cursor:
            rows = cursor.execute(
                self._datastore.sql(
                    "SELECT location_id, array_agg(day), array_agg(booked) FROM {schema}.capacity "
                    "WHERE day >= current_date - 1 AND booked > 0 GROUP BY location_id"
                )
            ).fetchall()
        return {
            location_id: dict(zip(days, booked, strict=True)) for location_id, days, booked in rows
        }

    def _coordinates(
        self, known: InUse, locations: _Locations, destinations: Iterable[Place]
    ) -> Mapping[Place, Degrees]:
        """Return where destinations lie, and locations that have no coordinates of their own."""
        found = self._shelf.coordinates(known.hashes, destinations)
        if not locations.unplaced:
            return found
        if self._placed[:2] != (locations.unplaced, known.number):
            placed = self._shelf.coordinates(known.hashes, locations.unplaced)
            self._placed = (locations.unplaced, known.number, placed)
        return {**self._placed[2], **found}


class SharedFacts:
    """Lets many threads ask for facts, one at a time: what is kept in memory is for one."""

    def __init__(self, source: FactsSource) -> None:
        """Read from a source that nobody else reads from."""
        self._source = source
        self._one = Lock()

    def read(self, wanted: FactsWanted) -> RoutingFacts:
        """Return what is known at one position, as the source does."""
        with self._one:
            return self._source.read(wanted)
