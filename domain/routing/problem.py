"""A delivery group's choice in whole numbers: demands in steps, capacities, costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import gcd

from domain.routing.distance import great_circle_mm, point_of
from domain.routing.facts import RoutingFacts
from domain.routing.request import RoutingGroup, RoutingLine

ONE = Decimal(1)
UNKNOWN_DISTANCE_MM = 10**15
"""What an unknown distance counts for: more than any sum of known ones."""

Taken = Mapping[tuple[str, str], Decimal]
"""Quantity of (item, location) that earlier groups of the order took."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Lines that want the same thing: `quantity` steps, each worth `weight` units (scaled).

    `usage` is what one step takes of each item, in the item's unit.
    """

    lines: tuple[RoutingLine, ...]
    quantity: int
    weight: int
    usage: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Which of `locations` serve `demands`; all indexes refer to these two.

    `caps[s][d]` is how many steps location s could serve of demand d if it served nothing
    else, at most the demand. `costs[s]` orders locations by distance, then by candidate order,
    and its sums order sets of equal size likewise. `clusters` are demands that compete for an
    item somewhere: one step of d takes `claims[d][item]` of `stock[s][item]`, in whole numbers.
    `whole`: a demand is served by one location entirely, or not at all.
    """

    locations: tuple[str, ...]
    distances: tuple[int | None, ...]
    demands: tuple[Demand, ...]
    caps: tuple[tuple[int, ...], ...]
    costs: tuple[int, ...]
    clusters: tuple[tuple[int, ...], ...]
    claims: tuple[Mapping[str, int], ...]
    stock: tuple[Mapping[str, int], ...]
    whole: bool
    most_locations: int


def build(
    group: RoutingGroup, candidates: Sequence[str], facts: RoutingFacts, taken: Taken, split: str
) -> Problem:
    """Return the group's problem over those candidates that have anything it wants."""
    demands = _demands(group.lines, merge=split != "lines")
    stock = {item: _free(item, candidates, facts, taken) for d in demands for item, _ in d.usage}
    whole = split == "lines"
    useful: list[str] = []
    caps: list[tuple[int, ...]] = []
    for location in candidates:
        row = tuple([_cap(d, location, stock, whole=whole) for d in demands])
        if any(row):
            useful.append(location)
            caps.append(row)
    distances = _distances(group, useful, facts)
    claims, scales = _claims(demands)
    held = tuple(
        {i: int(stock[i].get(s, Decimal(0)) * scale) for i, scale in scales.items()} for s in useful
    )
    return Problem(
        locations=tuple(useful),
        distances=distances,
        demands=demands,
        caps=tuple(caps),
        costs=_costs(distances),
        clusters=_clusters(claims, caps, held) if scales else (),
        claims=claims,
        stock=held,
        whole=whole,
        most_locations=1 if split == "never" else len(useful),
    )


def _demands(lines: Sequence[RoutingLine], *, merge: bool) -> tuple[Demand, ...]:
    scale = _scale([line.step for line in lines])
    found: dict[object, list[RoutingLine]] = {}
    for line in lines:
        key = (_usage(line), line.step, None if merge else line.line_id)
        found.setdefault(key, []).append(line)
    return tuple(
        Demand(
            lines=tuple(same),
            quantity=sum(int(line.quantity / line.step) for line in same),
            weight=int(same[0].step * scale),
            usage=_usage(same[0]),
        )
        for same in found.values()
    )


def _usage(line: RoutingLine) -> tuple[tuple[str, Decimal], ...]:
    if len(line.parts) == 1:
        part = line.parts[0]
        return ((part.item_id, part.per_unit * line.step),)
    usage: dict[str, Decimal] = {}
    for part in line.parts:
        usage[part.item_id] = usage.get(part.item_id, Decimal(0)) + part.per_unit * line.step
    return tuple(sorted(usage.items()))


def _scale(steps: Sequence[Decimal]) -> int:
    """Return the least whole number that makes every step whole."""
    scale = 1
    for step in steps:
        if step != ONE:
            below = step.as_integer_ratio()[1]
            scale = scale * below // gcd(scale, below)
    return scale


def _free(
    item: str, candidates: Sequence[str], facts: RoutingFacts, taken: Taken
) -> dict[str, Decimal]:
    known = facts.items.get(item)
    if known is None:
        return {}
    stock = known.stock
    free = {s: stock[s].free for s in candidates if s in stock and stock[s].free > 0}
    if taken:
        for s in free:
            free[s] -= taken.get((item, s), Decimal(0))
    return free


def _cap(
    demand: Demand, location: str, stock: Mapping[str, Mapping[str, Decimal]], *, whole: bool
) -> int:
    cap = demand.quantity
    for item, each in demand.usage:
        free = stock[item].get(location)
        if free is None:
            return 0
        cap = min(cap, int(free) if each == ONE else int(free // each))
    return 0 if whole and cap < demand.quantity else cap


def _distances(
    group: RoutingGroup, locations: Sequence[str], facts: RoutingFacts
) -> tuple[int | None, ...]:
    there = point_of(group.destination, facts.coordinates)
    if there is None:
        return (None,) * len(locations)
    found: list[int | None] = []
    for location in locations:
        here = point_of(facts.locations[location].attributes, facts.coordinates)
        found.append(None if here is None else great_circle_mm(here, there))
    return tuple(found)


def _costs(distances: Sequence[int | None]) -> tuple[int, ...]:
    """Return one number for each location whose sums compare sets of equal size.

    High digits are the distance; the low ones have a bit less for an earlier candidate, so
    that of two sets with equal distance the one with the earliest candidates costs less.
    """
    n = len(distances)
    return tuple(
        (((UNKNOWN_DISTANCE_MM if mm is None else mm) + 1) << n) - (1 << (n - 1 - s))
        for s, mm in enumerate(distances)
    )


def _claims(
    demands: Sequence[Demand],
) -> tuple[tuple[Mapping[str, int], ...], Mapping[str, int]]:
    """Return what demands take of items that several of them want, and the items' scales."""
    users: dict[str, list[Decimal]] = {}
    for demand in demands:
        for item, each in demand.usage:
            users.setdefault(item, []).append(each)
    scales = {item: _scale(each) for item, each in users.items() if len(each) > 1}
    claims = tuple(
        {item: int(each * scales[item]) for item, each in demand.usage if item in scales}
        for demand in demands
    )
    return claims, scales


def _clusters(
    claims: Sequence[Mapping[str, int]],
    caps: Sequence[Sequence[int]],
    stock: Sequence[Mapping[str, int]],
) -> tuple[tuple[int, ...], ...]:
    """Return the groups of demands that cannot all be served at their capacity somewhere."""
    leader = list(range(len(claims)))

    def find(d: int) -> int:
        while leader[d] != d:
            d = leader[d]
        return d

    for item in {item: None for claim in claims for item in claim}:
        users = [d for d, claim in enumerate(claims) if item in claim]
        if any(
            sum(row[d] * claims[d][item] for d in users) > held[item]
            for row, held in zip(caps, stock, strict=True)
        ):
            for one, other in pairwise(users):
                leader[find(other)] = find(one)
    together: dict[int, list[int]] = {}
    for d in range(len(claims)):
        together.setdefault(find(d), []).append(d)
    return tuple(tuple(members) for members in together.values() if len(members) > 1)
