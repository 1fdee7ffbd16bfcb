"""The best of the smallest sets that serve a need, by steps of growing effort.

One or two candidates are looked up in masks. For more, candidates that no best set needs are
left out; what is left is tried set by set where it is little, else searched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.routing.solver.duals import least_count, least_price
from domain.routing.solver.few import FEW, Few
from domain.routing.solver.greedy import greedy
from domain.routing.solver.improving import improved
from domain.routing.solver.market import Limits, Market
from domain.routing.solver.masks import Masks
from domain.routing.solver.problem import Budget
from domain.routing.solver.ranking import fewest_for, prices_of
from domain.routing.solver.reducing import reduce
from domain.routing.solver.sets import PAIR, Search

FEW_DEMANDS: Final = 12
"""With more demands, bounds by multipliers on the count save more than they cost."""

FIRST_TRY: Final = 1_500
"""Steps that a search takes before multipliers are looked for."""

HOPELESS: Final = 2
"""Where the bound is further from what is known, no search would close the gap."""

DEEPEST: Final = 300
"""Sets of more candidates are not searched: a search goes as deep as its sets are large."""

HARDLY: Final = 1_000
"""A demand that is worth nothing to the bound still counts a little."""


@dataclass(frozen=True, slots=True)
class Task:
    """Candidates in the order of what decides, as columns; `names` break ties, the least first."""

    need: tuple[int, ...]
    rows: Sequence[tuple[int, ...]]
    masks: Masks
    names: Sequence[int]
    columns: Sequence[Sequence[int]]
    limits: Limits

    def market(self, kept: Sequence[int], rulers: Sequence[int]) -> Market:
        """Return those candidates with prices that decide as the columns do, then the names."""
        columns = [[column[i] for i in kept] for column in self.columns]
        return Market(
            self.need,
            [self.rows[i] for i in kept],
            prices_of([self.names[i] for i in kept], columns),
            rulers,
            [([column[i] for i in kept], most) for column, most in self.limits],
            columns=columns,
        )

    def gap(self, chosen: Sequence[int]) -> float:
        """Return how far a set may be from the best of its size, by its first doubtful sum."""
        for column in self.columns:
            high, low = sum([column[i] for i in chosen]), sum(sorted(column)[: len(chosen)])
            if high > low:
                return (high - low) / high
        return 0.0


class Smallest:
    """The search for one task; `gap` says how far what it found may be from the best."""

    def __init__(self, task: Task, most: int, budget: Budget) -> None:
        """Take the most candidates that a set may have."""
        self.task, self.most, self.budget = task, most, budget
        self.gap = 0.0

    def run(self, known: tuple[int, ...] | None) -> tuple[int, ...] | None:
        """Return the best of the smallest sets, or of those as large as one that is known.

        None where a set would need more candidates than it may have.
        """
        task, whole = self.task, range(len(self.task.rows))
        if len(whole) <= FEW and not task.limits:
            prices = prices_of(task.names, task.columns)
            return Few(task.need, task.rows, prices).best(self._least(), self.most)
        least, most = self._least(), self.most
        if known is not None:
            least = most = len(known)
        market: Market | None = None
        while least <= min(PAIR, most):
            market = market or task.market(whole, [0] * len(whole))
            found = Search(market, task.masks, (), Budget(len(whole))).run(least)
            if found is not None:
                return found
            least += 1
        found = self._reduced(least, most) if least <= most else None
        if found is None and known is not None:
            found, self.gap = known, task.gap(known)
        return found

    def _least(self) -> int:
        """Return a number below which no candidates serve the need."""
        columns = zip(*self.task.rows, strict=True)
        return max([fewest_for(c, n) for c, n in zip(columns, self.task.need, strict=True)])

    def _reduced(self, least: int, most: int) -> tuple[int, ...] | None:
        """Return the best set of more than two, over candidates that some best set may need."""
        task = self.task
        left = reduce(task.rows, task.need, task.masks, [column for column, _ in task.limits])
        market = task.market(left.kept, left.rulers)
        most = min(most, len(left.kept))
        if len(left.kept) <= FEW and not task.limits:
            found = Few(task.need, market.rows, market.prices).best(least, most)
        else:
            found = self._searched(market, least, most)
        return None if found is None else tuple([left.kept[at] for at in found])

    def _searched(self, market: Market, least: int, most: int) -> tuple[int, ...] | None:
        """Return the best of the smallest sets, of `least` candidates or more."""
        known: tuple[int, ...] = ()
        if len(market.need) > FEW_DEMANDS and least < most:
            market, known, least = _bracketed(market, least)
            if len(known) - least > HOPELESS:
                return self._given_up(market, known, least, most)
        for size in range(least, most + 1):
            found = self._of_size(market, size) if size <= DEEPEST else None
            if found is not None:
                return found
            if size > DEEPEST or (self.budget.spent and least < most):
                return self._given_up(market, known, size, most)
        return None

    def _given_up(
        self, market: Market, known: tuple[int, ...], size: int, most: int
    ) -> tuple[int, ...] | None:
        """Return a set that is known to serve, when none of a size was found in time."""
        known = known or greedy(market.rows, market.need, [1 / n for n in market.need])
        if len(known) > most:
            return None
        self.gap = (len(known) - size) / len(known) or market.gap(known, market.floor(size))
        return known

    def _of_size(self, market: Market, size: int) -> tuple[int, ...] | None:
        """Return the best set of one size: by prices alone, or else with multipliers."""
        first = Budget(min(FIRST_TRY, self.budget.left))
        given = first.left
        search = Search(market, Masks(market.rows, market.need), (), first)
        found = search.run(size)
        self.budget.left -= given - max(0, first.left)
        if not first.spent:
            return found
        price = search.price
        if price is None:
            price = sum(sorted(market.prices)[-size:]) + 1
        worth = least_price(search.offers, market.need, market.prices, size, price)
        reduced = market.reduced(worth)
        order = sorted(range(len(reduced)), key=reduced.__getitem__)
        again = market.in_order(order)
        search = Search(again, Masks(again.rows, again.need), worth, self.budget)
        better = search.run(size, price)
        if better is not None:
            found = tuple([order[at] for at in better])
        if found is not None and self.budget.spent:
            self.gap = max(self.gap, market.gap(found, search.floor(size)))
        return found


def _bracketed(market: Market, least: int) -> tuple[Market, tuple[int, ...], int]:
    """Return a market with shares, a set that serves the need, and a size below which none does.

    The multipliers that prove the bound weigh the demands.
    """
    need = market.need
    offers = [[(d, cap) for d, cap in enumerate(row) if cap] for row in market.rows]
    shares = [1 / n for n in need]
    plain = greedy(market.rows, need, shares)
    most = max([sum([shares[d] * cap for d, cap in row]) for row in offers])
    count, worth = least_count(offers, need, [share / most for share in shares], len(plain))
    weights = [max(w, share / HARDLY) for w, share in zip(worth, shares, strict=True)]
    weighed = greedy(market.rows, need, weights)
    masks = Masks(market.rows, need)
    known = [
        improved(market.rows, need, masks, market.prices, chosen) for chosen in (plain, weighed)
    ]
    return replace(market, shares=weights), min(known, key=market.rank), max(least, count)
