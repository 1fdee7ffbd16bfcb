"""Bounds from below on what a set of locations, or any set that contains it, can achieve."""

from collections.abc import Sequence
from heapq import merge
from itertools import islice

from domain.routing.solver.problem import NEVER, Measure, Problem


class Bounds:
    """What the best plan cannot go below; made once for the locations that may be used."""

    def __init__(self, problem: Problem, allowed: Sequence[int], unfilled: int | None) -> None:
        """Take the least unfilled weight where every plan must reach it, else None."""
        self.problem = problem
        self.unfilled = unfilled
        self.least_fixed = [
            min((term.fixed[s] for s in allowed), default=0) for term in problem.terms
        ]
        self.days, self.price = self._offers()
        self.least_price = min((self.price[s] for s in allowed), default=0)
        self.scarcity = self._scarcity(allowed) if problem.scarcity else 0

    def _offers(self) -> tuple[list[int], list[int]]:
        """Return by location its earliest arrival and its cheapest parcel."""
        problem = self.problem
        if not problem.offers:
            nothing = [0] * len(problem.caps)
            return nothing, nothing
        return (
            [min((offer.days for offer in offers), default=0) for offers in problem.offers],
            [
                min((offer.price(0, 0, 1) for offer in offers), default=NEVER)
                for offers in problem.offers
            ],
        )

    def _scarcity(self, allowed: Sequence[int]) -> int:
        if self.unfilled is None:
            return 0
        total = 0
        for d, demand in enumerate(self.problem.demands):
            if any(d in cluster for cluster in self.problem.clusters):
                continue
            prices = merge(*(self.problem.scarcity[s][d] for s in allowed))
            total += sum(islice(prices, demand.quantity))
        return total

    def measure(self, chosen: Sequence[int], allowed: Sequence[int], more: int) -> Measure:
        """Return the least of everything for sets of `chosen` and at least `more` others."""
        unfilled = self.unfilled
        if unfilled is None:
            unfilled = self._least_unfilled(chosen, allowed)
        return Measure(
            unfilled,
            max((self.days[s] for s in chosen), default=0),
            len(chosen) + more,
            sum(self.price[s] for s in chosen) + more * self.least_price,
            self.scarcity,
        )

    def _least_unfilled(self, chosen: Sequence[int], allowed: Sequence[int]) -> int:
        room = self.problem.most - len(chosen)
        caps = self.problem.caps
        total = 0
        for d, demand in enumerate(self.problem.demands):
            left = demand.quantity - sum(caps[s][d] for s in chosen)
            if left > 0:
                others = sorted((caps[s][d] for s in allowed), reverse=True)
                left -= sum(others[:room])
            total += max(0, left) * demand.weight
        return total


def fewest(problem: Problem, need: Sequence[int], allowed: Sequence[int]) -> int | None:
    """Return a number of locations below which none serve the need; None where all do not."""
    most = 0
    for d, wanted in enumerate(need):
        if wanted <= 0:
            continue
        served = count = 0
        for cap in sorted((problem.caps[s][d] for s in allowed), reverse=True):
            if served >= wanted:
                break
            served += cap
            count += 1
        if served < wanted:
            return None
        most = max(most, count)
    return most
