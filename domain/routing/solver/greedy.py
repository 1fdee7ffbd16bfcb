"""A set that serves a need, found quickly: the most useful candidate first, none in vain."""

from collections.abc import Sequence
from typing import Final

TINY: Final = 1e-12
"""The least share of the dearest price that a candidate counts as."""


def greedy(
    rows: Sequence[Sequence[int]], need: Sequence[int], shares: Sequence[float]
) -> tuple[int, ...]:
    """Return the numbers of candidates that serve the need; shares weigh the demands.

    The candidates together must be able to serve it.
    """
    left, chosen = list(need), list[int]()
    offers = [[(d, cap) for d, cap in enumerate(row) if cap] for row in rows]
    rest = list(range(len(rows)))
    while any(left):
        useful = [sum([min(left[d], cap) * shares[d] for d, cap in offers[i]]) for i in rest]
        index = rest.pop(useful.index(max(useful)))
        chosen.append(index)
        left = [max(0, n - cap) for n, cap in zip(left, rows[index], strict=True)]
    return _without_idle(rows, need, chosen)


def cheap(
    rows: Sequence[Sequence[int]], need: Sequence[int], prices: Sequence[int]
) -> tuple[int, ...]:
    """Return candidates that serve the need: what serves most for its price first, none in vain.

    The candidates together must be able to serve it.
    """
    left, chosen = list(need), list[int]()
    offers = [[(d, cap) for d, cap in enumerate(row) if cap] for row in rows]
    shares = [1 / max(1, n) for n in need]
    scale = max(prices) or 1
    costs = [max(price / scale, TINY) for price in prices]
    rest = list(range(len(rows)))
    while any(left):
        useful = [
            sum([min(left[d], cap) * shares[d] for d, cap in offers[i]]) / costs[i] for i in rest
        ]
        index = rest.pop(useful.index(max(useful)))
        chosen.append(index)
        left = [max(0, n - cap) for n, cap in zip(left, rows[index], strict=True)]
    return _without_idle(rows, need, chosen)


def _without_idle(
    rows: Sequence[Sequence[int]], need: Sequence[int], chosen: list[int]
) -> tuple[int, ...]:
    """Leave out what the others can do without, the last chosen first."""
    for index in reversed(chosen[:-1]):
        others = [i for i in chosen if i != index]
        if all(sum([rows[i][d] for i in others]) >= n for d, n in enumerate(need)):
            chosen = others
    return tuple(chosen)
