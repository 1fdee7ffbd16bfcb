"""The engine's door: an order, facts and a policy become the best plan, exactly, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from domain.routing.building import Builder, Built
from domain.routing.constraints import Exclusions, eligible
from domain.routing.explain import alternatives, figures_of, total, values_of
from domain.routing.facts import RoutingFacts
from domain.routing.modes import mode_of
from domain.routing.plan import (
    ExclusionCount,
    GroupPolicy,
    PlannedAllocation,
    PlannedFulfilment,
    RoutingDecision,
    RoutingPlan,
    Shortage,
)
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.reference import Service
from domain.routing.request import RoutingRequest
from domain.routing.solver.problem import Choice, Measure
from domain.routing.solver.search import LIMIT, solve

ENGINE: Final = "taktstock/2"
"""The engine's version: a decision is recomputed by the version that made it."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Solved:
    """A group's problem and its best choice."""

    built: Built
    choice: Choice


def route(
    request: RoutingRequest,
    facts: RoutingFacts,
    limit: int = LIMIT,
    policy: Policy = DEFAULT_POLICY,
) -> RoutingPlan:
    """Return the best plan for an order's open demand, group by group in their order.

    Each group uses what the ones before left. Ties go to the earliest candidates.
    `limit` bounds the steps of a search; one that reaches it states its gap. What is allocated
    and what is short sum to what was asked. With `whole_or_nothing`, where anything is short
    nothing is allocated and all is short.
    """
    exclusions: Exclusions = {}
    taken: dict[tuple[str, str], Decimal] = {}
    solved: list[_Solved] = []
    for group in request.groups:
        candidates = eligible(request, group, facts, exclusions, policy)
        built = Builder(request, group, facts, policy, taken, exclusions).build(candidates)
        one = _Solved(built, solve(built.problem, limit=limit))
        solved.append(one)
        if len(request.groups) > 1:
            _take(one, taken)
    planned = [_allocate(one) for one in solved]
    shortages = _shortages(request, planned)
    if request.whole_or_nothing and shortages:
        solved = [_Solved(one.built, _nothing(one.built)) for one in solved]
        planned = []
        shortages = _shortages(request, planned)
    return RoutingPlan(
        allocations=tuple([allocation for part in planned for allocation in part]),
        shortages=shortages,
        decision=_decision(solved, exclusions, facts, policy, limit),
        fulfilments=_fulfilments(solved, facts),
    )


def _nothing(built: Built) -> Choice:
    unfilled = sum(demand.weight * demand.quantity for demand in built.problem.demands)
    measure = Measure(unfilled=unfilled)
    return Choice(
        values=tuple(term.value(0, measure) for term in built.problem.terms), measure=measure
    )


def _take(one: _Solved, taken: dict[tuple[str, str], Decimal]) -> None:
    for s, d, steps in one.choice.cells:
        for item, each in one.built.wanted[d].usage:
            key = (item, one.built.locations[s])
            taken[key] = taken.get(key, ZERO) + each * steps


def _allocate(one: _Solved) -> list[PlannedAllocation]:
    """Hand each location's steps to the lines that share a demand, the first line first."""
    found = []
    before: dict[int, int] = {}
    group_id = one.built.group.group_id
    for s, d, steps in one.choice.cells:
        for line, quantity in one.built.wanted[d].shares(steps, before.get(d, 0)):
            found.append(
                PlannedAllocation(group_id, line.line_id, one.built.locations[s], quantity)
            )
        before[d] = before.get(d, 0) + steps
    return found


def _shortages(
    request: RoutingRequest, planned: list[list[PlannedAllocation]]
) -> tuple[Shortage, ...]:
    served: dict[tuple[str, str], Decimal] = {}
    for part in planned:
        for one in part:
            key = (one.group_id, one.line_id)
            served[key] = served.get(key, ZERO) + one.quantity
    return tuple(
        [
            Shortage(group.group_id, line.line_id, short)
            for group in request.groups
            for line in group.lines
            if (short := line.quantity - served.get((group.group_id, line.line_id), ZERO)) > 0
        ]
    )


def _fulfilments(solved: list[_Solved], facts: RoutingFacts) -> tuple[PlannedFulfilment, ...]:
    found = []
    for one in solved:
        group = one.built.group
        for s, offer in zip(one.choice.locations, one.choice.offers, strict=True):
            location = facts.locations[one.built.locations[s]]
            service = _service(one.built, s, offer, facts)
            found.append(
                PlannedFulfilment(
                    group.group_id,
                    location.location_id,
                    mode_of(group, location),
                    service.carrier if service else None,
                    service.name if service else None,
                )
            )
    return tuple(found)


def _service(built: Built, s: int, offer: int, facts: RoutingFacts) -> Service | None:
    offers = built.problem.offers
    if not facts.reference.services or not offers or not offers[s][offer].bands:
        return None
    return facts.reference.services[offers[s][offer].service]


def _decision(
    solved: list[_Solved],
    exclusions: Exclusions,
    facts: RoutingFacts,
    policy: Policy,
    limit: int,
) -> RoutingDecision:
    judged = [values_of(one.built, policy, one.choice) for one in solved]
    return RoutingDecision(
        engine=ENGINE,
        policies=tuple([GroupPolicy(one.built.group.group_id, policy.name) for one in solved]),
        facts_position=facts.position,
        figures=figures_of(total(judged)),
        runners_up=tuple(
            [
                other
                for one in solved
                if one.choice.locations
                for other in alternatives(one.built, policy, one.choice, limit)
            ]
        ),
        exclusions=tuple([ExclusionCount(why, len(who)) for why, who in exclusions.items()]),
        hashes=_named({**facts.hashes, **facts.reference.hashes}),
        locations_position=facts.locations_position,
        gap=max([_gap(one.choice) for one in solved], default=ZERO),
    )


def _gap(choice: Choice) -> Decimal:
    """Return the gap to four decimals, rounded up: never 0 for a search cut short."""
    if not choice.gap:
        return ZERO
    return Decimal(choice.gap).quantize(Decimal("0.0001"), rounding=ROUND_CEILING)


def _named(hashes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(hashes.items()))
