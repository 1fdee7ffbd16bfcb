"""Simple rules to compare with: they fill lines one after the other and look no further.

All obey the hard constraints of a policy as the engine does: who may send, what each may send,
sets and lines that come whole, most fulfilments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.routing.building import Builder, Built
from domain.routing.constraints import eligible
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedAllocation
from domain.routing.policy import Policy
from domain.routing.replay.strategy import Answer
from domain.routing.request import RoutingRequest
from domain.routing.solver.filling import most_steps
from domain.routing.solver.problem import Cell, Problem


class Filling:
    """What is still wanted and held while locations are filled from one by one."""

    def __init__(self, problem: Problem) -> None:
        """Start with everything wanted and nothing taken."""
        self.problem = problem
        self.left = [demand.quantity for demand in problem.demands]
        self.held = [dict(stock) for stock in problem.stock]
        self.used: set[int] = set()
        self.cells: list[Cell] = []

    def allows(self, s: int) -> bool:
        """Say whether the location may be used: it is already, or one more may be."""
        return s in self.used or len(self.used) < self.problem.most

    def most(self, s: int, d: int) -> int:
        """Return how many steps of a demand the location can send now."""
        if not self.problem.claims:
            return min(self.left[d], self.problem.caps[s][d])
        return most_steps(self.problem, self.left[d], self.held[s], s, d)

    def take(self, s: int, d: int) -> None:
        """Take as much of a demand from a location as it can send now."""
        steps = self.most(s, d)
        if not steps:
            return
        self.left[d] -= steps
        self._hold(s, d, steps)
        self.used.add(s)
        self.cells.append((s, d, steps))

    def worth(self, s: int) -> int:
        """Return the weight of all that the location can send now, the first line first."""
        weight, taken = 0, []
        for d, demand in enumerate(self.problem.demands):
            steps = self.most(s, d)
            weight += steps * demand.weight
            taken.append(steps)
            self._hold(s, d, steps)
        for d, steps in enumerate(taken):
            self._hold(s, d, -steps)
        return weight

    def _hold(self, s: int, d: int, steps: int) -> None:
        if self.problem.claims:
            for resource, each in self.problem.claims[d].items():
                self.held[s][resource] -= steps * each


def fill_nearest(problem: Problem) -> list[Cell]:
    """Fill each line from the nearest location with stock, then the next nearest."""
    nearest = sorted(range(len(problem.caps)), key=problem.order.__getitem__)
    return _line_by_line(problem, nearest)


def fill_first(problem: Problem) -> list[Cell]:
    """Fill each line from the channel's first location with stock, then the next."""
    return _line_by_line(problem, range(len(problem.caps)))


def _line_by_line(problem: Problem, ranked: Sequence[int]) -> list[Cell]:
    filling = Filling(problem)
    for d in range(len(problem.demands)):
        for s in ranked:
            if filling.left[d] and filling.allows(s):
                filling.take(s, d)
    return filling.cells


def fill_set_cover(problem: Problem) -> list[Cell]:
    """Take all that the location with most of the missing units has, again and again.

    The greedy rule for set cover, over units; of equals the nearest, then the channel's first.
    """
    filling = Filling(problem)
    ranked = sorted(range(len(problem.caps)), key=problem.order.__getitem__)
    while any(filling.left) and len(filling.used) < problem.most:
        worths = {s: filling.worth(s) for s in ranked if s not in filling.used}
        best = max(worths, key=worths.__getitem__, default=None)
        if best is None or not worths[best]:
            break
        for d in range(len(problem.demands)):
            filling.take(best, d)
    return filling.cells


RULES: Final[Mapping[str, Callable[[Problem], list[Cell]]]] = {
    "nearest": fill_nearest,
    "set-cover": fill_set_cover,
    "first": fill_first,
}


@dataclass(frozen=True, slots=True)
class RuleStrategy:
    """A rule of RULES, under the hard constraints of a policy whose criteria it ignores."""

    name: str
    policy: Policy

    def decide(self, request: RoutingRequest, facts: RoutingFacts) -> Answer:
        """Return what the rule allocates, group by group in their order."""
        taken: dict[tuple[str, str], Decimal] = {}
        found: list[PlannedAllocation] = []
        for group in request.groups:
            candidates = eligible(request, group, facts, {}, self.policy)
            built = Builder(request, group, facts, self.policy, taken, {}).build(candidates)
            cells = RULES[self.name](built.problem)
            found += _allocations(built, cells)
            for s, d, steps in cells:
                for item, each in built.wanted[d].usage:
                    key = item, built.locations[s]
                    taken[key] = taken.get(key, Decimal(0)) + each * steps
        return Answer(tuple(found))


def _allocations(built: Built, cells: Sequence[Cell]) -> list[PlannedAllocation]:
    before: dict[int, int] = {}
    found = []
    for s, d, steps in cells:
        for line, quantity in built.wanted[d].shares(steps, before.get(d, 0)):
            found.append(
                PlannedAllocation(built.group.group_id, line.line_id, built.locations[s], quantity)
            )
        before[d] = before.get(d, 0) + steps
    return found
