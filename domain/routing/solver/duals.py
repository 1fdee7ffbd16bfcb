"""Lagrange multipliers: how few candidates could serve a need, and how cheap so many could be.

For capacities a and needs b, any multipliers y >= 0 bound from below the number of candidates
by y·b less the sum of what y·a exceeds 1, and the price of a set of one size by y·b plus that
many of the least reduced prices p - y·a (M. L. Fisher, Management Science 27, 1981).
Subgradient steps make the bounds good.
"""

from collections.abc import Sequence
from heapq import nsmallest
from math import ceil
from typing import Final

ROUNDS: Final = 60
PATIENCE: Final = 5
EPSILON: Final = 1e-6
SMALLEST_STEP: Final = 0.02
GRAIN: Final = 1 << 48
"""Multipliers are rounded to such parts of the dearest price."""

Row = Sequence[tuple[int, int]]
"""Demand and capacity where a candidate has any."""


def least_count(
    rows: Sequence[Row], need: Sequence[int], start: Sequence[float], known: int
) -> tuple[int, list[float]]:
    """Return a number of candidates below which none cover, and the multipliers that show it.

    `known` is the size of a set that covers.
    """
    steps = _Steps(need, start)
    _climb(steps, rows, [1.0] * len(rows), known, known - 1)
    return ceil(steps.best_bound - EPSILON), steps.best


def least_cost(
    rows: Sequence[Row],
    need: Sequence[int],
    prices: Sequence[int],
    known: int,
    penalties: Sequence[int] | None,
) -> list[int]:
    """Return multipliers, in whole numbers, that bound the price of sets of any size well.

    `known` is a price that some set does not exceed; none is worth more than its penalty.
    """
    scale = max([abs(price) for price in prices], default=0) or 1
    most = None if penalties is None else [penalty / scale for penalty in penalties]
    steps = _Steps(need, [0.0] * len(need), most)
    _climb(steps, rows, [price / scale for price in prices], known / scale, known / scale)
    worth = [int(y * GRAIN) * scale // GRAIN for y in steps.best]
    if penalties is None:
        return worth
    return [min(y, penalty) for y, penalty in zip(worth, penalties, strict=True)]


def _climb(
    steps: "_Steps",
    rows: Sequence[Row],
    prices: Sequence[float],
    known: float,
    enough: float,
) -> None:
    """Step towards better multipliers, until their bound is beyond `enough`."""
    while steps.go_on():
        bound = steps.worth_of_need()
        slope = list(steps.need)
        for row, price in zip(rows, prices, strict=True):
            value = price - sum([steps.worth[d] * cap for d, cap in row])
            if value < 0:
                bound += value
                for d, cap in row:
                    slope[d] -= cap
        if steps.best_bound > enough or not steps.move(bound, slope, known - bound):
            return


def least_price(
    rows: Sequence[Row], need: Sequence[int], prices: Sequence[int], size: int, known: int
) -> list[int]:
    """Return multipliers, in whole numbers, that bound the price of sets of a size well.

    `known` is a price that some set does not exceed.
    """
    scale = max([abs(price) for price in prices], default=0) or 1
    shares = [price / scale for price in prices]
    goal = known / scale
    steps = _Steps(need, [0.0] * len(need))
    while steps.go_on():
        worth = steps.worth
        reduced = [
            share - sum([worth[d] * cap for d, cap in row])
            for share, row in zip(shares, rows, strict=True)
        ]
        least = nsmallest(size, range(len(reduced)), key=reduced.__getitem__)
        bound = steps.worth_of_need() + sum([reduced[i] for i in least])
        slope = list(need)
        for i in least:
            for d, cap in rows[i]:
                slope[d] -= cap
        if not steps.move(bound, slope, goal - bound):
            break
    return [int(y * GRAIN) * scale // GRAIN for y in steps.best]


class _Steps:
    """Subgradient steps from the best multipliers so far, halved where they do not help."""

    def __init__(
        self, need: Sequence[int], start: Sequence[float], most: Sequence[float] | None = None
    ) -> None:
        self.need, self.most = need, most
        self.worth, self.best = list(start), list(start)
        self.best_bound = float("-inf")
        self.size, self.stale, self.rounds = 1.0, 0, 0

    def go_on(self) -> bool:
        """Say whether another round may help, and count it."""
        self.rounds += 1
        return self.rounds <= ROUNDS and self.size >= SMALLEST_STEP

    def worth_of_need(self) -> float:
        """Return y·b."""
        return sum([y * n for y, n in zip(self.worth, self.need, strict=True)])

    def move(self, bound: float, slope: Sequence[int], distance: float) -> bool:
        """Take the bound of the multipliers, then step along the slope; say whether it leads on."""
        if bound > self.best_bound:
            self.best, self.best_bound, self.stale = list(self.worth), bound, 0
        else:
            self.stale += 1
            if self.stale == PATIENCE:
                self.size, self.stale, self.worth = self.size / 2, 0, list(self.best)
                return True
        length = sum([x * x for x, y in zip(slope, self.worth, strict=True) if x > 0 or y > 0])
        if not length or distance <= 0:
            return False
        by = self.size * distance / length
        self.worth = [max(0.0, y + by * x) for y, x in zip(self.worth, slope, strict=True)]
        if self.most is not None:
            self.worth = [min(y, most) for y, most in zip(self.worth, self.most, strict=True)]
        return True
