"""Where prices decide and not how many locations there are, the best of all sets is found."""

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import NamedTuple

import pytest

from domain.routing.solver.by_price import by_price
from domain.routing.solver.problem import Demand, Problem, Term

LOCATIONS, DEMANDS, STEPS = 9, 4, 6
SEEDS = 120


class Plan(NamedTuple):
    """A set by the sums of its terms."""

    sums: tuple[int, ...]
    chosen: tuple[int, ...]


def draw(seed: int, *, weighed: bool) -> Problem:
    """Return a problem of units first and then prices, or of units that have a price."""
    random = Random(seed)
    n = random.randint(2, LOCATIONS)
    demands = tuple(
        Demand(random.randint(1, STEPS), random.choice((1, 1, 2)))
        for _ in range(random.randint(1, DEMANDS))
    )
    caps = tuple(
        tuple(random.choice((0, 0, random.randint(1, one.quantity))) for one in demands)
        for _ in range(n)
    )
    greatest = random.choice((2, 9, 50))
    fixed = [tuple(random.randint(0, greatest) for _ in range(n)) for _ in range(3)]
    most = random.choice((n, n, n, 2))
    if weighed:
        terms: tuple[Term, ...] = (Term(fixed[0], unfilled=random.choice((1, 3, 20))),)
    else:
        first = Term((0,) * n, unfilled=1)
        others = [
            Term(one, tolerance=random.choice((0, 0, 3)), share=random.choice((0, 0, 300)))
            for one in fixed[: random.randint(0, 3)]
        ]
        terms = (first, *others)
    return Problem(demands, caps, terms, tuple(range(n)), most)


def plans(problem: Problem) -> Iterator[Plan]:
    """Yield every set whose locations all have something to send, with its sums."""
    n, demands = len(problem.caps), range(len(problem.demands))
    for size in range(problem.most + 1):
        for chosen in combinations(range(n), size):
            served = [sum(problem.caps[s][d] for s in chosen) for d in demands]
            unfilled = sum(
                demand.weight * max(0, demand.quantity - served[d])
                for d, demand in enumerate(problem.demands)
            )
            yield Plan(
                tuple(
                    sum(term.fixed[s] for s in chosen) + term.unfilled * unfilled
                    for term in problem.terms
                ),
                chosen,
            )


def best(problem: Problem) -> Plan:
    """Return the best set, term by term; then the smallest, then the earliest."""
    left = list(plans(problem))
    tolerated = []
    for t, term in enumerate(problem.terms):
        least = min(plan.sums[t] for plan in left)
        most = term.allows(least) if t < len(problem.terms) - 1 else least
        if most > least:
            tolerated.append(t)
        left = [plan for plan in left if plan.sums[t] <= most]
    return min(
        left, key=lambda plan: ([plan.sums[t] for t in tolerated], len(plan.chosen), plan.chosen)
    )


@pytest.mark.parametrize("weighed", [False, True])
def test_the_cheapest_set_is_found(*, weighed: bool) -> None:
    """Sums, tolerances and ties are those of the best of all sets, without a gap."""
    compared = 0
    for seed in range(SEEDS):
        problem = draw(seed, weighed=weighed)
        oracle, choice = best(problem), by_price(problem, frozenset(), 20_000)
        if choice is None:
            assert problem.most == 2, seed
            continue
        assert (choice.values, choice.locations, choice.gap) == (*oracle, 0.0), seed
        compared += len(choice.locations) > 1
    assert compared > SEEDS / 4


@pytest.mark.parametrize("limit", [1, 4, 12])
@pytest.mark.parametrize("weighed", [False, True])
def test_a_search_cut_short_owns_up_to_it(limit: int, *, weighed: bool) -> None:
    """Without a gap the sums are the best; with one, the best is not further away."""
    cut = 0
    for seed in range(SEEDS):
        problem = draw(seed, weighed=weighed)
        choice = by_price(problem, frozenset(), limit)
        if choice is None:
            continue
        sums = best(problem).sums
        if choice.gap == 0:
            assert choice.values == sums, seed
        elif not any(term.tolerance or term.share for term in problem.terms):
            pairs = zip(choice.values, sums, strict=True)
            ours, theirs = next((one for one in pairs if one[0] != one[1]), (0, 0))
            assert 0 <= ours - theirs <= (choice.gap + 1e-9) * ours, seed
        cut += choice.gap > 0
    assert cut or limit > 4
