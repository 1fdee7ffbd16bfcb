"""How much a given set of locations can serve, and what each of them then sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.routing.problem import Problem

Cell = tuple[int, int, int]
"""Location, demand, steps."""


def fill(problem: Problem, chosen: Sequence[int], limit: int) -> tuple[int, list[Cell], bool]:
    """Return the greatest weight that `chosen` can serve, how, and whether that is proven.

    The nearest location is emptied first, as far as the greatest weight allows. Only demands
    that compete for stock need a search, of at most `limit` steps each.
    """
    order = sorted(chosen, key=problem.costs.__getitem__)
    clustered = {d for cluster in problem.clusters for d in cluster}
    weight, cells, proven = 0, [], True
    for d, demand in enumerate(problem.demands):
        if d in clustered:
            continue
        left = demand.quantity
        for s in order:
            steps = min(left, problem.caps[s][d])
            if steps:
                cells.append((s, d, steps))
                left -= steps
        weight += (demand.quantity - left) * demand.weight
    for cluster in problem.clusters:
        best = fill_cluster(problem, cluster, order, limit)
        weight += best.weight
        cells.extend(best.cells)
        proven = proven and best.proven
    return weight, cells, proven


@dataclass(slots=True)
class ClusterFill:
    """The best way found to serve competing demands; `proven` where none is better."""

    weight: int = -1
    cells: list[Cell] = field(default_factory=list)
    proven: bool = True


def fill_cluster(
    problem: Problem, cluster: Sequence[int], order: Sequence[int], limit: int
) -> ClusterFill:
    """Return the greatest weight that locations, in this order, serve of competing demands."""
    return _ClusterSearch(problem, cluster, order, limit).run()


class _ClusterSearch:
    """Depth first over (location, demand) cells, the most steps first, with a bound."""

    def __init__(
        self, problem: Problem, cluster: Sequence[int], order: Sequence[int], limit: int
    ) -> None:
        self.problem = problem
        self.cells = [(s, d) for s in order for d in cluster if problem.caps[s][d]]
        self.left = {d: problem.demands[d].quantity for d in cluster}
        self.stock: dict[int, dict[str, int]] = {s: dict(problem.stock[s]) for s in order}
        self.steps = limit
        self.taken: list[Cell] = []
        self.best = ClusterFill()
        self.after = self._capacity_after()

    def run(self) -> ClusterFill:
        self.goal = self._bound(0)
        self._visit(0, 0)
        return self.best

    def _capacity_after(self) -> list[dict[int, int]]:
        """Return by cell what it and all later cells could serve of each demand."""
        after: list[dict[int, int]] = [dict.fromkeys(self.left, 0)]
        for s, d in reversed(self.cells):
            after.append({**after[-1], d: after[-1][d] + self.problem.caps[s][d]})
        return after[::-1]

    def _bound(self, index: int) -> int:
        demands = self.problem.demands
        return sum(
            demands[d].weight * min(self.left[d], cap) for d, cap in self.after[index].items()
        )

    def _visit(self, index: int, weight: int) -> None:
        self.steps -= 1
        if self.steps < 0:
            self.best.proven = False
            if self.best.weight >= 0:
                return
        if weight > self.best.weight:
            self.best.weight, self.best.cells = weight, list(self.taken)
        if index == len(self.cells) or self.best.weight == self.goal:
            return
        if weight + self._bound(index) <= self.best.weight:
            return
        s, d = self.cells[index]
        for steps in self._choices(s, d):
            if steps:
                self._take(s, d, steps)
                self.taken.append((s, d, steps))
            self._visit(index + 1, weight + steps * self.problem.demands[d].weight)
            if steps:
                self.taken.pop()
                self._take(s, d, -steps)
            if self.best.weight == self.goal or self.steps < 0:
                return

    def _choices(self, s: int, d: int) -> Sequence[int]:
        claim: Mapping[str, int] = self.problem.claims[d]
        held = self.stock[s]
        most = min(self.left[d], self.problem.caps[s][d])
        for item, each in claim.items():
            most = min(most, held[item] // each)
        if self.problem.whole:
            return (most, 0) if most == self.problem.demands[d].quantity else (0,)
        return range(most, -1, -1)

    def _take(self, s: int, d: int, steps: int) -> None:
        self.left[d] -= steps
        for item, each in self.problem.claims[d].items():
            self.stock[s][item] -= steps * each
