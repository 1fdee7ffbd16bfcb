"""How goods are best spread over a given set of locations: parcels, carriers, scarce stock."""

from collections.abc import Sequence
from heapq import merge
from itertools import islice
from math import prod
from typing import Final

from domain.routing.solver.by_location import ByLocation
from domain.routing.solver.descent import Descent, descend
from domain.routing.solver.filling import fill, most_steps
from domain.routing.solver.judging import Found, Key, Stage, fixed_sums, key_of
from domain.routing.solver.loading import Load, amounts_of, carried, carriers_limit, may_fall_short
from domain.routing.solver.problem import NEVER, Budget, Cell, Measure, Problem

FEW_WAYS: Final = 20_000
"""Up to so many states of what is left, locations are filled one after the other."""


def spread(
    problem: Problem, stage: Stage, chosen: Sequence[int], budget: Budget, best: Key | None
) -> Found | None:
    """Return the best plan that uses exactly `chosen`, where it is better than `best`."""
    nearest = sorted(chosen, key=problem.order.__getitem__)
    if any(term.varies for term in problem.terms) or carriers_limit(problem, chosen):
        ways = prod(amount + 1 for amount in amounts_of(problem, chosen))
        if ways <= FEW_WAYS:
            return ByLocation(problem, stage, nearest, budget, best).run()
        return _ByDemand(problem, stage, nearest, budget, best).run()
    unfilled, cells = fill(problem, nearest, budget)
    if len({s for s, _, _ in cells}) < len(chosen):
        return None
    measure = Measure(unfilled=unfilled)
    values = key_of(problem, stage, fixed_sums(problem, chosen), measure)
    if values is None:
        return None
    key = (*values, len(chosen), problem.tie(chosen))
    if best is not None and key >= best:
        return None
    locations = tuple(sorted(chosen))
    return Found(key, locations, tuple(cells), (0,) * len(locations), measure)


