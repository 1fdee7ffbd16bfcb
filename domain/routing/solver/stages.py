"""Terms one after the other: a tolerance ends a stage, and limits the later ones."""

from collections.abc import Callable, Sequence

from domain.routing.solver.judging import fixed_sums
from domain.routing.solver.market import Limits
from domain.routing.solver.problem import Problem

Chosen = tuple[int, ...]

Stage = Callable[[Sequence[Sequence[int]], Limits, Chosen | None], Chosen | None]
"""Takes the columns that decide, limits by location and what the stage before found."""


def in_stages(problem: Problem, first: int, stage: Stage) -> Chosen | None:
    """Return the set of locations that the last stage finds, or None where one finds none.

    Terms from `first` on decide; the last stage also prefers less of what was tolerated.
    """
    terms = problem.terms
    last = len(terms) - 1
    limits: list[tuple[Sequence[int], int]] = []
    found: Chosen | None = None
    start = first
    while found is None or start <= last:
        end = next((t for t in range(start, last) if terms[t].tolerance or terms[t].share), last)
        deciding: list[Sequence[int]] = [terms[t].fixed for t in range(start, end + 1)]
        if end >= last:
            deciding += [fixed for fixed, _ in limits]
        found = stage(deciding, limits, found)
        if found is None:
            return None
        sums = fixed_sums(problem, found)
        limits += [(terms[t].fixed, terms[t].allows(sums[t])) for t in range(start, end + 1)]
        start = end + 1
    return found
