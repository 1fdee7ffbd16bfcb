"""One location that has everything: the common case, answered without a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.routing.solver.loading import able, weighs_units
from domain.routing.solver.problem import Choice, Measure, Problem, Term

OTHERS: Final = 3
"""How many of the next best are told."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """All goods from one location by one offer."""

    location: int
    offer: int
    measure: Measure
    values: tuple[int, ...]


def alone(problem: Problem, banned: frozenset[int]) -> Choice | None:
    """Return the best plan with one location that sends everything.

    None where there is no such location, where locations are not counted right after units, or
    where demands compete for stock: then such a plan need not be the best.
    """
    if problem.clusters or problem.most < 1 or not counts_second(problem):
        return None
    wanted = tuple([demand.quantity for demand in problem.demands])
    full = [s for s, row in enumerate(problem.caps) if row == wanted and s not in banned]
    if not full or not wanted:
        return None
    if any(term.varies for term in problem.terms) or problem.offers:
        plans = [plan for s in full for plan in _carried(problem, s, wanted)]
    else:
        nothing = Measure()
        columns = [term.fixed for term in problem.terms]
        plans = [_Plan(s, 0, nothing, tuple([column[s] for column in columns])) for s in full]
    if not plans:
        return None
    best = _narrowed(problem, plans)
    others = [] if problem.offers else [plan for plan in plans if plan.location != best.location]
    others.sort(key=lambda plan: (plan.values, plan.location))
    cells = tuple([(best.location, d, steps) for d, steps in enumerate(wanted)])
    return Choice(
        (best.location,),
        cells,
        (best.offer,),
        best.values,
        best.measure,
        others=tuple([(plan.location,) for plan in others[:OTHERS]]),
    )


def counts_second(problem: Problem) -> bool:
    """Say whether units come first and then, without tolerance, the number of locations."""
    if weighs_units(problem) or len(problem.terms) == 1:
        return False
    second = problem.terms[1]
    exact = not (problem.terms[0].tolerance or problem.terms[0].share)
    return exact and is_count(second) and not (second.tolerance or second.share)


def is_count(term: Term) -> bool:
    """Say whether a term counts the used locations and nothing else."""
    if term.unfilled or term.varies or not term.fixed:
        return False
    return min(term.fixed) == max(term.fixed) > 0


def _carried(problem: Problem, s: int, wanted: Sequence[int]) -> list[_Plan]:
    demands = problem.demands
    grams = sum([n * demand.grams for n, demand in zip(wanted, demands, strict=True)])
    cm3 = sum([n * demand.cm3 for n, demand in zip(wanted, demands, strict=True)])
    parcels = problem.parcels(s, grams, cm3)
    scarcity = sum([sum(prices) for prices in problem.scarcity[s]]) if problem.scarcity else 0
    plans = []
    for days, price, offer in able(problem, s, (grams, cm3, (1 << len(wanted)) - 1), parcels):
        measure = Measure(0, days, parcels, price, scarcity)
        values = tuple([term.value(term.fixed[s], measure) for term in problem.terms])
        plans.append(_Plan(s, offer, measure, values))
    return plans


def _narrowed(problem: Problem, plans: list[_Plan]) -> _Plan:
    """Return the best plan, term by term; ties go to tolerated terms, then the first location."""
    last = len(problem.terms) - 1
    tolerated = []
    for t, term in enumerate(problem.terms):
        if len(plans) == 1:
            return plans[0]
        least = min([plan.values[t] for plan in plans])
        most = term.allows(least) if t < last else least
        if most > least:
            tolerated.append(t)
        plans = [plan for plan in plans if plan.values[t] <= most]
    return min(plans, key=lambda plan: ([plan.values[t] for t in tolerated], plan.location))
