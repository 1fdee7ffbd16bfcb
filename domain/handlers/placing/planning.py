"""From open demand to a plan: routed on facts as far as loaded streams confirm them.

A plan that is short anywhere is routed again with everything loaded that could cover it, so
that nothing is refused or backordered on a read model's word.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from domain.base.handling import Need, View
from domain.base.messages import Command
from domain.base.quantity import ZERO, plain
from domain.base.streams import StreamId, item_stream, location_stream, stock_stream
from domain.handlers.placing.days import days_to_load, full_days
from domain.handlers.placing.demand import Demand
from domain.handlers.placing.queueing import choose_queues
from domain.handlers.placing.truth import Corrected, correct
from domain.item.decider import Item
from domain.location.decider import Location
from domain.order.events import Allocation, Backorder
from domain.routing.choosing import policies_of
from domain.routing.facts import RoutingFacts
from domain.routing.plan import (
    AskedShare,
    PlannedFulfilment,
    RoutingDecision,
    RoutingPlan,
    Shortage,
)
from domain.routing.request import Method, RoutingRequest

Route = Callable[[RoutingRequest, RoutingFacts], RoutingPlan]
"""The routing engine."""

LOADED_AT_ONCE: Final = 400
"""Cells of one order that are loaded before it is routed for the first time."""
PATIENCE: Final = 2
"""Locations of one item whose facts may disappoint before all of them are loaded."""
PATIENCE_IN_ALL: Final = 5
"""Cells of one order whose facts may disappoint before everything is loaded."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A planned reservation of `quantity` of a part, in the part's unit."""

    allocation_id: str
    line_id: str
    group_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Routed:
    """A plan, and everything that deciding needs to see whether it still holds.

    `holds` are the reservations by stock stream and `totals` their sums; `locations` are the
    methods that each location must serve. Where it is short, `seen_stock` has what was free
    wherever the short items could come from, and `seen_locations` how those locations stood,
    and how those stood that facts had wrong.
    `seen_items` are the items that were routed, as they stood.
    """

    demand: Demand
    allocations: tuple[Allocation, ...]
    backorders: tuple[Backorder, ...]
    shortages: tuple[Shortage, ...]
    holds: Mapping[StreamId, tuple[Hold, ...]]
    totals: Mapping[StreamId, Decimal]
    locations: Mapping[StreamId, tuple[Method, ...]]
    seen_stock: tuple[tuple[StreamId, Decimal], ...]
    seen_locations: tuple[tuple[StreamId, Location], ...]
    seen_items: Mapping[StreamId, Item]
    fulfilments: tuple[PlannedFulfilment, ...]
    decision: RoutingDecision


def likely_sources(
    item_ids: Collection[str], candidates: Iterable[str], facts: RoutingFacts
) -> list[StreamId]:
    """Return the streams that a plan will most likely read: items, and where facts see stock.

    Loaded before routing, they let it plan on truth at once. Items alone where the places are
    so many that loading the few that a first plan names is cheaper.
    """
    items = [item_stream(item_id) for item_id in item_ids]
    places = set(candidates)
    cells = [
        (item_id, place)
        for item_id in item_ids
        if item_id in facts.items
        for place, fact in facts.items[item_id].stock.items()
        if fact.free > ZERO and place in places
    ]
    if len(cells) > LOADED_AT_ONCE:
        return items
    return [
        *items,
        *(location_stream(place) for place in dict.fromkeys(place for _, place in cells)),
        *(stock_stream(item_id, place) for item_id, place in cells),
    ]


def plan_demand(
    command: Command, demand: Demand, facts: RoutingFacts, view: View, route: Route
) -> Routed | Need:
    """Return a plan for open demand, or the streams that must be loaded to make it."""
    item_ids = demand.item_ids()
    missing = view.missing(item_stream(item_id) for item_id in item_ids)
    if missing:
        return Need(missing)
    request = demand.request(command.now)
    corrected = correct(
        facts,
        view,
        item_ids=item_ids,
        candidates=request.candidates,
        now=command.now,
        own=demand.own,
    )
    missing = view.missing(_disappointing(demand, facts, corrected, request.candidates))
    if missing:
        return Need(missing)
    plan = route(request, without_found_later(corrected.facts, request))
    missing = view.missing(days_to_load(plan, corrected.facts, view, command.now))
    if missing:
        return Need(missing)
    short_sources = _sources(demand, plan.shortages, request, corrected.facts)
    days = full_days(_places(short_sources), corrected.facts, view, command.now)
    missing = view.missing((*_streams(short_sources), *days))
    if missing:
        return Need(missing)
    return _routed(command, demand, request, corrected, plan, short_sources, view)


def without_found_later(facts: RoutingFacts, request: RoutingRequest) -> RoutingFacts:
    """Return facts in which a destination that an order could not place has no coordinates.

    An order keeps where its destinations lie: what another order or newer reference data
    happen to know beside it must not decide, or the decision could not be recomputed.
    """
    unknown = {
        (place.country, place.postal_code)
        for place in (group.destination for group in request.groups)
        if place.postal_code is not None and (place.latitude is None or place.longitude is None)
    }
    if unknown.isdisjoint(facts.coordinates):
        return facts
    known = {key: point for key, point in facts.coordinates.items() if key not in unknown}
    return replace(facts, coordinates=known)


Sources = dict[str, dict[str, None]]
"""Item ids, each with the locations that could have it, in the channel's order."""


