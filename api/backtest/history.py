"""History as it is walked: the states that routing's facts are made of, at each position."""

from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from api.backtest.bookings import Bookings
from api.backtest.work import OpenWork
from api.http.folding import folded
from domain.base.streams import (
    StreamId,
    category_of,
    channel_stream,
    key_of,
    order_key,
    stock_key,
    stock_stream,
)
from domain.catalogue import AGGREGATES
from domain.handlers.placing.demand import Demand
from domain.handlers.placing.from_states import facts_of
from domain.handlers.placing.order_demand import demand_of
from domain.order.events import LinesAllocated, OrderPlaced, RoutingFoundNothing
from domain.order.state import Order
from domain.routing.facts import RoutingFacts
from domain.routing.reference import Reference
from domain.routing.replay.course import Cell, Course
from domain.stock.state import StockItem
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent

ZERO: Final = Decimal(0)
KEPT: Final = frozenset({"item", "channel", "location", "stock"})
"""Categories of streams whose states are kept while walking."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A recorded decision: what was asked, and the event that holds the answer."""

    recorded: RecordedEvent
    event: LinesAllocated | RoutingFoundNothing
    demand: Demand


class History:
    """States after the events that were walked so far; orders are read where they are needed."""

    def __init__(self, reader: LogReader, *, counts_work: bool) -> None:
        """Start before the first event; `counts_work` where a policy looks at open work."""
        self._reader = reader
        self._states: dict[StreamId, Any] = {}
        self._location_ids: dict[str, None] = {}
        self._placed: tuple[StreamId, Order] | None = None
        self.work = OpenWork() if counts_work else None
        self.left_out: set[StreamId] = set()
        self.bookings = Bookings(self.left_out)

    def apply(self, recorded: RecordedEvent) -> None:
        """Take in the next event of the log."""
        category = category_of(recorded.stream)
        if category in KEPT:
            aggregate = AGGREGATES[category]
            before = self._states.get(recorded.stream, aggregate.initial)
            self._states[recorded.stream] = aggregate.evolve(before, recorded.event)
            if category == "location":
                self._location_ids[key_of(recorded.stream)] = None
        elif isinstance(recorded.event, OrderPlaced):
            self._placed = recorded.stream, folded(recorded.stream, [recorded])
        self.bookings.apply(recorded)
        if self.work is not None and recorded.stream not in self.left_out:
            self.work.apply(recorded)

    def state(self, stream: StreamId) -> Any:
        """Return the state of a stream, or None where nothing happened to it."""
        return self._states.get(stream)

    def decided(self, recorded: RecordedEvent) -> Decided | None:
        """Return the decision that the next event holds, or None where it is something else."""
        event = recorded.event
        if not isinstance(event, LinesAllocated | RoutingFoundNothing):
            return None
        channel = self._states[channel_stream(order_key(recorded.stream)[0])]
        order = self._order_before(recorded)
        return Decided(recorded, event, demand_of(order, channel.settings, event.cause))

    def _order_before(self, recorded: RecordedEvent) -> Order:
        """Return the order just before: as it was placed, or read again where it was routed."""
        if self._placed is not None and self._placed[0] == recorded.stream:
            order, self._placed = self._placed[1], None
            return order
        events = self._reader.stream(recorded.stream, through_position=recorded.position - 1)
        found: Order = folded(recorded.stream, events)
        return found

    def facts(
        self,
        demand: Demand,
        reference: Reference,
        states: Mapping[StreamId, Any] | None = None,
    ) -> RoutingFacts:
        """Return what routing knows now of what a demand asks for; `states` replace ours."""
        facts = facts_of(
            self._states if states is None else states,
            position=0,
            item_ids=demand.item_ids(),
            location_ids=self._location_ids,
            hashes=reference.hashes,
            reference=reference,
        )
        work = {} if self.work is None else self.work.by_location
        return with_load(facts, work, self.bookings.by_location)

    def own_free(
        self, item_id: str, course: Course, put_back: Mapping[Cell, Decimal]
    ) -> dict[str, Decimal]:
        """Return what is free of an item by location, as a strategy's own course has it."""
        states = self.own_states((item_id,), course, put_back)
        streams = {place: stock_stream(item_id, place) for place in self._location_ids}
        return {place: states[s].free for place, s in streams.items() if s in states}

    def own_states(
        self, item_ids: Iterable[str], course: Course, put_back: Mapping[Cell, Decimal]
    ) -> Mapping[StreamId, Any]:
        """Return the states as a strategy's own course has them.

        What the window's orders really took is put back, what the strategy took is taken.
        """
        changed: dict[StreamId, Any] = {}
        for item_id in item_ids:
            for place in self._location_ids:
                stream = stock_stream(item_id, place)
                state: StockItem | None = self._states.get(stream)
                if state is not None:
                    cell = stock_key(stream)
                    change = course.taken.get(cell, ZERO) - put_back.get(cell, ZERO)
                    changed[stream] = state._replace(reserved=state.reserved + change)
        return ChainMap(changed, self._states)


def with_load(
    facts: RoutingFacts, work: Mapping[str, int], booked: Mapping[str, Mapping[date, int]]
) -> RoutingFacts:
    """Return facts whose locations have so much more open work and so many more bookings."""
    if not work and not booked:
        return facts
    locations = dict(facts.locations)
    for place, one in facts.locations.items():
        more, days = work.get(place, 0), booked.get(place)
        if more or days:
            both = Counter(one.booked)
            both.update(days or {})
            opened = one.open_fulfilments + more
            locations[place] = replace(one, open_fulfilments=opened, booked=dict(both))
    return replace(facts, locations=locations)
