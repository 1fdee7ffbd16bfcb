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
    for by in (_one, _two):
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


def _one(
    _rows: Sequence[Sequence[int]], left: tuple[int, ...], masks: Masks, allowed: int
) -> Iterator[tuple[int, ...]]:
    for i in bits_of(masks.whole(left, allowed)):
        yield (i,)


def _two(
    rows: Sequence[Sequence[int]], left: tuple[int, ...], masks: Masks, allowed: int
) -> Iterator[tuple[int, ...]]:
    """Yield pairs of a supplier of what fewest have and the first that completes it."""
    suppliers = min(
        [some & allowed for some, n in zip(masks.some, left, strict=True) if n],
        key=int.bit_count,
    )
    for i in bits_of(suppliers):
        allowed &= ~(1 << i)
        rest = [max(0, n - cap) for n, cap in zip(left, rows[i], strict=True)]
        fit = masks.whole(rest, allowed)
        if fit:
            yield i, (fit & -fit).bit_length() - 1