def _sources(
    demand: Demand, shortages: Iterable[Shortage], request: RoutingRequest, facts: RoutingFacts
) -> Sources:
    groups = {group.group_id: group for group in demand.groups}
    policies = policies_of(request, facts.policies) if shortages else {}
    found: Sources = {}
    for short in shortages:
        store = groups[short.group_id].store
        anywhere = store is None or policies[short.group_id].constraints.transfers
        candidates = demand.channel.sources if anywhere else (store or "",)
        for part in demand.lines[short.line_id].parts:
            found.setdefault(part.item_id, {}).update(dict.fromkeys(candidates))
    return found


def _places(sources: Sources) -> list[str]:
    return list(dict.fromkeys(location_id for ids in sources.values() for location_id in ids))


def _streams(sources: Sources) -> list[StreamId]:
    return [
        *(location_stream(location_id) for location_id in _places(sources)),
        *(stock_stream(item_id, place) for item_id, ids in sources.items() for place in ids),
    ]


def _disappointing(
    demand: Demand, facts: RoutingFacts, corrected: Corrected, candidates: tuple[str, ...]
) -> list[StreamId]:
    """Return the stock streams to be loaded at once, because facts were wrong too often.

    A cell disappoints where its item truly covers less than the order wants of it, and the
    facts said more.
    """
    if len(corrected.cells) <= PATIENCE:
        return []
    wanted: dict[str, Decimal] = {}
    for (line_id, _), quantity in demand.wanted.items():
        for part in demand.lines[line_id].parts:
            wanted[part.item_id] = wanted.get(part.item_id, ZERO) + quantity * part.per_unit
    count: dict[str, int] = {}
    for cell in corrected.cells:
        known = facts.items.get(cell.item_id)
        fact = known.stock.get(cell.location_id) if known is not None else None
        if fact is not None and cell.free < min(fact.free, wanted[cell.item_id]):
            count[cell.item_id] = count.get(cell.item_id, 0) + 1
    if sum(count.values()) > PATIENCE_IN_ALL:
        count = dict.fromkeys(wanted, PATIENCE + 1)
    items = [item_id for item_id, times in count.items() if times > PATIENCE]
    return [stock_stream(item_id, place) for item_id in items for place in candidates]


def _routed(
    command: Command,
    demand: Demand,
    request: RoutingRequest,
    corrected: Corrected,
    plan: RoutingPlan,
    sources: Sources,
    view: View,
) -> Routed:
    allocations = tuple(
        [
            Allocation(
                allocation_id=command.new_id("allocation", number),
                line_id=planned.line_id,
                group_id=planned.group_id,
                location_id=planned.location_id,
                quantity=plain(planned.quantity),
            )
            for number, planned in enumerate(plan.allocations)
        ]
    )
    holds, totals = _holds(demand, allocations)
    decision = plan.decision
    if corrected.cells or corrected.locations:
        decision = replace(
            decision, corrected=corrected.cells, corrected_locations=corrected.locations
        )
    if demand.cause != "placed":
        asked = [AskedShare(*share, quantity) for share, quantity in demand.wanted.items()]
        decision = replace(decision, asked=tuple(asked))
    backorders: tuple[Backorder, ...] = ()
    if plan.shortages and demand.queues:
        backorders = choose_queues(
            command, demand, request, corrected.facts, plan, held=totals, view=view
        )
    return Routed(
        demand=demand,
        allocations=allocations,
        backorders=backorders,
        shortages=plan.shortages,
        holds=holds,
        totals=totals,
        locations=_locations(demand, allocations),
        seen_stock=tuple(
            (stream, view.state(stream).free)
            for item_id, ids in sources.items()
            for stream in (stock_stream(item_id, place) for place in ids)
        ),
        seen_locations=tuple(
            (stream, view.state(stream))
            for stream in {
                location_stream(place): None
                for places in (*sources.values(), corrected.locations)
                for place in places
            }
        ),
        seen_items={stream: view.state(stream) for stream in map(item_stream, demand.item_ids())},
        fulfilments=plan.fulfilments,
        decision=decision,
    )


def _holds(
    demand: Demand, allocations: tuple[Allocation, ...]
) -> tuple[dict[StreamId, tuple[Hold, ...]], dict[StreamId, Decimal]]:
    holds: dict[StreamId, list[Hold]] = {}
    totals: dict[StreamId, Decimal] = {}
    for one in allocations:
        for part in demand.lines[one.line_id].parts:
            stream = stock_stream(part.item_id, one.location_id)
            quantity = plain(one.quantity * part.per_unit)
            hold = Hold(one.allocation_id, one.line_id, one.group_id, quantity)
            holds.setdefault(stream, []).append(hold)
            totals[stream] = totals.get(stream, ZERO) + quantity
    return {stream: tuple(parts) for stream, parts in holds.items()}, totals


def _locations(
    demand: Demand, allocations: tuple[Allocation, ...]
) -> dict[StreamId, tuple[Method, ...]]:
    groups = {group.group_id: group for group in demand.groups}
    found: dict[StreamId, dict[Method, None]] = {}
    for one in allocations:
        group = groups[one.group_id]
        collected = group.store is not None and one.location_id != group.store
        method: Method = "ship" if collected else group.method
        found.setdefault(location_stream(one.location_id), {})[method] = None
        if collected:
            found.setdefault(location_stream(group.store or ""), {})[group.method] = None
    return {stream: tuple(methods) for stream, methods in found.items()}
