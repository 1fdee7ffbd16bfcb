"""Candidates that no best set needs, found by comparing them with better ones.

A candidate is ruled by one that decides no worse and has at least as much of everything: in
a set without its ruler it could be exchanged. So a best set that has it has all its rulers
too; where these cover whatever it has, nothing needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.routing.solver.masks import Masks, at_least, bits_of


@dataclass(frozen=True, slots=True)
class Reduced:
    """The candidates that are left, and by each the mask of its rulers among these."""

    kept: list[int]
    rulers: list[int]


def reduce(
    rows: Sequence[Sequence[int]],
    need: Sequence[int],
    masks: Masks,
    limited: Sequence[Sequence[int]],
) -> Reduced:
    """Return what is left of candidates, which come in the order of what decides.

    `limited` are further columns in which a ruler must have no more: sums that have a limit.
    """
    kept: list[int] = []
    above: list[int] = []
    for i, row in enumerate(rows):
        rulers = (1 << i) - 1
        for d, cap in enumerate(row):
            if cap:
                rulers &= masks.enough(d, cap)
                if not rulers:
                    break
        for column in limited:
            if rulers:
                rulers &= ~at_least(column, column[i] + 1)
        if not rulers or not _cover(rows, need, row, rulers):
            kept.append(i)
            above.append(rulers)
    number = {i: at for at, i in enumerate(kept)}
    return Reduced(
        kept,
        [sum([1 << number[i] for i in bits_of(rulers) if i in number]) for rulers in above],
    )


def _cover(
    rows: Sequence[Sequence[int]], need: Sequence[int], row: Sequence[int], rulers: int
) -> bool:
    """Say whether the rulers together serve every demand of which the row has any."""
    wanted = {d: need[d] for d, cap in enumerate(row) if cap}
    for i in bits_of(rulers):
        other = rows[i]
        wanted = {d: left - other[d] for d, left in wanted.items() if left > other[d]}
        if not wanted:
            return True
    return False
