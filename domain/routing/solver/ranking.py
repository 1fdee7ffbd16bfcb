"""Numbers that rank locations, and how few of them could serve a need."""

from collections.abc import Sequence


def fewest_for(caps: Sequence[int], wanted: int) -> int:
    """Return how many of the greatest capacities serve what is wanted; all where none do."""
    served = count = 0
    for cap in sorted(caps, reverse=True):
        if served >= wanted:
            break
        served += cap
        count += 1
    return count


def prices_of(n: int, allowed: Sequence[int], deciding: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return one number for each location whose sums order sets of one size as the terms do.

    The first term has the highest digits; the last bits make the earliest location win ties.
    """
    prices = {s: -(1 << (n - 1 - s)) for s in allowed}
    span = 1 << n
    for fixed in reversed(deciding):
        for s in allowed:
            prices[s] += fixed[s] * span
        span *= 1 + sum([fixed[s] for s in allowed])
    return prices
