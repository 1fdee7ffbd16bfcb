"""What a location's load makes: parcels, and the carriers that take it."""

from collections.abc import Iterable, Sequence

from domain.routing.solver.problem import NEVER, Offer, Problem


class Load:
    """What a location sends so far, and bounds on what that costs in the end."""

    __slots__ = (
        "cm3",
        "days",
        "grams",
        "mask",
        "most",
        "parcels",
        "price",
        "problem",
        "s",
        "units",
    )

    def __init__(self, problem: Problem, s: int) -> None:
        """Start with nothing."""
        self.problem = problem
        self.s = s
        self.grams = self.cm3 = self.mask = self.units = 0
        self.price = self.days = 0
        self.parcels = 1
        self.most = _most_parcels(problem, s) if problem.offers else 1
        self.measure()

    def add(self, d: int, steps: int) -> None:
        """Load `steps` more of d, or unload them; `measure` renews the bounds."""
        demand = self.problem.demands[d]
        self.grams += steps * demand.grams
        self.cm3 += steps * demand.cm3
        self.units += steps

    def measure(self) -> None:
        """Bound parcels, price and days from below, for this load and every greater one."""
        problem = self.problem
        self.parcels = problem.parcels(self.s, self.grams, self.cm3)
        if not problem.offers:
            return
        self.price, self.days = NEVER, NEVER
        for offer in problem.offers[self.s]:
            if _refuses(offer, self.mask):
                continue
            price = min(
                offer.price(self.grams, self.cm3, parcels)
                for parcels in range(self.parcels, self.most + 1)
            )
            if price < NEVER:
                self.price = min(self.price, price)
                self.days = min(self.days, offer.days)

    def able(self) -> list[tuple[int, int, int]]:
        """Return (days, price, index) of the offers that carry exactly this load."""
        return able(self.problem, self.s, (self.grams, self.cm3, self.mask), self.parcels)


def able(
    problem: Problem, s: int, load: tuple[int, int, int], parcels: int
) -> list[tuple[int, int, int]]:
    """Return (days, price, index) of the offers worth it for (grams, cm3, mask of demands).

    Only those are listed that no other one equals or beats in both, the fastest first.
    """
    if not problem.offers:
        return [(0, 0, 0)]
    grams, cm3, mask = load
    found = sorted(
        (offer.days, offer.price(grams, cm3, parcels), index)
        for index, offer in enumerate(problem.offers[s])
        if not _refuses(offer, mask)
    )
    worth: list[tuple[int, int, int]] = []
    for days, price, index in found:
        if price < NEVER and (not worth or price < worth[-1][1]):
            worth.append((days, price, index))
    return worth


def carried(problem: Problem, loads: Sequence[Load]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Return (days, price, offers) for each day the last parcel may arrive, cheapest each."""
    if not problem.offers:
        return [(0, 0, (0,) * len(loads))]
    choices = [load.able() for load in loads]
    found = []
    for last in sorted({days for offers in choices for days, _, _ in offers}):
        within = [
            [(price, days, i) for days, price, i in offers if days <= last] for offers in choices
        ]
        if all(within):
            picked = [min(offers) for offers in within]
            found.append(
                (
                    max(days for _, days, _ in picked),
                    sum(price for price, _, _ in picked),
                    tuple(i for _, _, i in picked),
                )
            )
    return found


def amounts_of(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """Return by demand the most steps that the chosen locations could send."""
    return [
        min(demand.quantity, sum(problem.caps[s][d] for s in chosen))
        for d, demand in enumerate(problem.demands)
    ]


def may_fall_short(problem: Problem, chosen: Sequence[int]) -> list[bool]:
    """Say by demand whether a plan may send less than the chosen locations could."""
    if weighs_units(problem) or carriers_limit(problem, chosen):
        return [True] * len(problem.demands)
    clustered = {d for cluster in problem.clusters for d in cluster}
    return [d in clustered for d in range(len(problem.demands))]


def weighs_units(problem: Problem) -> bool:
    """Say whether anything is weighed against sending all there is."""
    first = problem.terms[0]
    return first.unfilled == 0 or first.varies or any(first.fixed)


def carriers_limit(problem: Problem, chosen: Iterable[int] | None = None) -> bool:
    """Say whether there may be a load at some of the locations that none of its carriers takes."""
    if not problem.offers:
        return False
    return any(
        problem.offers[s] and not any(_carries_all(problem, s, x) for x in problem.offers[s])
        for s in (range(len(problem.caps)) if chosen is None else chosen)
    )


def _carries_all(problem: Problem, s: int, offer: Offer) -> bool:
    """Say whether an offer takes every parcel that the packing rule makes."""
    if offer.refuses or not offer.bands:
        return not offer.refuses
    most = offer.bands[-1][0]
    if not (problem.grams and 0 < problem.grams[s] <= most):
        return False
    return not offer.divisor or bool(
        problem.cm3 and 0 < problem.cm3[s] * 1000 <= most * offer.divisor
    )


def _refuses(offer: Offer, mask: int) -> bool:
    return any(mask >> d & 1 for d in offer.refuses)


def _most_parcels(problem: Problem, s: int) -> int:
    """Return the parcels of all that a location could send."""
    caps = problem.caps[s]
    grams = sum(cap * x.grams for cap, x in zip(caps, problem.demands, strict=True))
    cm3 = sum(cap * x.cm3 for cap, x in zip(caps, problem.demands, strict=True))
    return problem.parcels(s, grams, cm3)
