"""A set that serves a need, found quickly: the most useful candidate first, none in vain."""

from collections.abc import Sequence


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
    for index in reversed(chosen[:-1]):
        others = [i for i in chosen if i != index]
        if all(sum([rows[i][d] for i in others]) >= n for d, n in enumerate(need)):
            chosen = others
    return tuple(chosen)
