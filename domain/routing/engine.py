"""The engine's door: most units, then fewest fulfilments, then least distance, exactly."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from domain.routing.constraints import Exclusions, eligible
from domain.routing.explain import Values, alternative, figures_of, runners_up, total, values_of
from domain.routing.facts import RoutingFacts
from domain.routing.plan import (
    Alternative,
    ExclusionCount,
    PlannedAllocation,
    RoutingDecision,
    RoutingPlan,
    Shortage,
)
from domain.routing.problem import Problem, build
from domain.routing.request import RoutingGroup, RoutingRequest
from domain.routing.search import LIMIT, Choice, choose

ENGINE: Final = "taktstock/1"
"""The engine's version: a decision is recomputed by the version that made it."""

POLICY: Final = "units, fulfilments, distance"

ZERO: Final = Decimal(0)


def route(request: RoutingRequest, facts: RoutingFacts, limit: int = LIMIT) -> RoutingPlan:
    """Return the best plan for an order's open demand, group by group in their order.

    Each group uses what the ones before left. Ties go to the earliest candidates.
    `limit` bounds the steps of a search; one that reaches it states its gap. What is allocated
    and what is short sum to what was asked. With `whole_or_nothing`, where anything is short
    nothing is allocated and all is short.
    """
    exclusions: Exclusions = {}
    taken: dict[tuple[str, str], Decimal] = {}
    solved: list[tuple[RoutingGroup, Problem, Choice]] = []
    for group in request.groups:
        candidates = eligible(request, group, facts, exclusions)
        problem = build(group, candidates, facts, taken, request.split)
        choice = choose(problem, limit=limit)
        solved.append((group, problem, choice))
        if len(request.groups) > 1:
            _take(problem, choice, taken)
    planned = [_allocate(*each) for each in solved]
    shortages = _shortages(request, planned)
    if request.whole_or_nothing and shortages:
        solved = [(group, problem, Choice((), (), 0)) for group, problem, _ in solved]
        planned = []
        shortages = _shortages(request, planned)
    return RoutingPlan(
        allocations=tuple(allocation for part in planned for allocation in part),
        shortages=shortages,
        decision=_decision(solved, exclusions, facts, limit),
    )


def _take(problem: Problem, choice: Choice, taken: dict[tuple[str, str], Decimal]) -> None:
    for s, d, steps in choice.cells:
        for item, each in problem.demands[d].usage:
            key = (item, problem.locations[s])
            taken[key] = taken.get(key, ZERO) + each * steps


def _allocate(group: RoutingGroup, problem: Problem, choice: Choice) -> list[PlannedAllocation]:
    """Hand each location's steps to the lines that share a demand, the first line first."""
    found = []
    place: dict[int, list[int]] = {}
    for s, d, steps in choice.cells:
        lines = problem.demands[d].lines
        left = place.setdefault(d, [int(line.quantity / line.step) for line in lines])
        open_steps = steps
        for index, line in enumerate(lines):
            part = min(left[index], open_steps)
            if part:
                left[index] -= part
                open_steps -= part
                found.append(
                    PlannedAllocation(
                        group.group_id, line.line_id, problem.locations[s], line.step * part
                    )
                )
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
        Shortage(group.group_id, line.line_id, short)
        for group in request.groups
        for line in group.lines
        if (short := line.quantity - served.get((group.group_id, line.line_id), ZERO)) > 0
    )


def _decision(
    solved: list[tuple[RoutingGroup, Problem, Choice]],
    exclusions: Exclusions,
    facts: RoutingFacts,
    limit: int,
) -> RoutingDecision:
    judged = [values_of(problem, choice) for _, problem, choice in solved]
    alternatives: list[Alternative] = []
    for (group, problem, choice), best in zip(solved, judged, strict=True):
        if choice.locations:
            alternatives.extend(_alternatives(group, problem, choice, best, limit))
    return RoutingDecision(
        engine=ENGINE,
        policy=POLICY,
        facts_position=facts.position,
        figures=figures_of(total(judged)),
        runners_up=tuple(alternatives),
        exclusions=tuple(ExclusionCount(why, len(which)) for why, which in exclusions.items()),
        hashes=_named(facts.hashes),
        gap=max((choice.gap for _, _, choice in solved), default=ZERO),
    )


def _alternatives(
    group: RoutingGroup, problem: Problem, choice: Choice, best: Values, limit: int
) -> list[Alternative]:
    return [
        alternative(problem, group.group_id, best, values, other)
        for values, other in runners_up(problem, choice, limit)
    ]


def _named(hashes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(hashes.items()))
