"""Reference data of a back-test: what each decision named, or what is in use now."""

from dataclasses import replace
from typing import Literal

from domain.routing.facts import RoutingFacts, unplaced
from domain.routing.plan import RoutingDecision
from domain.routing.reference import Reference
from domain.routing.request import RoutingRequest
from eventstore.datastore import Datastore
from eventstore.reference.sets import all_sets
from eventstore.reference.shelf import ReferenceShelf

Kept = Literal["known", "current"]
"""`known`: the sets that a decision was made with; `current`: those in use now, for all."""


class ReferenceSource:
    """Carriers, calendars and coordinates for each decision."""

    def __init__(self, datastore: Datastore, kept: Kept) -> None:
        """Read through the datastore's pool."""
        self._shelf = ReferenceShelf(datastore)
        self._current: dict[str, str] | None = None
        if kept == "current":
            self._current = {str(one.kind): one.hash for one in all_sets(datastore) if one.in_use}
        self._parsed: dict[tuple[tuple[str, str], ...], Reference] = {}

    def reference(self, decision: RoutingDecision) -> Reference:
        """Return the reference data for a decision.

        Raises:
            UnknownReferenceData: a set that it names is not kept here.
        """
        hashes = dict(decision.hashes) if self._current is None else self._current
        key = tuple(sorted(hashes.items()))
        found = self._parsed.get(key)
        if found is None:
            found = self._parsed[key] = self._shelf.reference(hashes)
        return found

    def placed(self, facts: RoutingFacts, request: RoutingRequest) -> RoutingFacts:
        """Return facts that know where places are which only their postal codes place."""
        asked = [
            (group.destination.country, group.destination.postal_code)
            for group in request.groups
            if group.destination.postal_code is not None and group.destination.latitude is None
        ]
        found = self._shelf.coordinates(
            facts.reference.hashes, [*asked, *unplaced(facts.locations)]
        )
        return replace(facts, coordinates=found)
