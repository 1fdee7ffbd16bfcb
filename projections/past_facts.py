"""Routing's facts as they were known at a position of the log, from the log itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.base.streams import channel_stream
from domain.catalogue import AGGREGATES
from domain.channel.decider import Channel
from domain.channel.events import ChannelSettings
from domain.handlers.placing.from_states import PastWanted, past_facts, with_true_locations
from domain.routing.facts import RoutingFacts, unplaced
from domain.routing.policy import DEFAULT_POLICY, Policy
from eventstore.datastore import Datastore
from eventstore.errors import LogCorrupt
from eventstore.past import PastStates
from eventstore.reference.shelf import ReferenceShelf
from eventstore.registry import Registry
from projections.routing_policies.queries import active_policies, policies_named


class PastFacts:
    """Reads what was known then, though read models have gone on; a few queries in all."""

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool."""
        self._datastore = datastore
        self._states = PastStates(datastore, Registry(), AGGREGATES)
        self._shelf = ReferenceShelf(datastore)

    def read(self, wanted: PastWanted) -> RoutingFacts:
        """Return the facts; unknown items and places are left out, open work is 0 everywhere.

        Raises:
            UnknownReferenceData: a set that the hashes name is not kept here.
        """
        facts = past_facts(self._states, wanted)
        known = replace(
            facts,
            hashes=wanted.hashes,
            reference=self._shelf.reference(wanted.hashes),
            coordinates=self._shelf.coordinates(wanted.hashes, unplaced(facts.locations)),
            policies=active_policies(self._datastore, at=wanted.position),
        )
        return with_true_locations(self._states, wanted, known)

    def channel(self, channel_id: str, position: int) -> ChannelSettings:
        """Return a channel's rules at a position.

        Raises:
            LogCorrupt: it was not open, and yet sent an order.
        """
        stream = channel_stream(channel_id)
        found: Channel = self._states.read_at([stream], position).get(stream, Channel())
        if found.settings is None:
            msg = f"{stream} was not open at position {position}"
            raise LogCorrupt(msg)
        return found.settings

    def policies(self, names: Iterable[str]) -> Mapping[str, Policy]:
        """Return policies by name and version (`nearest/3`); unknown ones are left out."""
        published = {name for name in names if name != DEFAULT_POLICY.name}
        found = policies_named(self._datastore, published) if published else {}
        return {DEFAULT_POLICY.name: DEFAULT_POLICY, **found}
