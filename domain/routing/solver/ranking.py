"""Numbers that rank locations, and how few of them could serve a need."""

from collections.abc import Sequence
from math import prod


def fewest_for(caps: Sequence[int], wanted: int) -> int:
    """Return how many of the greatest capacities serve what is wanted; all where none do."""
    if max(caps) >= wanted:
        return 1
    served = count = 0
    for cap in sorted(caps, reverse=True):
        if served >= wanted:
            break
        served += cap
        count += 1
    return count


def ranked(allowed: Sequence[int], deciding: Sequence[Sequence[int]]) -> list[int]:
    """Return locations in the order of what decides, term by term; ties to the earliest."""
    keys = list(zip(*deciding, strict=True))
    return sorted(allowed, key=keys.__getitem__) if keys else list(allowed)


def prices_of(names: Sequence[int], columns: Sequence[Sequence[int]]) -> list[int]:
    """Return one number for each candidate whose sums order sets of one size as columns do.

    The first column has the highest digits; in the last bits the least name wins ties.
    """
    span = 1 << len(names)
    prices = [0] * len(names)
    for place, at in enumerate(sorted(range(len(names)), key=names.__getitem__)):
        prices[at] = -(span >> 1 + place)
    for column in reversed(columns):
        prices = [price + value * span for price, value in zip(prices, column, strict=True)]
        span *= 1 + sum(column)
    return prices


def share_between(high: int, low: int, columns: Sequence[Sequence[int]], names: int) -> float:
    """Return by which share the sums behind two prices differ, in the first column that does.

    Both are sums of prices of so many names; `low` may be any number.
    """
    high, low = high + (1 << names) - 1 >> names, max(0, low + (1 << names) - 1 >> names)
    spans = [1 + sum(column) for column in reversed(columns)]
    for at in reversed(range(len(spans))):
        span = prod(spans[:at])
        more, less = high // span, low // span
        if more > less:
            return (more - less) / more
        high, low = high % span, low % span
    return 0.0
