"""Any number of locations: what decides is their prices, not how many they are.

Demands that do not compete, criteria that locations alone decide and units: sent first, or
weighed against the prices. Then a plan is a set of locations, searched as set covering.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.routing.solver.cheapest import Cheapest
from domain.routing.solver.covering import Needed, covering
from domain.routing.solver.duals import least_cost
from domain.routing.solver.exchanges import exchanges
from domain.routing.solver.greedy import cheap
from domain.routing.solver.loading import carriers_limit, weighs_units
from domain.routing.solver.market import Limits, Market
from domain.routing.solver.masks import Masks
from domain.routing.solver.problem import Budget, Choice, Problem
from domain.routing.solver.ranking import ranked
from domain.routing.solver.reducing import reduce
from domain.routing.solver.smallest import Task
from domain.routing.solver.stages import Chosen, in_stages


def by_price(problem: Problem, banned: frozenset[int], limit: int) -> Choice | None:
    """Return the best choice, or None where this search does not apply or finds none."""
    if not applies(problem):
        return None
    needed = Needed(problem, banned)
    if not needed.need:
        return covering(problem, ())
    search = _ByPrice(problem, needed, Budget(limit))
    found = in_stages(problem, 0 if weighs_units(problem) else 1, search.stage)
    if found is None:
        return None
    return replace(covering(problem, found), gap=search.gap, others=search.others)


def applies(problem: Problem) -> bool:
    """Say whether plans are sets of locations with prices, and units come first or have one."""
    terms = problem.terms
    if problem.clusters or any(term.varies for term in terms) or carriers_limit(problem):
        return False
    if any(value < 0 for term in terms for value in term.fixed):
        return False
    if weighs_units(problem):
        return len(terms) == 1
    return not (terms[0].tolerance or terms[0].share)


class _ByPrice:
    """Stages over sets of any size; `gap` and `others` are those of what was found last."""

    def __init__(self, problem: Problem, needed: Needed, budget: Budget) -> None:
        self.problem, self.needed, self.budget = problem, needed, budget
        self.gap = 0.0
        self.others: tuple[Chosen, ...] = ()

    def stage(
        self, deciding: Sequence[Sequence[int]], limits: Limits, before: Chosen | None
    ) -> Chosen | None:
        """Return the best set by some terms; where it is cut short, at least that from before."""
        columns = [*deciding, (1,) * len(self.problem.caps)]
        names = ranked(self.needed.allowed, columns)
        need, rows = self.needed.need, self.needed.rows(names)
        masks = Masks(rows, need)
        task = Task(
            need,
            rows,
            masks,
            names,
            [[fixed[s] for s in names] for fixed in columns],
            [([fixed[s] for s in names], most) for fixed, most in limits],
        )
        left = reduce(rows, need, masks, [column for column, _ in task.limits])
        chosen = self._search(task.market(left.kept, left.rulers))
        if chosen is None:
            self.gap = max(self.gap, float(self.budget.spent))
            return before
        picked = [left.kept[at] for at in chosen]
        if all(sum([rows[i][d] for i in picked]) >= n for d, n in enumerate(need)):
            others = exchanges(rows, need, masks, task.columns, picked)
            self.others = tuple([tuple(sorted([names[i] for i in other])) for other in others])
        return tuple([names[i] for i in picked])

    def _search(self, market: Market) -> Chosen | None:
        """Return the numbers of the best set, or of the best there was time for."""
        penalties = self._penalties(market)
        known = self._known(market, penalties)
        price = None if known is None else _price(market, known, penalties)
        ceiling = sum(market.prices) + 1 if price is None else price
        offers = [[(d, cap) for d, cap in enumerate(row) if cap] for row in market.rows]
        worth = least_cost(offers, market.need, market.prices, ceiling, penalties)
        reduced = market.reduced(worth)
        order = sorted(range(len(reduced)), key=reduced.__getitem__)
        search = Cheapest(market.in_order(order), worth, penalties, self.problem.most, self.budget)
        better = search.run(price)
        best = known if better is None else tuple([order[at] for at in better])
        if self.budget.spent and best is not None:
            high = _price(market, best, penalties)
            self.gap = max(self.gap, market.share_below(high, search.floor()))
        return best

    def _penalties(self, market: Market) -> list[int] | None:
        """Return what an unfilled step of each demand costs, where units are weighed."""
        if not weighs_units(self.problem):
            return None
        unit = market.unit * self.problem.terms[0].unfilled
        return [unit * self.problem.demands[d].weight for d in self.needed.wanted]

    def _known(self, market: Market, penalties: Sequence[int] | None) -> Chosen | None:
        """Return a set that serves the need, the empty one where it costs less, if any may."""
        known: Chosen | None = cheap(market.rows, market.need, market.prices)
        if known is not None and (len(known) > self.problem.most or not market.keeps_limits(known)):
            known = None
        if penalties is None:
            return known
        choices = [()] if known is None else [(), known]
        return min(choices, key=lambda chosen: _price(market, chosen, penalties))


def _price(market: Market, chosen: Chosen, penalties: Sequence[int] | None) -> int:
    """Return what a set costs, with the penalties of what it leaves unfilled."""
    price = sum([market.prices[i] for i in chosen])
    for d, penalty in enumerate(penalties or ()):
        served = sum([market.rows[i][d] for i in chosen])
        price += penalty * max(0, market.need[d] - served)
    return price
