"""Items that several demands want: what they claim, and where they compete for it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from domain.routing.demands import Wanted, scale_of

Claims = tuple[Mapping[int, int], ...]
"""By demand, or by location: whole numbers by resource."""


def shared_claims(wanted: Sequence[Wanted]) -> tuple[Claims, Mapping[str, tuple[int, int]]]:
    """Return what a step of each demand takes of shared items, in whole numbers.

    The second result maps each shared item to its resource number and its scale.
    """
    users: dict[str, list[Decimal]] = {}
    for one in wanted:
        for item, each in one.usage:
            users.setdefault(item, []).append(each)
    shared = [item for item, each in users.items() if len(each) > 1]
    scales = {item: (number, scale_of(users[item])) for number, item in enumerate(shared)}
    claims = tuple(
        {scales[i][0]: int(each * scales[i][1]) for i, each in one.usage if i in scales}
        for one in wanted
    )
    return claims, scales


def held_by(
    stock: Mapping[str, Mapping[str, Decimal]],
    locations: Sequence[str],
    scales: Mapping[str, tuple[int, int]],
) -> Claims:
    """Return what each location has of the shared items, in the same whole numbers."""
    return tuple(
        {
            number: int(stock[item].get(s, Decimal(0)) * scale)
            for item, (number, scale) in scales.items()
        }
        for s in locations
    )


def clusters_of(
    claims: Claims, caps: Sequence[Sequence[int]], held: Claims
) -> tuple[tuple[int, ...], ...]:
    """Return the groups of demands that cannot all be served at their capacity somewhere."""
    leader = list(range(len(claims)))

    def find(d: int) -> int:
        while leader[d] != d:
            d = leader[d]
        return d

    for resource in sorted({resource for claim in claims for resource in claim}):
        users = [d for d, claim in enumerate(claims) if resource in claim]
        if any(
            sum(row[d] * claims[d][resource] for d in users) > stock[resource]
            for row, stock in zip(caps, held, strict=True)
        ):
            for one, other in pairwise(users):
                leader[find(other)] = find(one)
    together: dict[int, list[int]] = {}
    for d in range(len(claims)):
        together.setdefault(find(d), []).append(d)
    return tuple(tuple(members) for members in together.values() if len(members) > 1)
