"""Who has enough of what: bit masks over candidates, so that sets are tried by the word."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final

ZERO, ONE = b"01"


BYTE: Final = 256


class Masks:
    """Bit i stands for the i-th candidate; `some` have any of a demand, `full` all of it."""

    def __init__(self, rows: Sequence[Sequence[int]], need: Sequence[int]) -> None:
        """Take by candidate what it has of each demand, at most the need."""
        self._need = need
        self._columns = list(zip(*rows, strict=True)) or [()] * len(need)
        self.everybody = (1 << len(rows)) - 1
        self.some = [at_least(column, 1) for column in self._columns]
        self.full = [at_least(c, wanted) for c, wanted in zip(self._columns, need, strict=True)]
        self._levels: list[tuple[list[int], list[int]] | None] = [None] * len(need)

    def enough(self, d: int, wanted: int) -> int:
        """Return who has so much of a demand."""
        if wanted == self._need[d]:
            return self.full[d]
        levels = self._levels[d]
        if levels is None:
            levels = self._levels[d] = _levels_of(self._columns[d])
        caps, masks = levels
        return masks[bisect_left(caps, wanted)]

    def whole(self, need: Sequence[int], allowed: int) -> int:
        """Return who of the allowed has all that is still needed."""
        for d, wanted in enumerate(need):
            if wanted:
                allowed &= self.enough(d, wanted)
                if not allowed:
                    break
        return allowed


def at_least(column: Sequence[int], wanted: int) -> int:
    """Return the mask whose bit i is set where the i-th value is at least what is wanted."""
    try:
        digits = bytes(column).translate(_digits(wanted))
    except ValueError:
        digits = bytes([ONE if value >= wanted else ZERO for value in column])
    return int(digits[::-1] or b"0", 2)


@lru_cache(maxsize=1_024)
def _digits(wanted: int) -> bytes:
    """Return the table that makes a byte the digit 1 where it is at least what is wanted."""
    return bytes([ONE if value >= wanted else ZERO for value in range(BYTE)])


def bits_of(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set, the lowest first."""
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def _levels_of(column: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return rising amounts, and for each the mask of those who have as much; none above."""
    holders = sorted([(cap, i) for i, cap in enumerate(column) if cap], key=itemgetter(0))
    caps: list[int] = []
    masks: list[int] = [0]
    mask = 0
    for cap, i in reversed(holders):
        mask |= 1 << i
        if caps and caps[-1] == cap:
            masks[-1] = mask
        else:
            caps.append(cap)
            masks.append(mask)
    return caps[::-1], [*masks[:0:-1], 0]
