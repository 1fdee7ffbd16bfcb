"""The oracle of small cases: every way to fill an order, judged one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Case:
    """Lines of (wanted, {item: per unit}) and free stock by location and item."""

    lines: tuple[tuple[int, dict[str, int]], ...]
    stock: tuple[dict[str, int], ...]
    distances: tuple[int, ...]
    split: str = "quantities"


@dataclass(frozen=True, order=True)
class Judged:
    """What a set of locations achieves, better ones first."""

    unfilled: int
    fulfilments: int
    distance: int
    locations: tuple[int, ...]


def best(case: Case) -> Judged:
    """Return the best set of locations, by trying every set and every way to fill it."""
    found = []
    sizes = range(2 if case.split == "never" else len(case.stock) + 1)
    wanted = sum(quantity for quantity, _ in case.lines)
    for size in sizes:
        for chosen in combinations(range(len(case.stock)), size):
            served = _most(case, chosen, 0, [dict(case.stock[s]) for s in chosen])
            distance = sum(case.distances[s] for s in chosen)
            found.append(Judged(wanted - served, size, distance, chosen))
    return min(found)


def _most(case: Case, chosen: Sequence[int], index: int, stock: list[dict[str, int]]) -> int:
    if index == len(case.lines):
        return 0
    wanted, usage = case.lines[index]
    most = 0
    for shares in _shares(wanted, len(chosen), whole=case.split == "lines"):
        left = [
            {item: free - usage.get(item, 0) * share for item, free in held.items()}
            for held, share in zip(stock, shares, strict=True)
        ]
        unknown = any(item not in case.stock[s] for item in usage for s in chosen)
        assert not unknown, "a case names all items at all locations"
        if all(free >= 0 for held in left for free in held.values()):
            most = max(most, sum(shares) + _most(case, chosen, index + 1, left))
    return most


def _shares(wanted: int, places: int, *, whole: bool) -> Iterator[tuple[int, ...]]:
    if whole:
        yield (0,) * places
        for place in range(places):
            yield tuple(wanted if other == place else 0 for other in range(places))
        return
    if places == 0:
        yield ()
        return
    for first in range(wanted + 1):
        for rest in _shares(wanted - first, places - 1, whole=False):
            yield (first, *rest)
