"""Routing's facts as they were known at a position of the log, from the log itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.base.streams import (
    StreamId,
    channel_stream,
    item_stream,
    key_of,
    location_stream,
    stock_stream,
)
from domain.catalogue import AGGREGATES
from domain.channel.decider import Channel
from domain.handlers.placing.from_states import PastWanted, facts_of, location_of
from domain.routing.facts import LocationFacts, RoutingFacts, unplaced
from eventstore.datastore import Datastore
from eventstore.past import PastStates
from eventstore.reference.shelf import ReferenceShelf
from eventstore.registry import Registry


class PastFacts:
    """Reads what was known then, though read models have gone on; a few queries in all."""

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool."""
        self._states = PastStates(datastore, Registry(), AGGREGATES)
        self._shelf = ReferenceShelf(datastore)

    def read(self, wanted: PastWanted) -> RoutingFacts:
        """Return the facts; unknown items and places are left out, open work is 0 everywhere.

        Raises:
            UnknownReferenceData: a set that the hashes name is not kept here.
        """
        at = wanted.position if wanted.locations_position is None else wanted.locations_position
        places = wanted.location_ids
        if places is None:
            places = tuple(map(key_of, self._states.streams_of("location", at)))
        facts = facts_of(
            self._states.read(_streams(wanted, places, at)),
            position=wanted.position,
            item_ids=wanted.item_ids,
            location_ids=places,
            locations_position=wanted.locations_position,
            hashes=wanted.hashes,
            reference=self._shelf.reference(wanted.hashes),
        )
        return replace(
            facts,
            coordinates=self._shelf.coordinates(wanted.hashes, unplaced(facts.locations)),
            locations={**facts.locations, **self._corrected(wanted)},
        )

    def channel(self, channel_id: str, position: int) -> Channel:
        """Return a channel as it stood at a position."""
        stream = channel_stream(channel_id)
        found: Channel = self._states.read_at([stream], position).get(stream, Channel())
        return found

    def _corrected(self, wanted: PastWanted) -> Mapping[str, LocationFacts]:
        ids = wanted.corrected_locations
        states = self._states.read_at(map(location_stream, ids), wanted.truth)
        found = ((place, location_of(states, place)) for place in ids)
        return {place: fact for place, fact in found if fact is not None}


def _streams(wanted: PastWanted, places: Iterable[str], at: int) -> dict[StreamId, int]:
    """Return the streams that facts are made of, each with the position it is wanted at."""
    places = tuple(places)
    streams = dict.fromkeys(map(item_stream, wanted.item_ids), wanted.truth)
    streams |= dict.fromkeys(map(location_stream, places), at)
    for item_id in wanted.item_ids:
        streams |= dict.fromkeys((stock_stream(item_id, p) for p in places), wanted.position)
    return streams
