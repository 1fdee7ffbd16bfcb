"""What else there was: sets that serve as much, with one location of the best exchanged."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from domain.routing.solver.masks import Masks, bits_of

OTHERS: Final = 3
"""How many of the next best are told."""


def exchanges(
    rows: Sequence[Sequence[int]],
    need: Sequence[int],
    masks: Masks,
    columns: Sequence[Sequence[int]],
    best: Sequence[int],
) -> list[tuple[int, ...]]:
    """Return up to three sets that follow the best one, as the columns decide.

    Candidates come in the order of what decides. Each set is the best one with one location
    for another or, where there is no such set, two for one: there may be better ones that
    differ more.
    """
    found: list[tuple[int, ...]] = []
    chosen = sum([1 << i for i in best])
    for by in (by_one, by_two):
        for out in best:
            others = tuple([i for i in best if i != out])
            left = tuple(
                [max(0, n - sum([rows[i][d] for i in others])) for d, n in enumerate(need)]
            )
            if any(left):
                allowed = masks.everybody & ~chosen
                found += [(*others, *new) for new in islice(by(rows, left, masks, allowed), OTHERS)]
        if found:
            break
    found.sort(key=lambda one: [sum([column[i] for i in one]) for column in columns])
    return found[:OTHERS]


def by_one(
    _rows: Sequence[Sequence[int]], left: tuple[int, ...], masks: Masks, allowed: int
) -> Iterator[tuple[int, ...]]:
    """Yield each that serves alone what is left, the first first."""
    for i in bits_of(masks.whole(left, allowed)):
        yield (i,)


def by_two(
    rows: Sequence[Sequence[int]], left: tuple[int, ...], masks: Masks, allowed: int
) -> Iterator[tuple[int, ...]]:
    """Yield pairs of a supplier of what fewest have and the first that completes it."""
    wanted = [(d, n, masks.enough(d, n) & allowed) for d, n in enumerate(left) if n]
    wanted.sort(key=lambda one: one[2].bit_count())
    suppliers = min([masks.some[d] & allowed for d, _, _ in wanted], key=int.bit_count)
    for i in bits_of(suppliers):
        allowed &= ~(1 << i)
        row, fit = rows[i], allowed
        for d, n, alone in wanted:
            cap = row[d]
            if not cap:
                fit &= alone
            elif cap < n:
                fit &= masks.enough(d, n - cap)
            if not fit:
                break
        if fit:
            yield i, (fit & -fit).bit_length() - 1
