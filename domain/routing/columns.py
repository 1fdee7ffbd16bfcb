"""Criteria as whole numbers: what each location adds to each, and the terms of a policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

from domain.routing.distance import MM_PER_KM
from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.policy import Criterion, Policy
from domain.routing.solver.problem import Term

UNKNOWN_DISTANCES: Final = "unknown-distances"
TRANSFERS: Final = "transfers"
"""Locations that send to the store where goods are collected: right after units, the fewest."""
THOUSAND: Final = 1000
HALF_WAY_ROUND_MM: Final = 20_015_115 * 1_000
"""Where money decides, an unknown distance counts as half the Earth's circumference."""

SCALES: Final[Mapping[str, int]] = {
    "fulfilments": 1,
    UNKNOWN_DISTANCES: 1,
    TRANSFERS: 1,
    "distance": MM_PER_KM,
    "handling-cost": THOUSAND,
    "backlog": THOUSAND,
    "zone-backlog": THOUSAND,
    "priority": 1,
    "promise": 1,
    "parcels": 1,
    "shipping-cost": THOUSAND,
    "scarcity": THOUSAND,
}
"""How many of a column's whole numbers make one of the criterion's unit."""

VARYING: Final[Mapping[str, str]] = {
    "unfilled": "unfilled",
    "promise": "days",
    "parcels": "parcels",
    "shipping-cost": "price",
    "scarcity": "scarcity",
}
"""Criteria that depend on how goods are spread, by their name in a term."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What each location adds to each criterion that locations alone decide."""

    fixed: Mapping[str, tuple[int, ...]]
    scales: Mapping[str, int]


def columns_of(
    locations: Sequence[LocationFacts],
    distances: Sequence[int | None],
    facts: RoutingFacts,
    policy: Policy,
    unit_scale: int,
) -> Columns:
    """Return the columns that the policy's criteria need, for locations in their order."""
    names = {criterion.name for criterion in policy.criteria}
    fixed: dict[str, tuple[int, ...]] = {"fulfilments": (1,) * len(locations)}
    fixed[UNKNOWN_DISTANCES] = tuple([1 if mm is None else 0 for mm in distances])
    fixed["distance"] = tuple([mm or 0 for mm in distances])
    if "handling-cost" in names:
        fixed["handling-cost"] = tuple(
            int(one.attributes.handling_cost * THOUSAND) for one in locations
        )
    if "backlog" in names:
        fixed["backlog"] = tuple(_backlog((one,), policy) for one in locations)
    if "zone-backlog" in names:
        fixed["zone-backlog"] = _zone_backlogs(locations, facts, policy)
    if "priority" in names:
        first = min((one.attributes.priority for one in locations), default=0)
        fixed["priority"] = tuple(one.attributes.priority - first for one in locations)
    return Columns(fixed, {**SCALES, "unfilled": unit_scale})


def with_transfers(columns: Columns, transfers: tuple[int, ...]) -> Columns:
    """Return columns in which a location that sends to the store counts as one fulfilment more.

    So the store's own stock wins where units are equal. Nothing changes where none sends there.
    """
    if not any(transfers):
        return columns
    each = zip(columns.fixed["fulfilments"], transfers, strict=True)
    fixed = {
        **columns.fixed,
        TRANSFERS: transfers,
        "fulfilments": tuple([one + more for one, more in each]),
    }
    return Columns(fixed, columns.scales)


def _backlog(locations: Sequence[LocationFacts], policy: Policy) -> int:
    """Return open work over daily capacity, in thousandths of a day."""
    work = sum(one.open_fulfilments for one in locations)
    daily = sum(one.attributes.capacity_per_day or policy.daily_work for one in locations)
    return work * THOUSAND // daily


def _zone_backlogs(
    locations: Sequence[LocationFacts], facts: RoutingFacts, policy: Policy
) -> tuple[int, ...]:
    """Return by location the backlog of its zone; a location without one is its own zone."""
    members: dict[str, list[LocationFacts]] = {}
    for one in facts.locations.values():
        if one.attributes.backlog_zone is not None:
            members.setdefault(one.attributes.backlog_zone, []).append(one)
    return tuple(
        _backlog(members.get(one.attributes.backlog_zone or "", (one,)), policy)
        for one in locations
    )


def terms_of(policy: Policy, columns: Columns, locations: int) -> tuple[Term, ...]:
    """Return the policy as terms, in order of priority or as one weighted sum."""
    if policy.order == "money":
        return (_weighed(policy, columns, locations),)
    terms = []
    for criterion in policy.criteria:
        if criterion.name == "distance":
            terms.append(Term(columns.fixed[UNKNOWN_DISTANCES]))
        terms.append(_term(criterion, columns, locations))
        if criterion.name == "unfilled" and TRANSFERS in columns.fixed:
            terms.append(Term(columns.fixed[TRANSFERS]))
    return tuple(terms)


def names_of(policy: Policy, columns: Columns) -> tuple[str, ...]:
    """Return the names of the terms that `terms_of` returns."""
    if policy.order == "money":
        return ("money",)
    names: list[str] = []
    for criterion in policy.criteria:
        names += (UNKNOWN_DISTANCES, "distance") if criterion.name == "distance" else ()
        names += () if criterion.name == "distance" else (criterion.name,)
        if criterion.name == "unfilled" and TRANSFERS in columns.fixed:
            names.append(TRANSFERS)
    return tuple(names)


def _term(criterion: Criterion, columns: Columns, locations: int) -> Term:
    tolerance = int(criterion.tolerance * columns.scales[criterion.name])
    share = int(criterion.share * THOUSAND)
    varying = VARYING.get(criterion.name)
    if varying is None:
        return Term(columns.fixed[criterion.name], tolerance=tolerance, share=share)
    counts = {varying: 1}
    return Term((0,) * locations, **counts, tolerance=tolerance, share=share)


def _weighed(policy: Policy, columns: Columns, locations: int) -> Term:
    """Return the weighted sum in the smallest part of money that makes every weight whole."""
    weights = weights_of(policy, columns)
    fixed = [0] * locations
    varying: dict[str, int] = {}
    for name, weight in weights.items():
        if name in VARYING:
            varying[VARYING[name]] = weight
            continue
        values = columns.fixed[name]
        if name == "distance":
            unknown = columns.fixed[UNKNOWN_DISTANCES]
            values = tuple(
                HALF_WAY_ROUND_MM if missing else mm
                for mm, missing in zip(values, unknown, strict=True)
            )
        fixed = [total + weight * value for total, value in zip(fixed, values, strict=True)]
    return Term(tuple(fixed), **varying)


def weights_of(policy: Policy, columns: Columns) -> Mapping[str, int]:
    """Return by criterion what one of its whole numbers weighs, in `money_unit` parts."""
    exact = {one.name: Fraction(one.weight) / columns.scales[one.name] for one in policy.criteria}
    parts = money_unit(policy, columns)
    return {name: int(weight * parts) for name, weight in exact.items()}


def money_unit(policy: Policy, columns: Columns) -> int:
    """Return how many of the weighted sum's parts make one of the policy's currency."""
    return lcm(
        *((Fraction(one.weight) / columns.scales[one.name]).denominator for one in policy.criteria)
    )


def in_units(value: int, scale: int) -> Decimal:
    """Return a whole number in its criterion's unit."""
    return Decimal(value) if scale == 1 else Decimal(value) / scale
