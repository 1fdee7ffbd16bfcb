"""Routing's facts out of states of streams: what the read models say, without them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from domain.base.streams import StreamId, item_stream, key_of, location_stream, stock_stream
from domain.item.decider import Item
from domain.location.decider import Location
from domain.routing.facts import ItemFacts, LocationFacts, RoutingFacts, StockFacts
from domain.routing.reference import NO_REFERENCE, Reference
from domain.stock.state import StockItem


@dataclass(frozen=True, slots=True)
class PastWanted:
    """Which facts are wanted as they were known: stock at `position`.

    Locations are wanted at `locations_position` (None: the same), all of them where
    `location_ids` is None; items and `corrected_locations` at `truth_position` (None: the same).
    `hashes` name the reference data by kind.
    """

    position: int
    item_ids: tuple[str, ...]
    location_ids: tuple[str, ...] | None = None
    locations_position: int | None = None
    truth_position: int | None = None
    corrected_locations: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)

    @property
    def truth(self) -> int:
        """Return the position at which the decision saw streams themselves."""
        return self.position if self.truth_position is None else self.truth_position


class Past(Protocol):
    """States of streams as they stood at positions of the log."""

    def read(self, wanted: Mapping[StreamId, int]) -> Mapping[StreamId, Any]:
        """Return each stream's state at its position; those without events are left out."""

    def streams_of(self, category: str, position: int) -> Iterable[StreamId]:
        """Return the streams of a category that had begun at a position."""


def past_facts(past: Past, wanted: PastWanted) -> RoutingFacts:
    """Return facts as the read models had them, without reference data and open work."""
    at = wanted.position if wanted.locations_position is None else wanted.locations_position
    places = wanted.location_ids
    if places is None:
        last = max(at, wanted.position, wanted.truth)
        places = tuple(map(key_of, past.streams_of("location", last)))
    return facts_of(
        past.read(_streams(wanted, places, at)),
        position=wanted.position,
        item_ids=wanted.item_ids,
        location_ids=places,
        locations_position=wanted.locations_position,
    )


def with_true_locations(past: Past, wanted: PastWanted, facts: RoutingFacts) -> RoutingFacts:
    """Return the facts with those locations as they stood that truth corrected."""
    ids = wanted.corrected_locations
    if not ids:
        return facts
    states = past.read(dict.fromkeys(map(location_stream, ids), wanted.truth))
    left = {place: fact for place, fact in facts.locations.items() if place not in ids}
    found = {place: fact for place in ids if (fact := location_of(states, place)) is not None}
    return replace(facts, locations=left | found)


def _streams(wanted: PastWanted, places: Iterable[str], at: int) -> dict[StreamId, int]:
    """Return the streams that facts are made of, each with the position it is wanted at."""
    places = tuple(places)
    streams = dict.fromkeys(map(item_stream, wanted.item_ids), wanted.truth)
    streams |= dict.fromkeys(map(location_stream, places), at)
    for item_id in wanted.item_ids:
        streams |= dict.fromkeys((stock_stream(item_id, p) for p in places), wanted.position)
    return streams


def facts_of(
    states: Mapping[StreamId, Any],
    *,
    position: int,
    item_ids: Iterable[str],
    location_ids: Iterable[str],
    locations_position: int | None = None,
    hashes: Mapping[str, str] | None = None,
    reference: Reference = NO_REFERENCE,
) -> RoutingFacts:
    """Return the facts on items and locations as the states of their streams have them.

    A stream that is left out has no events. Open work is 0 everywhere: no stream has it.
    """
    places = tuple(location_ids)
    items = (_item(states, item_id, places) for item_id in item_ids)
    locations = (location_of(states, place) for place in places)
    return RoutingFacts(
        position=position,
        items={one.item_id: one for one in items if one is not None},
        locations={one.location_id: one for one in locations if one is not None},
        hashes=hashes or {},
        reference=reference,
        locations_position=locations_position,
    )


def location_of(states: Mapping[StreamId, Any], location_id: str) -> LocationFacts | None:
    """Return a location's facts, None where nobody registered it."""
    location: Location | None = states.get(location_stream(location_id))
    if location is None or location.attributes is None:
        return None
    return LocationFacts(location_id, location.attributes, suspended=location.suspended)


def _item(
    states: Mapping[StreamId, Any], item_id: str, places: tuple[str, ...]
) -> ItemFacts | None:
    item: Item | None = states.get(item_stream(item_id))
    if item is None or item.attributes is None:
        return None
    at = stock_stream(item_id, "")
    stock = {place: _stock(states[at + place]) for place in places if at + place in states}
    return ItemFacts(item_id, item.attributes, stock)


def _stock(state: StockItem) -> StockFacts:
    return StockFacts(
        free=state.free,
        on_hand=state.on_hand,
        safety_stock=state.safety_stock,
        queued=state.queued,
        expected=tuple(sorted((one.due, one.quantity) for one in state.expected.values())),
        daily_demand=state.daily_demand,
    )
