"""The least sets of locations: exact branch and bound, with a limit that is owned up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.routing.filling import Cell, fill, fill_cluster
from domain.routing.problem import Problem

LIMIT: Final = 20_000
"""Most steps of one search; past it the best found is returned with its gap."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Used locations, what they send, the weight served, and the proven gap (0 to 1)."""

    locations: tuple[int, ...]
    cells: Sequence[Cell]
    weight: int
    gap: Decimal = Decimal(0)


def best_single(problem: Problem, banned: frozenset[int]) -> int | None:
    """Return the nearest location that serves everything alone, or None."""
    if problem.clusters:
        return None
    wanted = tuple(demand.quantity for demand in problem.demands)
    full = [s for s, row in enumerate(problem.caps) if row == wanted and s not in banned]
    return min(full, key=problem.costs.__getitem__, default=None)


def choose(problem: Problem, banned: frozenset[int] = frozenset(), limit: int = LIMIT) -> Choice:
    """Return the choice of most weight, then fewest locations, then least cost."""
    single = best_single(problem, banned)
    if single is not None:
        return _choice(problem, (single,), limit, Decimal(0))
    allowed = [s for s in range(len(problem.locations)) if s not in banned]
    if problem.most_locations == 1:
        return _only_one(problem, allowed, limit)
    return _Search(problem, allowed, limit).run()


def _choice(problem: Problem, locations: Sequence[int], limit: int, gap: Decimal) -> Choice:
    weight, cells, proven = fill(problem, locations, limit)
    used = {s for s, _, _ in cells}
    wanted = sum(d.weight * d.quantity for d in problem.demands)
    unsure = Decimal(0) if proven else Decimal(wanted - weight) / wanted
    return Choice(tuple(sorted(used)), cells, weight, max(gap, unsure))


def _only_one(problem: Problem, allowed: Sequence[int], limit: int) -> Choice:
    choices = [_choice(problem, (s,), limit, Decimal(0)) for s in allowed]
    choices.append(Choice((), (), 0))
    return min(
        choices,
        key=lambda found: (
            -found.weight,
            len(found.locations),
            sum(problem.costs[s] for s in found.locations),
        ),
    )


