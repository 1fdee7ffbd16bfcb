"""On middle sizes, with everything mixed, the search finds what CP-SAT proves to be best."""

import pytest

from api.bench.agreement import agrees
from api.bench.cpsat import OutOfTime
from api.bench.cpsat import solve as solve_by_cpsat
from api.bench.routing_problems import Size, draw
from domain.routing.solver.search import solve

SECONDS = 0.3


def check(seeds: range, size: Size) -> int:
    """Compare the problems of some seeds; return how many CP-SAT proved in time."""
    checked = 0
    for seed in seeds:
        problem = draw(seed, size)
        try:
            oracle = solve_by_cpsat(problem, SECONDS)
        except OutOfTime:
            continue
        checked += 1
        assert agrees(problem, solve(problem), oracle, ties=True), seed
    return checked


def test_middle_sizes_are_solved_as_cpsat_solves_them() -> None:
    """Values of all terms and the tie-break are equal, unless a gap is stated."""
    assert check(range(200), Size(locations=6, demands=3, steps=4)) > 150


@pytest.mark.long
def test_many_middle_sizes_are_solved_as_cpsat_solves_them() -> None:
    """The same on larger and more problems."""
    assert check(range(1_000, 3_000), Size(locations=9, demands=4, steps=5)) > 1_500
