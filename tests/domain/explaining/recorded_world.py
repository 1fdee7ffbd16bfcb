"""A log in memory with positions, whose read models lag behind as far as a test wants."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.base.handling import Decision
from domain.base.messages import Command, Event
from domain.base.streams import StreamId, category_of, channel_stream, key_of
from domain.base.text import sku_key
from domain.handlers.explaining.decided import decisions_of
from domain.handlers.explaining.recompute import Recomputed, facts_wanted, recompute
from domain.handlers.explaining.shape import Explanation
from domain.handlers.explaining.telling import explain
from domain.handlers.placing.from_states import (
    PastWanted,
    past_facts,
    with_true_locations,
)
from domain.routing.facts import Locations, RoutingFacts, unplaced
from domain.routing.policy import Policy
from domain.routing.reference import NO_REFERENCE, Reference
from tests.support.specification import World

POSTAL_CODES: Final = {("GB", "AB1"): (57.1, -2.1), ("GB", "CD2"): (52.0, 0.5)}


@dataclass(frozen=True)
class Entry:
    """An event at its position."""

    position: int
    stream: StreamId
    occurred_at: datetime
    command_id: UUID
    event: Event


@dataclass
class RecordedWorld(World):
    """A world that remembers in which order its events were appended."""

    entries: list[Entry] = field(default_factory=list)
    states: dict[StreamId, list[tuple[int, Any]]] = field(default_factory=dict)
    reference: Reference = NO_REFERENCE
    now: datetime | None = None
    command_id: UUID = field(default_factory=lambda: UUID(int=0))

    def append(self, stream: StreamId, events: Sequence[Event]) -> None:
        """Add events, fold them, and give each the next position."""
        assert self.now is not None
        for event in events:
            super().append(stream, [event])
            position = len(self.entries) + 1
            self.entries.append(Entry(position, stream, self.now, self.command_id, event))
            self.states.setdefault(stream, []).append((position, self.state(stream)))

    def do(self, command: Command) -> Decision:
        """Do a command at its instant."""
        self.now, self.command_id = command.now, command.id
        return super().do(command)

    def read(self, wanted: Mapping[StreamId, int]) -> dict[StreamId, Any]:
        """Return the states of streams at positions."""
        found: dict[StreamId, Any] = {}
        for stream, position in wanted.items():
            for at, state in reversed(self.states.get(stream, ())):
                if at <= position:
                    found[stream] = state
                    break
        return found

    def streams_of(self, category: str, position: int) -> Iterable[StreamId]:
        """Return the streams of a category at a position."""
        begun = self.entries[:position]
        return dict.fromkeys(one.stream for one in begun if category_of(one.stream) == category)

    def known(self, wanted: PastWanted) -> RoutingFacts:
        """Return facts as they were, with the reference data that there are."""
        facts = past_facts(self, wanted)
        hashes = self.reference.hashes
        assert wanted.hashes == hashes
        codes = {place: POSTAL_CODES[place] for place in unplaced(facts.locations)}
        facts = replace(facts, hashes=hashes, reference=self.reference, coordinates=codes)
        return with_true_locations(self, wanted, facts)

    def look_from(
        self,
        stock_at: int,
        locations_at: int,
        item_ids: tuple[str, ...],
        change: Callable[[RoutingFacts], RoutingFacts],
    ) -> None:
        """Let the read models say what was true at earlier positions."""
        facts = self.known(
            PastWanted(
                stock_at,
                item_ids,
                location_ids=tuple(map(key_of, self.streams_of("location", len(self.entries)))),
                locations_position=locations_at,
                truth_position=stock_at,
                hashes=self.reference.hashes,
            )
        )
        facts = change(facts)
        skus = {sku_key(one.attributes.sku): item_id for item_id, one in facts.items.items()}
        self.facts = replace(facts, locations=Locations(facts.locations), skus=skus)

    def remade(
        self, stream: StreamId, policies: Mapping[str, Policy]
    ) -> Iterator[tuple[Recomputed, Explanation]]:
        """Yield an order's decisions, made again from the log alone, and their explanations."""
        for decided in decisions_of(one for one in self.entries if one.stream == stream):
            channel = channel_stream(decided.order.channel_id)
            settings = self.read({channel: decided.position - 1})[channel].settings
            facts = self.known(facts_wanted(decided, settings))
            again = recompute(decided, settings, facts, policies)
            yield again, explain(decided, again.request, facts, again)
