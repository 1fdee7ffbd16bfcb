"""The best set of locations: the quickest exact search that applies, its limit owned up to.

One location that has everything; else the fewest that have it; else the cheapest; else branch
and bound over whatever a plan is judged by.
"""

from dataclasses import replace
from typing import Final

from domain.routing.solver.alone import alone
from domain.routing.solver.branching import Branching, nothing
from domain.routing.solver.by_price import by_price
from domain.routing.solver.cover import cover
from domain.routing.solver.judging import Found, Stage, fixed_sums
from domain.routing.solver.problem import Choice, Problem

LIMIT: Final = 20_000
"""Most steps of one search; past it the best found is returned with its gap."""


def solve(problem: Problem, banned: frozenset[int] = frozenset(), limit: int = LIMIT) -> Choice:
    """Return the best choice by the problem's terms; ties go to the earliest locations.

    Terms are optimised in stages: each ends at a term with a tolerance, which then becomes a
    limit of the later ones.
    """
    problem = simplified(problem)
    single = alone(problem, banned)
    if single is not None:
        return single
    covered = cover(problem, banned, limit) or by_price(problem, banned, limit)
    if covered is not None:
        return covered
    allowed = sorted(
        (s for s in range(len(problem.caps)) if s not in banned), key=problem.order.__getitem__
    )
    last = len(problem.terms) - 1
    limits: tuple[tuple[int, int], ...] = ()
    found = nothing(problem)
    gap, start = 0.0, 0
    while start <= last:
        end = next((t for t in range(start, last) if _is_tolerant(problem, t)), last)
        deciding = tuple(range(start, end + 1))
        if end == last:
            deciding += tuple(t for t, _ in limits)
        search = Branching(problem, Stage(deciding, limits), allowed, limit)
        found = search.run(found)
        gap = gap or search.gap
        values = _values(problem, found)
        limits += tuple((t, values[t]) for t in range(start, end))
        limits += ((end, problem.terms[end].allows(values[end])),)
        start = end + 1
    return Choice(
        found.locations,
        found.cells,
        found.offers,
        tuple(_values(problem, found)),
        found.measure,
        gap,
    )


def simplified(problem: Problem) -> Problem:
    """Return the same problem without what makes no difference to any plan."""
    no_bound = not any(problem.grams) and not any(problem.cm3)
    no_offers = not problem.offers
    if not any(term.varies for term in problem.terms):
        return problem
    terms = []
    for term in problem.terms:
        changed = term
        if no_bound and term.parcels:
            fixed = tuple(value + term.parcels for value in term.fixed)
            changed = replace(changed, fixed=fixed, parcels=0)
        if no_offers and (term.days or term.price):
            changed = replace(changed, days=0, price=0)
        if not problem.scarcity and term.scarcity:
            changed = replace(changed, scarcity=0)
        terms.append(changed)
    return replace(problem, terms=tuple(terms))


def _is_tolerant(problem: Problem, t: int) -> bool:
    return bool(problem.terms[t].tolerance or problem.terms[t].share)


def _values(problem: Problem, found: Found) -> list[int]:
    sums = fixed_sums(problem, found.locations)
    return [
        term.value(total, found.measure) for term, total in zip(problem.terms, sums, strict=True)
    ]
