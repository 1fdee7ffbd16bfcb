"""Candidates for a set: what they have, what they cost, and what may keep them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from domain.routing.solver.masks import bits_of
from domain.routing.solver.ranking import share_between

Limits = Sequence[tuple[Sequence[int], int]]
"""What each candidate adds, and the most that all may add."""

Need = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Candidates by number: what they have, what they cost, and who rules them.

    A set is only wanted where it has every ruler of its members, or could still have it.
    `shares` weigh demands in a bound on how many candidates it takes; empty for no such bound.
    `columns` are what prices are made of.
    """

    need: Need
    rows: Sequence[Sequence[int]]
    prices: Sequence[int]
    rulers: Sequence[int]
    limits: Limits = ()
    shares: Sequence[float] = ()
    columns: Sequence[Sequence[int]] = ()

    def gap(self, chosen: Need, floor: int) -> float:
        """Return how far a set may be from one of the least price there may be."""
        return self.share_below(sum([self.prices[i] for i in chosen]), floor)

    def share_below(self, price: int, floor: int) -> float:
        """Return how far a sum of prices may be from the least there may be."""
        return share_between(price, floor, self.columns, len(self.prices))

    def rank(self, chosen: Need) -> tuple[int, int]:
        """Return what makes a set better: fewer candidates, then less to pay."""
        return len(chosen), sum([self.prices[i] for i in chosen])

    @property
    def unit(self) -> int:
        """Return what one of the first column adds to a price."""
        return prod([1 + sum(column) for column in self.columns[1:]]) << len(self.prices)

    def keeps_limits(self, chosen: Need) -> bool:
        """Say whether a set keeps every limit."""
        return all(sum([column[i] for i in chosen]) <= most for column, most in self.limits)

    def floor(self, size: int) -> int:
        """Return what any set of a size costs at least."""
        return sum(sorted(self.prices)[:size])

    def reduced(self, worth: Sequence[int]) -> list[int]:
        """Return each price less the worth of what the candidate has."""
        return [
            price - sum([worth[d] * cap for d, cap in enumerate(row) if cap])
            for price, row in zip(self.prices, self.rows, strict=True)
        ]

    def in_order(self, order: Sequence[int]) -> "Market":
        """Return the same candidates, renumbered."""
        place = {i: at for at, i in enumerate(order)}
        return Market(
            self.need,
            [self.rows[i] for i in order],
            [self.prices[i] for i in order],
            [sum([1 << place[j] for j in bits_of(self.rulers[i])]) for i in order],
            [([column[i] for i in order], most) for column, most in self.limits],
            self.shares,
            [[column[i] for i in order] for column in self.columns],
        )