class _ByDemand:
    """Depth first over demands and, for each, the locations from the nearest."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        nearest: Sequence[int],
        budget: Budget,
        best: Key | None,
    ) -> None:
        self.problem, self.stage, self.budget = problem, stage, budget
        self.nearest = nearest
        self.locations = tuple(sorted(nearest))
        self.sums = fixed_sums(problem, nearest)
        self.tail = (len(nearest), problem.tie(nearest))
        self.best = best
        self.found: Found | None = None
        self.loads = {s: Load(problem, s) for s in nearest}
        self.clustered = {d for cluster in problem.clusters for d in cluster}
        self.stock = {s: dict(problem.stock[s]) if problem.stock else {} for s in nearest}
        self.may_fall_short = may_fall_short(problem, nearest)
        self.cells: list[Cell] = []
        self.seen: dict[object, list[tuple[int, int]]] = {}

    def run(self) -> Found | None:
        """Return the best plan, or None where none is better than the one known."""
        problem = self.problem
        reach = [sum(problem.caps[s][d] for s in self.nearest) for d in range(len(problem.demands))]
        self.amounts = [
            min(demand.quantity, total)
            for demand, total in zip(problem.demands, reach, strict=True)
        ]
        unfilled = sum(
            demand.weight * (demand.quantity - amount)
            for demand, amount in zip(problem.demands, self.amounts, strict=True)
        )
        self.places = [[s for s in self.nearest if problem.caps[s][d]] for d in range(len(reach))]
        self.turns = sorted(range(len(reach)), key=lambda d: (len(self.places[d]), d))
        self.rest = self._scarcity_to_come()
        self.short = [0] * (len(reach) + 1)
        descend(self._next(0, unfilled, 0))
        return self.found

    def _scarcity_to_come(self) -> list[int]:
        """Return by turn the least scarcity of what must still be spread from there on."""
        rest = [0]
        for d in reversed(self.turns):
            least = 0
            if self.problem.scarcity and not self.may_fall_short[d]:
                prices = merge(*(self.problem.scarcity[s][d] for s in self.places[d]))
                least = sum(islice(prices, self.amounts[d]))
            rest.append(rest[-1] + least)
        return rest[::-1]

    def _next(self, turn: int, unfilled: int, scarcity: int) -> Descent:
        """Spread the demand whose turn it is; the loads so far stand in `self.loads`."""
        if self._is_known(turn, unfilled, scarcity):
            return
        self.short[turn] = self._short_to_come(turn)
        if turn == len(self.turns):
            self._judge(unfilled, scarcity)
            return
        yield self._place(turn, 0, self.amounts[self.turns[turn]], unfilled, scarcity)

    def _short_to_come(self, turn: int) -> int:
        """Return the least weight unfilled of the demands after this turn's."""
        total = 0
        for d in self.turns[turn + 1 :]:
            if d in self.clustered:
                problem = self.problem
                reach = sum(
                    most_steps(problem, problem.caps[s][d], self.stock[s], s, d)
                    for s in self.places[d]
                )
                total += problem.demands[d].weight * max(0, self.amounts[d] - reach)
        return total

    def _is_known(self, turn: int, unfilled: int, scarcity: int) -> bool:
        state: tuple[object, ...] = (
            turn,
            *((x.grams, x.cm3, x.mask, x.units > 0) for x in self.loads.values()),
        )
        if self.clustered:
            state += tuple(tuple(held.values()) for held in self.stock.values())
        others = self.seen.setdefault(state, [])
        if any(u <= unfilled and c <= scarcity for u, c in others):
            return True
        others.append((unfilled, scarcity))
        return False

    def _place(self, turn: int, index: int, left: int, unfilled: int, scarcity: int) -> Descent:
        problem, d = self.problem, self.turns[turn]
        places = self.places[d]
        if index == len(places) or left == 0:
            yield self._next(turn + 1, unfilled + left * problem.demands[d].weight, scarcity)
            return
        s = places[index]
        most = min(left, problem.caps[s][d])
        if d in self.clustered:
            most = most_steps(problem, left, self.stock[s], s, d)
        after = sum(problem.caps[other][d] for other in places[index + 1 :])
        least = 0 if self.may_fall_short[d] else max(0, left - after)
        load = self.loads[s]
        before = load.price, load.days, load.parcels, load.mask
        for steps in range(most, least - 1, -1):
            if not self.budget.spend() and (self.best is not None or steps != most):
                return
            self._load(load, d, steps)
            cost = scarcity + self._scarcity(s, d, steps)
            short = self.short[turn] + problem.demands[d].weight * max(0, left - steps - after)
            if self._may_win(turn, unfilled + short, cost):
                yield self._place(turn, index + 1, left - steps, unfilled, cost)
            self._load(load, d, -steps)
            load.price, load.days, load.parcels, load.mask = before

    def _load(self, load: Load, d: int, steps: int) -> None:
        if not steps:
            return
        load.add(d, steps)
        if steps > 0:
            load.mask |= 1 << d
            load.measure()
            self.cells.append((load.s, d, steps))
        else:
            self.cells.pop()
        if d in self.clustered:
            for resource, each in self.problem.claims[d].items():
                self.stock[load.s][resource] -= steps * each

    def _scarcity(self, s: int, d: int, steps: int) -> int:
        return sum(self.problem.scarcity[s][d][:steps]) if self.problem.scarcity else 0

    def _may_win(self, turn: int, unfilled: int, scarcity: int) -> bool:
        loads = self.loads.values()
        price = sum(load.price for load in loads)
        if price >= NEVER:
            return False
        least = Measure(
            unfilled,
            max(load.days for load in loads),
            sum(load.parcels for load in loads),
            price,
            scarcity + self.rest[turn + 1],
        )
        key = key_of(self.problem, self.stage, self.sums, least)
        return key is not None and (self.best is None or (*key, *self.tail) < self.best)

    def _judge(self, unfilled: int, scarcity: int) -> None:
        loads = [self.loads[s] for s in self.locations]
        if not all(load.units for load in loads):
            return
        parcels = sum(load.parcels for load in loads)
        for days, price, offers in carried(self.problem, loads):
            measure = Measure(unfilled, days, parcels, price, scarcity)
            values = key_of(self.problem, self.stage, self.sums, measure)
            if values is None:
                continue
            key = (*values, *self.tail)
            if self.best is None or key < self.best:
                self.best = key
                self.found = Found(key, self.locations, tuple(self.cells), offers, measure)
