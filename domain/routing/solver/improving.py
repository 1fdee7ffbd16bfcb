"""Making a set that serves a need smaller, then cheaper, by exchanging a few of its members."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from domain.routing.solver.exchanges import by_one, by_two
from domain.routing.solver.masks import Masks

Chosen = tuple[int, ...]


def improved(
    rows: Sequence[Sequence[int]],
    need: Sequence[int],
    masks: Masks,
    prices: Sequence[int],
    chosen: Chosen,
) -> Chosen:
    """Return what no exchange of one for two, two for three, or one for one makes better.

    Candidates come in the order of their prices.
    """
    while True:
        better = next(_fewer(rows, need, masks, chosen), None)
        better = better or next(_cheaper(rows, need, masks, prices, chosen), None)
        if better is None:
            return chosen
        chosen = better


def _fewer(
    rows: Sequence[Sequence[int]], need: Sequence[int], masks: Masks, chosen: Chosen
) -> Iterator[Chosen]:
    for count, by in ((2, by_one), (3, by_two)):
        for others, left, allowed in _without(rows, need, masks, chosen, count):
            for new in by(rows, left, masks, allowed):
                yield (*others, *new)


def _cheaper(
    rows: Sequence[Sequence[int]],
    need: Sequence[int],
    masks: Masks,
    prices: Sequence[int],
    chosen: Chosen,
) -> Iterator[Chosen]:
    paid = sum([prices[i] for i in chosen])
    for others, left, allowed in _without(rows, need, masks, chosen, 1):
        for new in by_one(rows, left, masks, allowed):
            if sum([prices[i] for i in (*others, *new)]) >= paid:
                break
            yield (*others, *new)


def _without(
    rows: Sequence[Sequence[int]],
    need: Sequence[int],
    masks: Masks,
    chosen: Chosen,
    count: int,
) -> Iterator[tuple[Chosen, Chosen, int]]:
    """Yield what is left of a set without some members, what it then lacks, and all others."""
    allowed = masks.everybody & ~sum([1 << i for i in chosen])
    served = [sum(column) for column in zip(*[rows[i] for i in chosen], strict=True)]
    for out in combinations(chosen, count):
        gone = [sum(column) for column in zip(*[rows[i] for i in out], strict=True)]
        left = tuple(
            [max(0, n - have + less) for n, have, less in zip(need, served, gone, strict=True)]
        )
        if any(left):
            yield tuple([i for i in chosen if i not in out]), left, allowed
