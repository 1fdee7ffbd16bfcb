"""Figures of a choice, and the alternatives that lost against it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from domain.routing.distance import MM_PER_KM
from domain.routing.plan import Alternative, Figure
from domain.routing.problem import Problem
from domain.routing.search import Choice, choose

UNFILLED: Final = "unfilled"
FULFILMENTS: Final = "fulfilments"
UNKNOWN_DISTANCES: Final = "unknown-distances"
DISTANCE: Final = "distance"
CANDIDATE_ORDER: Final = "candidate-order"
MOST_RUNNERS_UP: Final = 3

Values = dict[str, Decimal]
"""Values by criterion, in the order of the criteria: units, count, count, kilometres."""


def values_of(problem: Problem, choice: Choice) -> Values:
    """Return what a choice is judged by."""
    unit = Decimal(0)
    if problem.demands:
        unit = problem.demands[0].lines[0].step / problem.demands[0].weight
    wanted = sum(demand.weight * demand.quantity for demand in problem.demands)
    distances = [problem.distances[s] for s in choice.locations]
    known = [mm for mm in distances if mm is not None]
    return {
        UNFILLED: (wanted - choice.weight) * unit,
        FULFILMENTS: Decimal(len(choice.locations)),
        UNKNOWN_DISTANCES: Decimal(len(distances) - len(known)),
        DISTANCE: Decimal(sum(known)) / MM_PER_KM,
    }


def figures_of(values: Mapping[str, Decimal]) -> tuple[Figure, ...]:
    """Return values as figures, kilometres rounded to metres; no line for no unknown distance."""
    return tuple(
        Figure(criterion, round(value, 3) if criterion == DISTANCE else value)
        for criterion, value in values.items()
        if value or criterion != UNKNOWN_DISTANCES
    )


def runners_up(problem: Problem, best: Choice, limit: int) -> list[tuple[Values, Choice]]:
    """Return up to three choices: the best ones without a location that was used.

    Where one location was used, the second is the best without the first, the third the best
    without both. Where several were, each is left out in turn.
    """
    found: dict[tuple[int, ...], Choice] = {}
    if len(best.locations) == 1:
        banned: frozenset[int] = frozenset()
        choice = best
        while len(found) < MOST_RUNNERS_UP:
            banned = banned.union(choice.locations)
            choice = choose(problem, banned, limit)
            if not choice.locations:
                break
            found[choice.locations] = choice
    else:
        for s in best.locations[:MOST_RUNNERS_UP]:
            choice = choose(problem, frozenset((s,)), limit)
            if choice.locations:
                found[choice.locations] = choice
    judged = [(values_of(problem, choice), choice) for choice in found.values()]
    return sorted(judged, key=lambda one: (tuple(one[0].values()), one[1].locations))


def alternative(
    problem: Problem, group_id: str, best: Values, values: Values, choice: Choice
) -> Alternative:
    """Return an alternative with the first criterion by which it lost."""
    lost_by = next((name for name in best if values[name] > best[name]), CANDIDATE_ORDER)
    return Alternative(
        locations=tuple(problem.locations[s] for s in choice.locations),
        figures=figures_of(values),
        lost_by=lost_by,
        group_id=group_id,
    )


def total(parts: Sequence[Values]) -> Values:
    """Return the sum of several groups' values."""
    names = (UNFILLED, FULFILMENTS, UNKNOWN_DISTANCES, DISTANCE)
    return {name: sum((part[name] for part in parts), Decimal(0)) for name in names}
