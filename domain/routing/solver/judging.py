"""Which of two plans is better: terms in order, limits from earlier ones, then ties."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.routing.solver.problem import Cell, Measure, Problem

Key = tuple[int, ...]
"""Values of the terms that decide, in their order, then the size, then the tie-break."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The terms that decide now, in their order, and the greatest values earlier ones allow."""

    deciding: tuple[int, ...]
    limits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A plan with its key."""

    key: Key
    locations: tuple[int, ...]
    cells: tuple[Cell, ...]
    offers: tuple[int, ...]
    measure: Measure


def fixed_sums(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """Return by term the part that depends on the used locations alone."""
    return [sum([term.fixed[s] for s in chosen]) for term in problem.terms]


def key_of(problem: Problem, stage: Stage, sums: Sequence[int], measure: Measure) -> Key | None:
    """Return the values that decide, or None where an earlier term's limit is broken."""
    terms = problem.terms
    for t, most in stage.limits:
        if terms[t].value(sums[t], measure) > most:
            return None
    return tuple([terms[t].value(sums[t], measure) for t in stage.deciding])
