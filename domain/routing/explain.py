"""Figures of a choice, and the alternatives that lost against it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from domain.routing.building import Built
from domain.routing.columns import (
    TRANSFERS,
    UNKNOWN_DISTANCES,
    VARYING,
    in_units,
    money_unit,
    names_of,
)
from domain.routing.plan import Alternative, Figure
from domain.routing.policy import Policy
from domain.routing.solver.judging import fixed_sums
from domain.routing.solver.problem import Choice
from domain.routing.solver.search import solve

MONEY: Final = "money"
CANDIDATE_ORDER: Final = "candidate-order"
PROMISE: Final = "promise"
MOST_RUNNERS_UP: Final = 3
RUNNER_UP_LIMIT: Final = 1_000
"""Most steps of the search for each runner-up: it need not be proven the second best."""

Values = dict[str, Decimal]
"""Values by criterion, in the policy's order and each criterion's unit."""


def values_of(built: Built, policy: Policy, choice: Choice) -> Values:
    """Return what a choice is judged by; with the weighted sum last where money decides."""
    found: Values = {}
    for criterion in policy.criteria:
        name = criterion.name
        if name in VARYING:
            count = getattr(choice.measure, VARYING[name])
            found[name] = in_units(count, built.columns.scales[name])
            if name == "unfilled" and TRANSFERS in built.columns.fixed:
                found[TRANSFERS] = _sum(built, TRANSFERS, choice)
            continue
        if name == "distance":
            found[UNKNOWN_DISTANCES] = _sum(built, UNKNOWN_DISTANCES, choice)
        found[name] = _sum(built, name, choice)
    if policy.order == "money":
        found[MONEY] = in_units(choice.values[0], money_unit(policy, built.columns))
    return found


def _sum(built: Built, name: str, choice: Choice) -> Decimal:
    column = built.columns.fixed[name]
    return in_units(sum([column[s] for s in choice.locations]), built.columns.scales[name])


def figures_of(values: Values) -> tuple[Figure, ...]:
    """Return values to three decimals as figures; no line for what is rare and did not occur."""
    return tuple(
        [
            Figure(name, value if value == value.to_integral_value() else round(value, 3))
            for name, value in values.items()
            if value or name not in (UNKNOWN_DISTANCES, TRANSFERS)
        ]
    )


def total(parts: Sequence[Values]) -> Values:
    """Return several groups' values together: sums, and the last day of a promise."""
    found: Values = {}
    for part in parts:
        for name, value in part.items():
            known = found.get(name, Decimal(0))
            found[name] = max(known, value) if name == PROMISE else known + value
    return found


def alternatives(built: Built, policy: Policy, best: Choice, limit: int) -> list[Alternative]:
    """Return up to three choices that lost: the next best that the search met.

    Where it met none, they are the best without what was used: without the one location, then
    without that and the next, or with each of several left out in turn.
    """
    least = min(limit, RUNNER_UP_LIMIT)
    found = {chosen: _as_good_in_units(built, best, chosen) for chosen in best.others}
    if len(best.locations) == 1:
        banned = frozenset(best.locations).union(*found)
        while len(found) < MOST_RUNNERS_UP:
            choice = solve(built.problem, banned, least)
            if not choice.locations:
                break
            found[choice.locations] = choice
            banned = banned.union(choice.locations)
    elif not found:
        for s in best.locations[:MOST_RUNNERS_UP]:
            choice = solve(built.problem, frozenset((s,)), least)
            if choice.locations:
                found[choice.locations] = choice
    ranked = sorted(found.values(), key=lambda choice: (choice.values, choice.locations))
    return [
        Alternative(
            locations=tuple([built.locations[s] for s in choice.locations]),
            figures=figures_of(values_of(built, policy, choice)),
            lost_by=_lost_by(built, policy, best, choice),
            group_id=built.group.group_id,
        )
        for choice in ranked
    ]


def _as_good_in_units(built: Built, best: Choice, chosen: tuple[int, ...]) -> Choice:
    """Return the choice of a set that serves all that the best one serves."""
    sums = fixed_sums(built.problem, chosen)
    values = [
        term.value(total, best.measure)
        for term, total in zip(built.problem.terms, sums, strict=True)
    ]
    return Choice(chosen, values=tuple(values), measure=best.measure)


def _lost_by(built: Built, policy: Policy, best: Choice, other: Choice) -> str:
    """Return the first criterion in which `other` is worse by more than its tolerance."""
    names = names_of(policy, built.columns)
    worse = [t for t in range(len(names)) if other.values[t] > best.values[t]]
    beyond = [t for t in worse if other.values[t] > built.problem.terms[t].allows(best.values[t])]
    decided = [*beyond, *worse]
    return names[decided[0]] if decided else CANDIDATE_ORDER
