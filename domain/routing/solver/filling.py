"""The most that a set of locations can send, where only that matters."""

from collections.abc import Sequence

from domain.routing.solver.problem import Budget, Cell, Problem


def fill(problem: Problem, nearest: Sequence[int], budget: Budget) -> tuple[int, list[Cell]]:
    """Return the weight left unfilled by locations, and what they send, nearest first.

    Only demands that compete for stock need a search.
    """
    clustered = {d for cluster in problem.clusters for d in cluster}
    unfilled = 0
    cells: list[Cell] = []
    for d, demand in enumerate(problem.demands):
        if d in clustered:
            continue
        left = demand.quantity
        for s in nearest:
            steps = min(left, problem.caps[s][d])
            if steps:
                cells.append((s, d, steps))
                left -= steps
        unfilled += left * demand.weight
    for cluster in problem.clusters:
        rest, sent = fill_cluster(problem, cluster, nearest, budget)
        unfilled += rest
        cells += sent
    return unfilled, cells


def fill_cluster(
    problem: Problem, cluster: Sequence[int], nearest: Sequence[int], budget: Budget
) -> tuple[int, list[Cell]]:
    """Return the least weight of competing demands left unfilled, and what is sent."""
    search = _ClusterSearch(problem, cluster, nearest, budget)
    wanted = sum(problem.demands[d].weight * problem.demands[d].quantity for d in cluster)
    return wanted - search.weight, search.best


class _ClusterSearch:
    """Depth first over (location, demand) cells, the most steps first, with a bound."""

    def __init__(
        self, problem: Problem, cluster: Sequence[int], nearest: Sequence[int], budget: Budget
    ) -> None:
        self.problem = problem
        self.budget = budget
        self.cells = [(s, d) for s in nearest for d in cluster if problem.caps[s][d]]
        self.left = {d: problem.demands[d].quantity for d in cluster}
        self.stock = {s: dict(problem.stock[s]) for s in nearest}
        self.taken: list[Cell] = []
        self.weight = 0
        self.best: list[Cell] = []
        self.after = self._capacity_after()
        self.goal = min(self._bound(0), self._bound_by_stock())
        self._visit(0, 0)

    def _capacity_after(self) -> list[dict[int, int]]:
        """Return by cell what it and all later cells could send of each demand."""
        after: list[dict[int, int]] = [dict.fromkeys(self.left, 0)]
        for s, d in reversed(self.cells):
            after.append({**after[-1], d: after[-1][d] + self.problem.caps[s][d]})
        return after[::-1]

    def _bound(self, index: int) -> int:
        demands = self.problem.demands
        return sum(
            demands[d].weight * min(self.left[d], cap) for d, cap in self.after[index].items()
        )

    def _bound_by_stock(self) -> int:
        """Return the most weight that the scarcest shared item allows to be sent.

        What uses an item takes at least the smallest claim on it with each step; what does
        not use it is bounded by its own quantity.
        """
        demands, claims = self.problem.demands, self.problem.claims
        bounds = [sum(demands[d].weight * demands[d].quantity for d in self.left)]
        for resource in {resource for d in self.left for resource in claims[d]}:
            users = [d for d in self.left if resource in claims[d]]
            held = sum(stock.get(resource, 0) for stock in self.stock.values())
            steps = held // min(claims[d][resource] for d in users)
            best = max(demands[d].weight for d in users)
            others = sum(demands[d].weight * demands[d].quantity for d in self.left)
            others -= sum(demands[d].weight * demands[d].quantity for d in users)
            bounds.append(steps * best + others)
        return min(bounds)

    def _visit(self, index: int, weight: int) -> None:
        if weight > self.weight:
            self.weight, self.best = weight, list(self.taken)
        if index == len(self.cells) or weight + self._bound(index) <= self.weight:
            return
        s, d = self.cells[index]
        for steps in range(most_steps(self.problem, self.left[d], self.stock[s], s, d), -1, -1):
            if not self.budget.spend() and steps == 0:
                return
            if steps:
                self._take(s, d, steps)
                self.taken.append((s, d, steps))
            self._visit(index + 1, weight + steps * self.problem.demands[d].weight)
            if steps:
                self.taken.pop()
                self._take(s, d, -steps)
            if self.weight == self.goal or self.budget.spent:
                return

    def _take(self, s: int, d: int, steps: int) -> None:
        self.left[d] -= steps
        for resource, each in self.problem.claims[d].items():
            self.stock[s][resource] -= steps * each


def most_steps(problem: Problem, left: int, held: dict[int, int], s: int, d: int) -> int:
    """Return how many steps of d location s can send from what it holds yet."""
    most = min(left, problem.caps[s][d])
    for resource, each in problem.claims[d].items():
        most = min(most, held[resource] // each)
    return most