class _Search:
    """Sets of growing size; in each size depth first over the suppliers of the scarcest demand.

    `need[d]` is what any set that serves the greatest weight must be able to serve of d, and
    `goals` what it must reach of each cluster.
    """

    def __init__(self, problem: Problem, allowed: Sequence[int], limit: int) -> None:
        self.problem = problem
        self.limit = limit
        self.steps = limit
        self.allowed = sorted(allowed, key=problem.costs.__getitem__)
        self.proven = True
        self.goals: dict[tuple[int, ...], int] = {}
        self.need = [
            min(demand.quantity, sum(problem.caps[s][d] for s in allowed))
            for d, demand in enumerate(problem.demands)
        ]
        for cluster in problem.clusters:
            self._set_goal(cluster)
        self.best: tuple[int, ...] | None = None
        self.best_cost = 0

    def _set_goal(self, cluster: tuple[int, ...]) -> None:
        demands = self.problem.demands
        found = fill_cluster(self.problem, cluster, self.allowed, self.limit)
        self.goals[cluster] = found.weight
        self.proven = self.proven and found.proven
        slack = sum(demands[d].weight * demands[d].quantity for d in cluster) - found.weight
        for d in cluster:
            self.need[d] = max(0, demands[d].quantity - slack // demands[d].weight)

    def run(self) -> Choice:
        """Return the best choice; with a gap where the limit was reached."""
        smallest = self._fewest(self.need, self.allowed)
        for size in range(smallest, len(self.allowed) + 1):
            smallest = size
            self._extend(self.need, (), self.allowed, size, 0)
            if self.best is not None or self.steps < 0:
                break
        found = self._greedy() if self.best is None else self.best
        choice = _choice(self.problem, found, self.limit, Decimal(0))
        return choice if self.steps >= 0 else self._with_gap(choice, smallest)

    def _with_gap(self, choice: Choice, smallest: int) -> Choice:
        """Return the choice with the gap in fulfilments, or in distance where those are proven."""
        costs = self.problem.costs
        used = len(choice.locations)
        least, cost = smallest, used
        if used <= smallest:
            least = sum(costs[s] for s in self.allowed[:used])
            cost = sum(costs[s] for s in choice.locations)
        gap = Decimal(cost - least) / max(1, cost)
        return Choice(choice.locations, choice.cells, choice.weight, max(choice.gap, gap))

    def _fewest(self, need: Sequence[int], allowed: Sequence[int]) -> int:
        """Return a number of locations below which no set serves what is needed."""
        fewest = 0
        for d, wanted in enumerate(need):
            caps = sorted((self.problem.caps[s][d] for s in allowed), reverse=True)
            served = count = 0
            while served < wanted:
                served += caps[count]
                count += 1
            fewest = max(fewest, count)
        return fewest

    def _extend(
        self,
        need: Sequence[int],
        chosen: tuple[int, ...],
        allowed: Sequence[int],
        left: int,
        cost: int,
    ) -> None:
        self.steps -= 1
        if self.steps < 0:
            return
        suppliers = self._scarcest(need, allowed, left)
        if suppliers is None:
            if self._reaches_goals(chosen):
                if self.best is None or cost < self.best_cost:
                    self.best, self.best_cost = chosen, cost
                return
            suppliers = [s for s in allowed if self._is_clustered(s)] if left else []
        costs, caps = self.problem.costs, self.problem.caps
        dropped: set[int] = set()
        for s in suppliers:
            dropped.add(s)
            rest = [other for other in allowed if other not in dropped]
            least = cost + costs[s] + sum(costs[other] for other in rest[: left - 1])
            if self.best is not None and least >= self.best_cost:
                continue
            smaller = [max(0, wanted - cap) for wanted, cap in zip(need, caps[s], strict=True)]
            self._extend(smaller, (*chosen, s), rest, left - 1, cost + costs[s])
            if self.steps < 0:
                return

    def _scarcest(
        self, need: Sequence[int], allowed: Sequence[int], left: int
    ) -> Sequence[int] | None:
        """Return the suppliers of the open demand that has fewest; None where none is open.

        No supplier at all where `left` more locations cannot serve some demand.
        """
        caps = self.problem.caps
        fewest: Sequence[int] | None = None
        for d, wanted in enumerate(need):
            if wanted <= 0:
                continue
            suppliers = [s for s in allowed if caps[s][d]]
            greatest = sorted((caps[s][d] for s in suppliers), reverse=True)[:left]
            if sum(greatest) < wanted:
                return ()
            if fewest is None or len(suppliers) < len(fewest):
                fewest = suppliers
        return fewest

    def _is_clustered(self, s: int) -> bool:
        row = self.problem.caps[s]
        return any(row[d] for cluster in self.goals for d in cluster)

    def _reaches_goals(self, chosen: Sequence[int]) -> bool:
        order = sorted(chosen, key=self.problem.costs.__getitem__)
        return all(
            fill_cluster(self.problem, cluster, order, self.limit).weight >= goal
            for cluster, goal in self.goals.items()
        )

    def _greedy(self) -> tuple[int, ...]:
        """Return a set that serves the greatest weight, by the most useful location first."""
        problem = self.problem
        need, rest = list(self.need), list(self.allowed)
        chosen: list[int] = []
        while any(need) or not self._reaches_goals(chosen):
            useful = [
                sum(
                    d.weight * min(wanted, cap)
                    for d, wanted, cap in zip(problem.demands, need, problem.caps[s], strict=True)
                )
                for s in rest
            ]
            s = rest.pop(useful.index(max(useful)))
            chosen.append(s)
            need = [max(0, w - cap) for w, cap in zip(need, problem.caps[s], strict=True)]
        return tuple(chosen)
