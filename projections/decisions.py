"""Routing decisions made again: what each saw is read from the log as it was then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.handlers.explaining.decided import Decided, decisions_of
from domain.handlers.explaining.recompute import (
    Recomputed,
    facts_wanted,
    policy_names,
    recompute,
    request_of,
    same_engine,
)
from domain.routing.engine import ENGINE
from domain.routing.facts import RoutingFacts
from domain.routing.request import RoutingRequest
from eventstore.datastore import Datastore
from eventstore.errors import UnknownReferenceData
from eventstore.recorded import RecordedEvent
from projections.past_facts import PastFacts

OTHER_ENGINE: Final = (
    f"This program's engine is {ENGINE}; the decision was made by {{made_by}}, which alone can "
    "make it again."
)


@dataclass(frozen=True, slots=True)
class Remade:
    """A decision and the facts of then; made again, or what stands in the way, in a sentence."""

    decided: Decided
    request: RoutingRequest
    facts: RoutingFacts
    again: Recomputed | None
    obstacle: str | None = None

    @property
    def verified(self) -> bool:
        """Say whether it was made again and its event says the very same."""
        return self.again is not None and self.again.verified


class PastDecisions:
    """Makes the decisions of an order again."""

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool."""
        self._past = PastFacts(datastore)

    def of(self, events: Sequence[RecordedEvent]) -> list[Remade]:
        """Return every decision in an order's stream, the oldest first."""
        return [self.remade(decided) for decided in decisions_of(events)]

    def remade(self, decided: Decided) -> Remade:
        """Return one decision, made again where that can be."""
        channel = self._past.channel(decided.order.channel_id, decided.position - 1)
        request = request_of(decided, channel)
        wanted = facts_wanted(decided, channel)
        try:
            facts = self._past.read(wanted)
        except UnknownReferenceData as error:
            facts = self._past.read(replace(wanted, hashes={}))
            return Remade(decided, request, facts, None, f"{error}; load it again.")
        if not same_engine(decided):
            made_by = decided.decision.engine
            return Remade(decided, request, facts, None, OTHER_ENGINE.format(made_by=made_by))
        names = policy_names(decided)
        policies = self._past.policies(names)
        unknown = [name for name in names if name not in policies]
        if unknown:
            return Remade(decided, request, facts, None, f"No policy {unknown[0]} is known here.")
        return Remade(decided, request, facts, recompute(decided, channel, facts, policies))
