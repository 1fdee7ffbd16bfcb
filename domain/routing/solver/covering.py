"""A set of locations that covers what is needed, as a choice."""

from collections.abc import Sequence

from domain.routing.solver.filling import fill
from domain.routing.solver.judging import fixed_sums
from domain.routing.solver.problem import Budget, Choice, Measure, Problem


def covering(problem: Problem, chosen: Sequence[int]) -> Choice:
    """Return what a set of locations sends, the nearest first, and the values of the terms."""
    nearest = sorted(chosen, key=problem.order.__getitem__)
    unfilled, cells = fill(problem, nearest, Budget(0))
    measure = Measure(unfilled=unfilled)
    values = [
        term.value(total, measure)
        for term, total in zip(problem.terms, fixed_sums(problem, chosen), strict=True)
    ]
    locations = tuple(sorted(chosen))
    return Choice(locations, tuple(cells), (0,) * len(locations), tuple(values), measure)


class Needed:
    """What allowed locations can serve of each demand that is wanted at all."""

    def __init__(self, problem: Problem, banned: frozenset[int]) -> None:
        """Look at the locations that are not banned and have anything."""
        self.problem = problem
        caps = problem.caps
        self.allowed = [s for s, row in enumerate(caps) if s not in banned and any(row)]
        columns = zip(*[caps[s] for s in self.allowed], strict=True)
        served = [
            min(demand.quantity, sum(column))
            for demand, column in zip(problem.demands, columns, strict=False)
        ]
        self.wanted = [d for d, n in enumerate(served) if n]
        self.need = tuple([served[d] for d in self.wanted])
        self._is_short = any(served[d] < problem.demands[d].quantity for d in self.wanted)

    def rows(self, names: Sequence[int]) -> Sequence[tuple[int, ...]]:
        """Return by location what it has of what is wanted, at most what is needed."""
        rows = [self.problem.caps[s] for s in names]
        if len(self.wanted) < len(self.problem.demands):
            rows = [tuple([row[d] for d in self.wanted]) for row in rows]
        if self._is_short:
            need = self.need
            rows = [tuple([min(cap, n) for cap, n in zip(row, need, strict=True)]) for row in rows]
        return rows
