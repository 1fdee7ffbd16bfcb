"""The search for the fewest locations finds what trying every set finds, on each of its ways."""

from itertools import combinations
from random import Random

import pytest

from domain.routing.solver import smallest
from domain.routing.solver.cover import cover
from domain.routing.solver.problem import Demand, Problem, Term

LOCATIONS, DEMANDS, STEPS = 11, 4, 6
SEEDS = 300
WAYS = {
    "set by set": {},
    "by prices": {"FEW": 0},
    "by multipliers": {"FEW": 0, "FIRST_TRY": 3},
    "by count": {"FEW": 0, "FIRST_TRY": 3, "FEW_DEMANDS": 0},
}


def draw(seed: int) -> Problem:
    """Return a problem whose locations have little: it takes several of them."""
    random = Random(seed)
    n = random.randint(3, LOCATIONS)
    demands = tuple(
        Demand(random.randint(1, STEPS), random.choice((1, 1, 2)))
        for _ in range(random.randint(1, DEMANDS))
    )
    caps = tuple(
        tuple(random.choice((0, 0, random.randint(1, one.quantity))) for one in demands)
        for _ in range(n)
    )
    greatest = random.choice((1, 4, 50))
    fixed = [
        Term(
            tuple(random.randint(0, greatest) for _ in range(n)),
            tolerance=random.choice((0, 0, 2)),
            share=random.choice((0, 0, 300)),
        )
        for _ in range(random.randint(0, 3))
    ]
    nothing = (0,) * n
    terms = (Term(nothing, unfilled=1), Term((1,) * n), *fixed)
    return Problem(demands, caps, terms, tuple(range(n)), random.choice((n, n, n, 3)))


def best(problem: Problem) -> tuple[list[int], tuple[int, ...]] | None:
    """Return values and locations of the best set that sends all there is; None for none."""
    demands = range(len(problem.demands))
    all_there_is = [
        min(problem.demands[d].quantity, sum(row[d] for row in problem.caps)) for d in demands
    ]
    for size in range(problem.most + 1):
        sets = [
            chosen
            for chosen in combinations(range(len(problem.caps)), size)
            if all(sum(problem.caps[s][d] for s in chosen) >= all_there_is[d] for d in demands)
        ]
        if sets:
            return narrowed(problem, sets)
    return None


def narrowed(problem: Problem, sets: list[tuple[int, ...]]) -> tuple[list[int], tuple[int, ...]]:
    """Return the best of sets of one size, term by term, and its sums of what is fixed."""
    terms = problem.terms[2:]
    sums = {chosen: [sum(t.fixed[s] for s in chosen) for t in terms] for chosen in sets}
    tolerated = []
    for t, term in enumerate(terms):
        least = min(sums[chosen][t] for chosen in sets)
        most = term.allows(least) if t < len(terms) - 1 else least
        if most > least:
            tolerated.append(t)
        sets = [chosen for chosen in sets if sums[chosen][t] <= most]
    chosen = min(sets, key=lambda one: ([sums[one][t] for t in tolerated], one))
    return sums[chosen], chosen


@pytest.mark.parametrize("way", WAYS)
def test_sets_of_locations_are_the_best(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever effort a search makes, sums, tolerances and ties are those of the best set."""
    for name, value in WAYS[way].items():
        monkeypatch.setattr(smallest, name, value)
    found = 0
    for seed in range(SEEDS):
        problem = draw(seed)
        oracle, choice = best(problem), cover(problem, frozenset(), 20_000)
        if oracle is None:
            assert choice is None, seed
            continue
        assert choice is not None, seed
        assert (list(choice.values[2:]), choice.locations) == oracle, seed
        assert choice.gap == 0
        assert all(len(set(other)) == len(other) for other in choice.others)
        found += len(choice.locations) > 2
    assert found > 80


@pytest.mark.parametrize("limit", [1, 5, 15])
def test_a_search_cut_short_says_how_far_it_may_be_from_the_best(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sends all there is; without a gap its values are the best, with one none is beyond it."""
    monkeypatch.setattr(smallest, "FEW", 0)
    monkeypatch.setattr(smallest, "FIRST_TRY", 5)
    cut = 0
    for seed in range(SEEDS):
        problem = draw(seed)
        oracle, choice = best(problem), cover(problem, frozenset(), limit)
        if oracle is None or choice is None:
            continue
        values, locations = oracle
        if choice.gap == 0:
            assert list(choice.values[2:]) == values, seed
            continue
        cut += 1
        ours, theirs = [len(choice.locations), *choice.values[2:]], [len(locations), *values]
        first = next((t for t in range(len(ours)) if ours[t] != theirs[t]), 0)
        if not any(term.tolerance or term.share for term in problem.terms):
            assert ours >= theirs, seed
            assert (ours[first] - theirs[first]) <= (choice.gap + 1e-9) * ours[first], seed
    assert cut > 0
