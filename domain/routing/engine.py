"""The engine's door: an order, facts and a policy become the best plan, exactly, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from domain.routing.building import Builder, Built
from domain.routing.carrying import uses_promise
from domain.routing.choosing import hashes_of, policies_of
from domain.routing.constraints import CLOSED, NO_CARRIER, Exclusions, eligible
from domain.routing.explain import alternatives, figures_of, total, values_of
from domain.routing.facts import RoutingFacts
from domain.routing.fulfilments import fulfilments_of, with_booked
from domain.routing.looking import days_looked_at
from domain.routing.plan import (
    BookedDay,
    ExclusionCount,
    GroupPolicy,
    PlannedAllocation,
    PlannedFulfilment,
    RoutingDecision,
    RoutingPlan,
    Shortage,
)
from domain.routing.policy import Policy
from domain.routing.promise import hand_over
from domain.routing.request import RoutingGroup, RoutingRequest
from domain.routing.solver.problem import Choice, Measure
from domain.routing.solver.search import LIMIT, solve
from domain.routing.work import seen_work

ENGINE: Final = "taktstock/3"
"""The engine's version: a decision is recomputed by the version that made it."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Solved:
    """A group's problem, its policy and best choice, how and when that leaves, who was barred."""

    built: Built
    policy: Policy
    choice: Choice
    fulfilments: tuple[PlannedFulfilment, ...] = ()
    barred: Exclusions = field(default_factory=dict)


def route(
    request: RoutingRequest,
    facts: RoutingFacts,
    limit: int = LIMIT,
    policies: Mapping[str, Policy] | None = None,
) -> RoutingPlan:
    """Return the best plan for an order's open demand, group by group in their order.

    Each group uses what the ones before left. Ties go to the earliest candidates.
    `limit` bounds the steps of a search; one that reaches it states its gap. What is allocated
    and what is short sum to what was asked. With `whole_or_nothing`, where anything is short
    nothing is allocated and all is short. Each group is routed by the policy that is chosen
    for it among the facts' active ones, or by that in `policies` under its id.
    """
    return route_openly(request, facts, limit, policies)[0]


def route_openly(
    request: RoutingRequest,
    facts: RoutingFacts,
    limit: int = LIMIT,
    policies: Mapping[str, Policy] | None = None,
) -> tuple[RoutingPlan, tuple[Solved, ...]]:
    """Return what `route` returns, and how each group was solved: what explaining looks at."""
    chosen = policies_of(request, facts.policies, policies)
    exclusions: Exclusions = {}
    taken: dict[tuple[str, str], Decimal] = {}
    solved: list[Solved] = []
    left = facts
    for group in request.groups:
        policy = chosen[group.group_id]
        one = _solve(request, group, left, policy, taken, limit)
        solved.append(one)
        for reason, locations in one.barred.items():
            exclusions.setdefault(reason, set()).update(locations)
        if len(request.groups) > 1:
            _take(one, taken)
            left = with_booked(left, one.fulfilments)
    planned = [_allocate(one) for one in solved]
    shortages = _shortages(request, planned)
    if request.whole_or_nothing and shortages:
        solved = [replace(one, choice=_nothing(one.built), fulfilments=()) for one in solved]
        planned = []
        shortages = _shortages(request, planned)
    plan = RoutingPlan(
        allocations=tuple([allocation for part in planned for allocation in part]),
        shortages=shortages,
        decision=_decision(request, solved, exclusions, facts, limit),
        fulfilments=tuple([one for part in solved for one in part.fulfilments]),
    )
    return plan, tuple(solved)


def _solve(
    request: RoutingRequest,
    group: RoutingGroup,
    facts: RoutingFacts,
    policy: Policy,
    taken: Mapping[tuple[str, str], Decimal],
    limit: int,
) -> Solved:
    """Return the best choice of a group among the locations that have an open day in sight.

    Where the policy does not look at days, only the chosen locations are asked for theirs. When
    one has none, all that have none are barred, and the rest is solved again.
    """
    barred: Exclusions = {}
    candidates = eligible(request, group, facts, barred, policy)
    while True:
        built = Builder(request, group, facts, policy, taken, barred).build(candidates)
        choice = solve(built.problem, limit=limit)
        fulfilments = fulfilments_of(built, choice, request, facts, policy)
        never = {one.location_id for one in fulfilments if one.leaves is None}
        if not never:
            return Solved(built, policy, choice, fulfilments, barred)
        calendars = facts.reference.calendars
        never |= {
            s
            for s in built.locations
            if hand_over(facts.locations[s], request.now, calendars) is None
        }
        barred.setdefault(CLOSED, set()).update(never)
        candidates = tuple([s for s in candidates if s not in never])


def _nothing(built: Built) -> Choice:
    unfilled = sum(demand.weight * demand.quantity for demand in built.problem.demands)
    measure = Measure(unfilled=unfilled)
    return Choice(
        values=tuple(term.value(0, measure) for term in built.problem.terms), measure=measure
    )


def _take(one: Solved, taken: dict[tuple[str, str], Decimal]) -> None:
    for s, d, steps in one.choice.cells:
        for item, each in one.built.wanted[d].usage:
            key = (item, one.built.locations[s])
            taken[key] = taken.get(key, ZERO) + each * steps


def _allocate(one: Solved) -> list[PlannedAllocation]:
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


def _decision(
    request: RoutingRequest,
    solved: list[Solved],
    exclusions: Exclusions,
    facts: RoutingFacts,
    limit: int,
) -> RoutingDecision:
    judged = [values_of(one.built, one.policy, one.choice) for one in solved]
    used = {one.built.group.group_id: one.policy for one in solved}
    return RoutingDecision(
        engine=ENGINE,
        policies=tuple([GroupPolicy(group_id, policy.name) for group_id, policy in used.items()]),
        facts_position=facts.position,
        figures=figures_of(total(judged)),
        runners_up=tuple(
            [
                other
                for one in solved
                if one.choice.locations
                for other in alternatives(one.built, one.policy, one.choice, limit)
            ]
        ),
        exclusions=tuple([ExclusionCount(why, len(who)) for why, who in exclusions.items()]),
        hashes=_named({**facts.hashes, **facts.reference.hashes, **hashes_of(used)}),
        locations_position=facts.locations_position,
        gap=max([_gap(one.choice) for one in solved], default=ZERO),
        work=seen_work(request, facts, used.values()),
        days=_days(request, solved, exclusions, facts),
    )


def _days(
    request: RoutingRequest,
    solved: list[Solved],
    exclusions: Exclusions,
    facts: RoutingFacts,
) -> tuple[BookedDay, ...]:
    """Return the booked days of those locations whose days were asked for."""
    asked: dict[str, None] = {}
    for one in solved:
        asked.update(dict.fromkeys(each.location_id for each in one.fulfilments))
        if uses_promise(one.policy):
            asked.update(dict.fromkeys(one.built.locations))
    barred = exclusions.get(CLOSED, set()) | exclusions.get(NO_CARRIER, set())
    if barred:
        asked.update(dict.fromkeys(s for s in request.candidates if s in barred))
    return days_looked_at(asked, facts, request.now, groups=len(request.groups))


def _gap(choice: Choice) -> Decimal:
    """Return the gap to four decimals, rounded up: never 0 for a search cut short."""
    if not choice.gap:
        return ZERO
    return Decimal(choice.gap).quantize(Decimal("0.0001"), rounding=ROUND_CEILING)


def _named(hashes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(hashes.items()))
