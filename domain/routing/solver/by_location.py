"""Spreading goods location by location: each sends a bundle, the next ones see what is left."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from domain.routing.solver.filling import most_steps
from domain.routing.solver.judging import Found, Key, Stage, fixed_sums, key_of
from domain.routing.solver.loading import Load, able, amounts_of, may_fall_short
from domain.routing.solver.problem import NEVER, Budget, Cell, Measure, Problem

Left = tuple[int, ...]
"""Steps by demand that later locations may still send."""


class ByLocation:
    """Depth first over locations, the nearest first; what is left and spent is remembered."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        nearest: Sequence[int],
        budget: Budget,
        best: Key | None,
    ) -> None:
        """Take the locations, all of which must send something, and the key to beat."""
        self.problem, self.stage, self.budget, self.best = problem, stage, budget, best
        self.nearest = nearest
        self.found: Found | None = None
        self.sums = fixed_sums(problem, nearest)
        self.tail = (len(nearest), problem.tie(nearest))
        self.short = may_fall_short(problem, nearest)
        self.cells: list[Cell] = []
        self.picked: dict[int, int] = {}
        self.seen: dict[tuple[int, Left], list[Measure]] = {}
        self.options: dict[tuple[int, int, int, int], list[tuple[int, int, int, int]]] = {}
        rows = [problem.caps[s] for s in nearest]
        width = range(len(problem.demands))
        self.reach = [
            tuple(sum(row[d] for row in rows[index:]) for d in width)
            for index in range(len(rows) + 1)
        ]
        empty = [Load(problem, s) for s in nearest]
        self.later_price = _sums_from([load.price for load in empty])
        self.later_days = [
            max((x.days for x in empty[i:]), default=0) for i in range(len(rows) + 1)
        ]

    def run(self) -> Found | None:
        """Return the best plan, or None where none is better than the key to beat."""
        amounts = amounts_of(self.problem, self.nearest)
        self.lost = sum(
            demand.weight * (demand.quantity - amount)
            for demand, amount in zip(self.problem.demands, amounts, strict=True)
        )
        self._visit(0, tuple(amounts), Measure())
        return self.found

    def _visit(self, index: int, left: Left, spent: Measure) -> None:
        if not self._may_win(index, left, spent):
            return
        others = self.seen.setdefault((index, left), [])
        if any(_is_no_worse(other, spent) for other in others):
            return
        others.append(spent)
        if index == len(self.nearest):
            self._judge(left, spent)
            return
        s = self.nearest[index]
        for bundle in self._bundles(index, s, left):
            if not self.budget.spend() and self.best is not None:
                return
            rest = tuple([have - n for have, n in zip(left, bundle, strict=True)])
            self.cells += [(s, d, n) for d, n in enumerate(bundle) if n]
            for days, parcels, price, offer in self._carry(s, bundle):
                self.picked[s] = offer
                self._visit(index + 1, rest, self._spend(spent, s, bundle, (days, parcels, price)))
            del self.cells[len(self.cells) - sum(1 for n in bundle if n) :]

    def _spend(
        self, spent: Measure, s: int, bundle: Sequence[int], cost: tuple[int, int, int]
    ) -> Measure:
        days, parcels, price = cost
        scarcity = spent.scarcity
        if self.problem.scarcity:
            prices = self.problem.scarcity[s]
            scarcity += sum(sum(prices[d][:n]) for d, n in enumerate(bundle))
        return Measure(
            0, max(spent.days, days), spent.parcels + parcels, spent.price + price, scarcity
        )

    def _bundles(self, index: int, s: int, left: Left) -> Iterator[tuple[int, ...]]:
        """Yield what location s may send, the most first; never nothing."""
        after = self.reach[index + 1]
        stock = dict(self.problem.stock[s]) if self.problem.stock else {}
        yield from (
            bundle for bundle in self._rest_of_bundle(s, left, after, stock, ()) if any(bundle)
        )

    def _rest_of_bundle(
        self, s: int, left: Left, after: Sequence[int], stock: dict[int, int], head: tuple[int, ...]
    ) -> Iterator[tuple[int, ...]]:
        d = len(head)
        if d == len(left):
            yield head
            return
        problem = self.problem
        claims = problem.claims[d] if problem.claims else {}
        most = (
            most_steps(problem, left[d], stock, s, d)
            if claims
            else min(left[d], problem.caps[s][d])
        )
        least = 0 if self.short[d] else max(0, left[d] - after[d])
        for n in range(most, least - 1, -1):
            held = stock
            if claims and n:
                held = {**stock, **{r: stock[r] - n * each for r, each in claims.items()}}
            yield from self._rest_of_bundle(s, left, after, held, (*head, n))

    def _carry(self, s: int, bundle: Sequence[int]) -> list[tuple[int, int, int, int]]:
        """Return (days, parcels, price, offer) of the offers worth looking at."""
        demands = self.problem.demands
        grams = sum(n * demand.grams for n, demand in zip(bundle, demands, strict=True))
        cm3 = sum(n * demand.cm3 for n, demand in zip(bundle, demands, strict=True))
        mask = sum(1 << d for d, n in enumerate(bundle) if n)
        key = (s, grams, cm3, mask)
        known = self.options.get(key)
        if known is None:
            parcels = self.problem.parcels(s, grams, cm3)
            known = self.options[key] = [
                (days, parcels, price, offer)
                for days, price, offer in able(self.problem, s, (grams, cm3, mask), parcels)
            ]
        return known

    def _may_win(self, index: int, left: Left, spent: Measure) -> bool:
        price = spent.price + self.later_price[index]
        if price >= NEVER:
            return False
        after = self.reach[index]
        unfilled = self.lost + sum(
            demand.weight * (have - more)
            for demand, have, more in zip(self.problem.demands, left, after, strict=True)
            if have > more
        )
        least = Measure(
            unfilled,
            max(spent.days, self.later_days[index]),
            spent.parcels + len(self.nearest) - index,
            price,
            spent.scarcity,
        )
        key = key_of(self.problem, self.stage, self.sums, least)
        return key is not None and (self.best is None or (*key, *self.tail) < self.best)

    def _judge(self, left: Left, spent: Measure) -> None:
        unfilled = self.lost + sum(
            demand.weight * have for demand, have in zip(self.problem.demands, left, strict=True)
        )
        measure = Measure(unfilled, spent.days, spent.parcels, spent.price, spent.scarcity)
        values = key_of(self.problem, self.stage, self.sums, measure)
        if values is None:
            return
        key = (*values, *self.tail)
        if self.best is None or key < self.best:
            self.best = key
            locations = tuple(sorted(self.nearest))
            offers = tuple(self.picked[s] for s in locations)
            self.found = Found(key, locations, tuple(self.cells), offers, measure)


def _sums_from(values: Sequence[int]) -> list[int]:
    """Return by index the sum of the values from there on."""
    return [*accumulate(reversed(values), initial=0)][::-1]


def _is_no_worse(one: Measure, other: Measure) -> bool:
    return (
        one.days <= other.days
        and one.parcels <= other.parcels
        and one.price <= other.price
        and one.scarcity <= other.scarcity
    )
