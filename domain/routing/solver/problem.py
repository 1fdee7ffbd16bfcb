"""A delivery group's choice in whole numbers."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NEVER: Final = 1 << 62
"""A price that no plan pays: no carrier takes the load."""


@dataclass(frozen=True, slots=True)
class Demand:
    """`quantity` steps are wanted; a step unfilled weighs `weight` and has `grams` and `cm3`."""

    quantity: int
    weight: int = 1
    grams: int = 0
    cm3: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A carrier service from a location: the day it arrives and what a parcel costs.

    `bands` are (greatest grams, price), both rising; a parcel's billed weight is the greater
    of its grams and its cubic centimetres over `divisor` in kilograms. `refuses` are demands
    it does not carry. Without bands everything is carried for nothing.
    """

    days: int
    bands: tuple[tuple[int, int], ...] = ()
    divisor: int = 0
    refuses: frozenset[int] = frozenset()
    service: int = 0

    def price(self, grams: int, cm3: int, parcels: int) -> int:
        """Return what an even spread over the parcels costs; NEVER where it is too heavy."""
        if not self.bands:
            return 0
        weight = grams
        if self.divisor:
            weight = max(weight, -(-cm3 * 1000 // self.divisor))
        index = bisect_left(self.bands, (-(-weight // parcels), 0))
        return parcels * self.bands[index][1] if index < len(self.bands) else NEVER


@dataclass(frozen=True, slots=True)
class Term:
    """A criterion, or a weighted sum of criteria, of which less is better.

    Its value is the sum of `fixed` over the used locations, plus `unfilled`, `days` (of the
    last arrival), `parcels`, `price` and `scarcity` times what a plan has of those. Where a
    later term decides, plans within `tolerance`, or `share` thousandths of the best, are equal.
    """

    fixed: tuple[int, ...]
    unfilled: int = 0
    days: int = 0
    parcels: int = 0
    price: int = 0
    scarcity: int = 0
    tolerance: int = 0
    share: int = 0

    @property
    def varies(self) -> bool:
        """Say whether it depends on how goods are spread over the used locations."""
        return bool(self.days or self.parcels or self.price or self.scarcity)

    def value(self, fixed: int, measure: "Measure") -> int:
        """Return the term's value for a sum of `fixed` and what the plan has of the others."""
        return (
            fixed
            + self.unfilled * measure.unfilled
            + self.days * measure.days
            + self.parcels * measure.parcels
            + self.price * measure.price
            + self.scarcity * measure.scarcity
        )

    def allows(self, best: int) -> int:
        """Return the greatest value that counts as equal to the best."""
        return best + max(self.tolerance, best * self.share // 1000)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a plan has of everything that depends on how goods are spread."""

    unfilled: int = 0
    days: int = 0
    parcels: int = 0
    price: int = 0
    scarcity: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Which locations serve which demands; locations and demands are known by their index.

    `caps[s][d]`: steps that s could serve of d alone, at most the demand.
    `clusters`: demands that compete for stock somewhere; a step of d then takes
    `claims[d][resource]` of `stock[s][resource]`.
    `order[s]`: the place of s among the nearest, whence goods are taken first.
    `scarcity[s][d]`: the price of each step taken, rising; empty where nothing is scarce.
    `offers[s]`: carrier services; `grams[s]`, `cm3[s]`: the most a parcel holds, 0 for no bound.
    Ties go to the set that has the earliest location.
    """

    demands: tuple[Demand, ...]
    caps: tuple[tuple[int, ...], ...]
    terms: tuple[Term, ...]
    order: tuple[int, ...]
    most: int
    clusters: tuple[tuple[int, ...], ...] = ()
    claims: tuple[Mapping[int, int], ...] = ()
    stock: tuple[Mapping[int, int], ...] = ()
    scarcity: tuple[tuple[tuple[int, ...], ...], ...] = ()
    offers: tuple[tuple[Offer, ...], ...] = ()
    grams: tuple[int, ...] = ()
    cm3: tuple[int, ...] = ()

    def parcels(self, s: int, grams: int, cm3: int) -> int:
        """Return how many parcels a load of location s makes."""
        count = 1
        if self.grams and self.grams[s]:
            count = max(count, -(-grams // self.grams[s]))
        if self.cm3 and self.cm3[s]:
            count = max(count, -(-cm3 // self.cm3[s]))
        return count

    def tie(self, chosen: Sequence[int]) -> int:
        """Return a number that is less for the set with the earliest location."""
        n = len(self.caps)
        return -sum(1 << (n - 1 - s) for s in chosen)


Cell = tuple[int, int, int]
"""Location, demand, steps."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The used locations, what they send by which offer, and the values of the terms.

    `gap` (0 to 1) is the proven distance from the optimum, 0 where it is proven. `others` are
    the next best sets of locations, where the search met them.
    """

    locations: tuple[int, ...] = ()
    cells: tuple[Cell, ...] = ()
    offers: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    measure: Measure = Measure()
    gap: float = 0.0
    others: tuple[tuple[int, ...], ...] = ()


class Budget:
    """Steps that a search may still take."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        """Start with so many."""
        self.left = steps

    def spend(self) -> bool:
        """Take a step; say whether it was there."""
        self.left -= 1
        return self.left >= 0

    @property
    def spent(self) -> bool:
        """Say whether a step was refused."""
        return self.left < 0
