"""How few candidates could cover what is needed: a bound by Lagrange multipliers.

For capacities a and needs b, any multipliers y >= 0 bound the number of candidates from below
by y·b less the sum of what y·a exceeds 1 (M. L. Fisher, Management Science 27, 1981).
Subgradient steps make the bound good.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final

ROUNDS: Final = 60
PATIENCE: Final = 5
EPSILON: Final = 1e-6

Row = Sequence[tuple[int, int]]
"""Demand and capacity where a candidate has any."""


def least_count(
    rows: Sequence[Row], need: Sequence[int], start: Sequence[float], known: int
) -> tuple[int, list[float]]:
    """Return a number of candidates below which none cover, and the multipliers that show it.

    `known` is the size of a set that covers.
    """
    worth = list(start)
    best, best_bound = list(start), 0.0
    step, stale = 1.0, 0
    for _ in range(ROUNDS):
        bound = sum([w * n for w, n in zip(worth, need, strict=True)])
        slope = list(need)
        for row in rows:
            value = 1.0 - sum([worth[d] * cap for d, cap in row])
            if value < 0:
                bound += value
                for d, cap in row:
                    slope[d] -= cap
        if bound > best_bound:
            best, best_bound, stale = list(worth), bound, 0
        else:
            stale += 1
            if stale == PATIENCE:
                step, stale, worth = step / 2, 0, list(best)
                continue
        length = sum([x * x for x in slope])
        if not length or bound > known - 1:
            break
        move = step * (known - bound) / length
        worth = [max(0.0, w + move * x) for w, x in zip(worth, slope, strict=True)]
    return ceil(best_bound - EPSILON), best
