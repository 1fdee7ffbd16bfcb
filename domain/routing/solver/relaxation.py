"""Prices below which no plan uses a location: what searches with carriers are cut off by.

A carrier's price by weight is at least a line: an amount for the location that sends, and an
amount for each gram, the same everywhere. All grams together are known, so what is left is a
set of locations with prices of their own (a linear relaxation from below).
"""

from collections.abc import Sequence
from typing import Final

from domain.routing.solver.judging import Key, Stage
from domain.routing.solver.loading import weighs_units
from domain.routing.solver.problem import NEVER, Problem, Term

GRAIN: Final = 1 << 20
"""Prices per gram are counted in such parts."""


class Relaxation:
    """A stage's terms from below, packed into one number that decides as keys do."""

    def __init__(
        self, problem: Problem, stage: Stage, allowed: Sequence[int], need: Sequence[int]
    ) -> None:
        """Take the locations that may be used, and what they can send of each demand."""
        self.problem, self.allowed, self.need = problem, allowed, need
        self.terms = [problem.terms[t] for t in stage.deciding]
        self.loads = [_load_of(problem, s) for s in allowed]
        pairs = zip(need, problem.demands, strict=True)
        self.grams = sum([n * demand.grams for n, demand in pairs])
        self.slope, self.amounts = self._line()
        self.spans = self._spans()
        self.prices = [self._price(at) for at in range(len(allowed))]
        self.penalties = self._penalties()
        self.constant = self._constant()

    def packed(self, key: Key) -> int:
        """Return the number that stands for a key."""
        *values, size, tie = key
        n = len(self.problem.caps)
        total = sum([value * span for value, span in zip(values, self.spans, strict=True)])
        return total + (size << n) + tie

    def unpacked(self, floor: int) -> tuple[int, ...]:
        """Return values of which no plan has less, from the number of no plan has less."""
        found = []
        for span in self.spans:
            value = max(0, floor // span)
            found.append(value)
            floor -= value * span
        return tuple(found)

    def _amount(self, at: int, slope: int) -> int:
        """Return what the line of a location starts at, for a slope per gram."""
        problem, s = self.problem, self.allowed[at]
        if not problem.offers:
            return 0
        grams, parcels = self.loads[at]
        most = min(grams, problem.grams[s]) if problem.grams and problem.grams[s] else grams
        least = NEVER
        for offer in problem.offers[s]:
            before = 0
            for weight, price in offer.bands or ((most, 0),):
                least = min(least, price - -(-slope * min(weight, most) // GRAIN))
                before = weight
                if before >= most:
                    break
        return least if least >= 0 else least * parcels

    def _line(self) -> tuple[int, list[int]]:
        """Return the slope that promises most, in parts per gram, and where lines start.

        No line starts below 0, and no step's grams are worth more than leaving it unfilled.
        """
        slopes = self._slopes()
        for slope in slopes:
            amounts = [self._amount(at, slope) for at in range(len(self.allowed))]
            if min(amounts) >= 0 and min(self._penalties_per_step(slope)) >= 0:
                return slope, amounts
        return 0, [max(0, self._amount(at, 0)) for at in range(len(self.allowed))]

    def _slopes(self) -> list[int]:
        """Return slopes between bands, first that with the greatest sum of all lines."""
        if not self.problem.offers or not any(term.price for term in self.terms):
            return []
        at = max(range(len(self.allowed)), key=self.loads.__getitem__)
        bands = [offer.bands for offer in self.problem.offers[self.allowed[at]] if offer.bands]
        slopes = {
            (price - some[0][1]) * GRAIN // weight for some in bands for weight, price in some[1:]
        }
        share = max(1, -(-self.grams // max(1, self.loads[at][0])))
        return sorted(
            slopes,
            key=lambda slope: (
                -(slope * self.grams // GRAIN + share * self._amount(at, slope)),
                slope,
            ),
        )

    def _price(self, at: int) -> int:
        n, s = len(self.problem.caps), self.allowed[at]
        total = (1 << n) - (1 << n - 1 - s)
        for term, span in zip(self.terms, self.spans, strict=True):
            total += span * (term.fixed[s] + term.parcels + term.price * self.amounts[at])
        return total

    def _penalties(self) -> list[int] | None:
        """Return what leaving a step unfilled costs, where units are weighed."""
        if not weighs_units(self.problem):
            return None
        return [self.spans[0] * penalty for penalty in self._penalties_per_step(self.slope)]

    def _penalties_per_step(self, slope: int) -> list[int]:
        """Return what leaving a step unfilled costs, less what its grams would have."""
        if not weighs_units(self.problem):
            return [0]
        term = self.terms[0]
        return [
            term.unfilled * x.weight - term.price * -(-slope * x.grams // GRAIN)
            for x in self.problem.demands
        ]

    def _constant(self) -> int:
        """Return what every plan that sends all has at least, whichever locations it uses."""
        problem = self.problem
        short = sum(
            [x.weight * (x.quantity - n) for x, n in zip(problem.demands, self.need, strict=True)]
        )
        carried = self.slope * self.grams // GRAIN
        offers = [problem.offers[s] for s in self.allowed] if problem.offers else []
        soon = min([offer.days for some in offers for offer in some], default=0)
        return sum(
            [
                span * (term.unfilled * short + term.price * carried + term.days * soon)
                for term, span in zip(self.terms, self.spans, strict=True)
            ]
        )

    def _spans(self) -> list[int]:
        """Return by term what one of it counts: more than later terms can add up to."""
        n = len(self.problem.caps)
        span, found = (n + 1) << n, list[int]()
        for term in reversed(self.terms):
            found.append(span)
            span *= 1 + self._greatest(term)
        return found[::-1]

    def _greatest(self, term: Term) -> int:
        """Return a value that no plan exceeds."""
        problem = self.problem
        offers = [problem.offers[s] if problem.offers else () for s in self.allowed]
        dearest = [max([x.bands[-1][1] for x in some if x.bands], default=0) for some in offers]
        scarcity = [sum(sum(one) for one in row) for row in problem.scarcity]
        return (
            sum([term.fixed[s] for s in self.allowed])
            + term.unfilled * sum([x.weight * x.quantity for x in problem.demands])
            + term.days * max([x.days for some in offers for x in some], default=0)
            + term.parcels * sum([parcels for _, parcels in self.loads])
            + term.price * sum([most * n for most, (_, n) in zip(dearest, self.loads, strict=True)])
            + term.scarcity * sum(scarcity)
        )


def _load_of(problem: Problem, s: int) -> tuple[int, int]:
    """Return the grams of all that a location could send, and its parcels."""
    caps = problem.caps[s]
    grams = sum([cap * x.grams for cap, x in zip(caps, problem.demands, strict=True)])
    cm3 = sum([cap * x.cm3 for cap, x in zip(caps, problem.demands, strict=True)])
    return grams, problem.parcels(s, grams, cm3)
