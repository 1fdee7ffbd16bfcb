"""Few locations: every set of one size is tried, which is quicker than bounding any."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

FEW: Final = 10
"""Most locations that are tried set by set."""


@dataclass(frozen=True, slots=True)
class Few:
    """What is needed of each demand, and candidates in the order of their prices.

    `caps[i][d]` is what candidate i serves of demand d, at most the need; `prices[i]` orders
    sets of one size by their sums.
    """

    need: Sequence[int]
    caps: Sequence[Sequence[int]]
    prices: Sequence[int]

    def best(self, least: int, most: int) -> tuple[int, ...] | None:
        """Return the best of the smallest sets of `least` to `most` that serve the need."""
        masks = [self._masks(row) for row in self.caps]
        must = self._must()
        for size in range(max(least, len(must)), most + 1):
            sets = self._of_size(size, must, masks)
            if sets:
                return min(sets, key=lambda chosen: sum([self.prices[i] for i in chosen]))
        return None

    def _must(self) -> tuple[int, ...]:
        """Return the candidates without which some need cannot be served."""
        without = [
            sum(column) - wanted
            for column, wanted in zip(zip(*self.caps, strict=True), self.need, strict=True)
        ]
        return tuple(
            [
                i
                for i, row in enumerate(self.caps)
                if any(cap > spare for cap, spare in zip(row, without, strict=True))
            ]
        )

    def _of_size(
        self, size: int, must: tuple[int, ...], masks: Sequence[tuple[int, int]]
    ) -> list[tuple[int, ...]]:
        """Return the sets that serve the need; masks are what each serves alone, and at all."""
        everything = (1 << len(self.need)) - 1
        others = [i for i in range(len(self.caps)) if i not in must]
        found = []
        for more in combinations(others, size - len(must)):
            chosen = must + more
            alone = together = 0
            for i in chosen:
                alone |= masks[i][0]
                together |= masks[i][1]
            if together == everything and self._split(chosen, everything & ~alone):
                found.append(chosen)
        return found

    def _masks(self, row: Sequence[int]) -> tuple[int, int]:
        """Return the demands that a candidate serves alone, and those that it has any of."""
        whole = some = 0
        bit = 1
        for cap, wanted in zip(row, self.need, strict=True):
            if cap:
                some |= bit
                if cap == wanted:
                    whole |= bit
            bit <<= 1
        return whole, some

    def _split(self, chosen: Sequence[int], demands: int) -> bool:
        """Say whether a set serves these demands, none of which one location serves alone."""
        while demands:
            bit = demands & -demands
            demands ^= bit
            d = bit.bit_length() - 1
            if sum([self.caps[i][d] for i in chosen]) < self.need[d]:
                return False
        return True
