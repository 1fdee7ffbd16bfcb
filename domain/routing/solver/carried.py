"""The best set of locations where what they send is carried: priced by load, and not by place.

Sets are searched by prices that no plan can be below, and each that serves the need is
spread over its locations exactly. More locations than it takes may be cheaper still.
"""

from collections.abc import Sequence

from domain.routing.solver.cheapest import Cheapest
from domain.routing.solver.descent import Descent
from domain.routing.solver.duals import least_cost
from domain.routing.solver.greedy import cheap
from domain.routing.solver.judging import Found, Stage
from domain.routing.solver.market import Market, Need
from domain.routing.solver.masks import Masks
from domain.routing.solver.problem import Budget, Problem
from domain.routing.solver.reducing import reduce
from domain.routing.solver.relaxation import Relaxation
from domain.routing.solver.spreading import spread


class Carried(Cheapest):
    """Depth first by relaxed prices; `found` is the best plan that was spread."""

    def __init__(
        self,
        relaxation: Relaxation,
        market: Market,
        worth: Sequence[int],
        names: Sequence[int],
        stage: Stage,
        budget: Budget,
        found: Found | None,
    ) -> None:
        """Take the relaxed market, the locations behind its numbers, and a plan to beat."""
        penalties = relaxation.penalties
        super().__init__(market, worth, penalties, relaxation.problem.most, budget)
        self.relaxation, self.names, self.stage, self.found = relaxation, names, stage, found

    def take(self, chosen: Need, allowed: int, price: int) -> Descent:
        """Spread goods over a set that serves the need, then over larger ones."""
        self.spread(chosen)
        if len(chosen) >= min(self.most, sum(self.market.need)):
            return
        prices, rest = self.market.prices, allowed
        while rest and not self.budget.spent:
            bit = rest & -rest
            rest ^= bit
            index = bit.bit_length() - 1
            higher = price + prices[index]
            if not self._is_vain(higher) and self.budget.spend():
                yield self.take((*chosen, index), rest, higher)

    def spread(self, chosen: Need) -> None:
        """Keep the best plan that uses exactly these, where it is better than the one known."""
        self.budget.left -= len(chosen)
        if not chosen:
            return
        relaxation = self.relaxation
        best = None if self.found is None else self.found.key
        locations = tuple([self.names[i] for i in chosen])
        found = spread(relaxation.problem, self.stage, locations, self.budget, best)
        if found is not None:
            self.found = found
            self.price = relaxation.packed(found.key) - relaxation.constant


def carried(
    problem: Problem,
    stage: Stage,
    allowed: Sequence[int],
    budget: Budget,
    found: Found | None,
) -> tuple[Found | None, tuple[int, ...]]:
    """Return the best plan of a stage, and values that none is below.

    Demands must not compete. Without units to weigh, only plans that send all there is count.
    """
    allowed = [s for s in allowed if any(problem.caps[s])]
    if not allowed:
        return found, ()
    needed = [
        min(demand.quantity, sum([problem.caps[s][d] for s in allowed]))
        for d, demand in enumerate(problem.demands)
    ]
    relaxation = Relaxation(problem, stage, allowed, needed)
    order = sorted(range(len(allowed)), key=relaxation.prices.__getitem__)
    rows = [problem.caps[allowed[at]] for at in order]
    prices = [relaxation.prices[at] for at in order]
    need, ceiling = tuple(needed), sum(map(abs, prices)) + 1
    masks = Masks(rows, need)
    kept = reduce(rows, need, masks, ()).kept
    offers = [[(d, cap) for d, cap in enumerate(rows[i]) if cap] for i in kept]
    known = cheap([rows[i] for i in kept], need, [prices[i] for i in kept])
    likely = sum([prices[kept[i]] for i in known])
    worth = least_cost(
        offers, need, [prices[i] for i in kept], likely or ceiling, relaxation.penalties
    )
    market = Market(need, rows, prices, [0] * len(rows))
    reduced = market.reduced(worth)
    ranks = sorted(range(len(reduced)), key=reduced.__getitem__)
    names = [allowed[order[at]] for at in ranks]
    place = {at: rank for rank, at in enumerate(ranks)}
    search = Carried(relaxation, market.in_order(ranks), worth, names, stage, budget, found)
    if found is not None:
        search.price = relaxation.packed(found.key) - relaxation.constant
    if len(known) <= problem.most:
        search.spread(tuple([place[kept[i]] for i in known]))
    search.run(search.price)
    return search.found, relaxation.unpacked(search.floor() + relaxation.constant)
