"""Branch and bound over sets of locations, for whatever a plan is judged by: one stage of it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.routing.solver.alone import is_count
from domain.routing.solver.bounds import Bounds, fewest
from domain.routing.solver.carried import carried
from domain.routing.solver.filling import fill_cluster
from domain.routing.solver.judging import Found, Stage, fixed_sums, key_of
from domain.routing.solver.loading import weighs_units
from domain.routing.solver.problem import Budget, Measure, Problem
from domain.routing.solver.spreading import spread


def nothing(problem: Problem) -> Found:
    """Return the plan that sends nothing."""
    unfilled = sum(demand.weight * demand.quantity for demand in problem.demands)
    return Found((), (), (), (), Measure(unfilled=unfilled))


class Branching:
    """One stage: sets depth first over the suppliers of the scarcest open demand.

    Where every plan must send all there is (`must`), `need[d]` is what any such set must be
    able to send of d, and `goals` what it must leave unfilled of a cluster at most.
    """

    def __init__(self, problem: Problem, stage: Stage, allowed: Sequence[int], limit: int) -> None:
        """Take the locations that may be used, the nearest first, and the most steps."""
        self.problem, self.given, self.stage, self.allowed = problem, stage, stage, allowed
        self.budget = Budget(limit)
        self.best: Found | None = None
        self.gap = 0.0
        self.floor: tuple[int, ...] = ()
        self.size = problem.most

    def run(self, incumbent: Found) -> Found:
        """Return the best plan; `gap` says how far it may be from the optimum."""
        self._offer(incumbent)
        if incumbent.locations:
            self._offer(nothing(self.problem))
        if not weighs_units(self.problem):
            if self._must():
                return self._finish(self._lower())
        elif len(self.problem.terms) == 1 and not self.problem.clusters:
            found, self.floor = carried(
                self.problem, self.stage, self.allowed, self.budget, self.best
            )
            self.best = found
            return self._finish(())
        self.must = False
        self.stage = self.given
        self.goals: dict[tuple[int, ...], int] = {}
        self.need = [0] * len(self.problem.demands)
        self.bounds = Bounds(self.problem, self.allowed, None)
        self.size = min(self.problem.most, len(self.allowed))
        lower = self._lower()
        self._extend(self.need, (), self.allowed)
        return self._finish(lower)

    def _offer(self, found: Found) -> None:
        """Take a plan from outside where it keeps the limits and is better."""
        sums = fixed_sums(self.problem, found.locations)
        values = key_of(self.problem, self.stage, sums, found.measure)
        if values is None:
            return
        key = (*values, len(found.locations), self.problem.tie(found.locations))
        if self.best is None or key < self.best.key:
            self.best = Found(key, found.locations, found.cells, found.offers, found.measure)

    def _must(self) -> bool:
        """Search sets that send all there is; say whether there is one of allowed size."""
        problem = self.problem
        self.must = True
        self.goals = {}
        self.need = [
            min(demand.quantity, sum(problem.caps[s][d] for s in self.allowed))
            for d, demand in enumerate(problem.demands)
        ]
        unfilled = sum(
            x.weight * (x.quantity - n) for x, n in zip(problem.demands, self.need, strict=True)
        )
        for cluster in problem.clusters:
            unfilled += self._set_goal(cluster)
        self.bounds = Bounds(problem, self.allowed, unfilled)
        self.stage = replace(self.stage, limits=((0, unfilled), *self.stage.limits))
        if not problem.clusters:
            return self._must_be_carried(unfilled)
        smallest = fewest(problem, self.need, self.allowed) or 0
        sizes: Sequence[int] = (min(problem.most, len(self.allowed)),)
        if self._counts_first():
            sizes = range(smallest, sizes[0] + 1)
        for size in sizes:
            self.size = size
            self._extend(self.need, (), self.allowed)
            best = self.best
            reached = best is not None and best.measure.unfilled == unfilled
            if self.budget.spent or (reached and best is not None and len(best.locations) <= size):
                return reached
        return False

    def _must_be_carried(self, unfilled: int) -> bool:
        """Search by relaxed prices; say whether a plan sends all there is."""
        best = self.best
        if best is not None and best.measure.unfilled > unfilled:
            best = None
        found, self.floor = carried(self.problem, self.stage, self.allowed, self.budget, best)
        self.best = found or self.best
        return found is not None

    def _set_goal(self, cluster: tuple[int, ...]) -> int:
        """Set what a cluster can reach; return by how much that is more than `need` says."""
        demands = self.problem.demands
        goal, _ = fill_cluster(self.problem, cluster, self.allowed, self.budget)
        self.goals[cluster] = goal
        already = sum(demands[d].weight * (demands[d].quantity - self.need[d]) for d in cluster)
        for d in cluster:
            self.need[d] = max(0, demands[d].quantity - goal // demands[d].weight)
        return goal - already

    def _counts_first(self) -> bool:
        """Say whether fewest locations is what decides after the units."""
        for t in self.stage.deciding:
            term = self.problem.terms[t]
            if t == 0:
                continue
            return is_count(term)
        return False

    def _lower(self) -> tuple[int, ...]:
        """Return a bound on the values of the deciding terms, before any location is chosen."""
        more = fewest(self.problem, self.need, self.allowed) or 0
        if self.must and self._counts_first():
            more = max(more, self.size)
        return self._bound((), self.allowed, more, [0] * len(self.problem.terms))

    def _bound(
        self, chosen: Sequence[int], allowed: Sequence[int], more: int, sums: Sequence[int]
    ) -> tuple[int, ...]:
        measure = self.bounds.measure(chosen, allowed, more)
        least = self.bounds.least_fixed
        return tuple(
            [
                self.problem.terms[t].value(sums[t] + more * least[t], measure)
                for t in self.stage.deciding
            ]
        )

    def _may_win(
        self, chosen: Sequence[int], allowed: Sequence[int], more: int, sums: Sequence[int]
    ) -> bool:
        measure = self.bounds.measure(chosen, allowed, more)
        least = self.bounds.least_fixed
        terms = self.problem.terms
        for t, most in self.stage.limits:
            if terms[t].value(sums[t] + more * least[t], measure) > most:
                return False
        if self.best is None:
            return True
        bound = self._bound(chosen, allowed, more, sums)
        return bound <= self.best.key[: len(bound)]

    def _extend(self, need: Sequence[int], chosen: tuple[int, ...], allowed: Sequence[int]) -> None:
        if not self.budget.spend():
            return
        more = fewest(self.problem, need, allowed)
        if more is None or len(chosen) + more > self.size:
            return
        sums = fixed_sums(self.problem, chosen)
        if not self._may_win(chosen, allowed, more, sums):
            return
        suppliers = self._scarcest(need, allowed)
        if suppliers is None:
            self._try(chosen)
            room = len(chosen) < self.size
            if not room or not self._may_win(chosen, allowed, 1, sums):
                return
            suppliers = allowed
        caps = self.problem.caps
        dropped: set[int] = set()
        for s in suppliers:
            dropped.add(s)
            rest = [other for other in allowed if other not in dropped]
            smaller = [max(0, n - cap) for n, cap in zip(need, caps[s], strict=True)]
            self._extend(smaller, (*chosen, s), rest)
            if self.budget.spent:
                return

    def _scarcest(self, need: Sequence[int], allowed: Sequence[int]) -> Sequence[int] | None:
        """Return the suppliers of the open demand that has fewest; None where none is open."""
        found: Sequence[int] | None = None
        for d, wanted in enumerate(need):
            if wanted > 0:
                suppliers = [s for s in allowed if self.problem.caps[s][d]]
                if found is None or len(suppliers) < len(found):
                    found = suppliers
        return found

    def _try(self, chosen: tuple[int, ...]) -> None:
        if not chosen:
            return
        if self.must and not self._reaches_goals(chosen):
            return
        best = None if self.best is None else self.best.key
        found = spread(self.problem, self.stage, chosen, self.budget, best)
        if found is not None:
            self.best = found

    def _reaches_goals(self, chosen: Sequence[int]) -> bool:
        nearest = sorted(chosen, key=self.problem.order.__getitem__)
        return all(
            fill_cluster(self.problem, cluster, nearest, self.budget)[0] <= goal
            for cluster, goal in self.goals.items()
        )

    def _finish(self, lower: tuple[int, ...]) -> Found:
        if self.best is None:
            raise AssertionError("the plan that sends nothing keeps every limit")
        if self.budget.spent:
            for value, least in zip(self.best.key, max(lower, self.floor), strict=False):
                if value > least:
                    self.gap = (value - least) / value
                    break
        return self.best
