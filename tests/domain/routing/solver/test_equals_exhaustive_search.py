"""With all criteria and constraints mixed, the search finds what trying every plan finds."""

from math import prod

import pytest

from api.bench.routing_problems import Size, draw
from domain.routing.solver.problem import Problem
from domain.routing.solver.search import solve
from tests.domain.routing.solver.exhaustive import best

SIZE = Size(locations=4, demands=3, steps=3)


def is_small(problem: Problem) -> bool:
    """Say whether all plans can be listed in a blink."""
    return prod(cap + 1 for row in problem.caps for cap in row) <= 2_000


def check(seeds: range) -> int:
    """Compare the problems of some seeds; return how many were small enough."""
    checked = 0
    for seed in seeds:
        problem = draw(seed, SIZE)
        if not is_small(problem):
            continue
        checked += 1
        oracle, choice = best(problem), solve(problem)
        assert (choice.values, choice.locations) == (oracle.values, oracle.tie), f"seed {seed}"
        assert choice.gap == 0
    return checked


def test_every_small_problem_is_solved_exactly() -> None:
    """Values of all terms and the tie-break are those of exhaustive search, with no gap."""
    assert check(range(700)) > 500


@pytest.mark.long
def test_many_small_problems_are_solved_exactly() -> None:
    """The same on thousands."""
    assert check(range(700, 20_000)) > 10_000
