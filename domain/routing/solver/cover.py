"""The fewest locations that send everything, then the best of those: the search for many places.

Demands that do not compete, criteria that locations alone decide: then a plan is a set of
locations that covers what is needed.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.routing.solver.alone import counts_second
from domain.routing.solver.exchanges import exchanges
from domain.routing.solver.filling import fill
from domain.routing.solver.judging import fixed_sums
from domain.routing.solver.loading import carriers_limit
from domain.routing.solver.masks import Masks
from domain.routing.solver.problem import Budget, Choice, Measure, Problem
from domain.routing.solver.ranking import ranked
from domain.routing.solver.smallest import Smallest, Task


def cover(problem: Problem, banned: frozenset[int], limit: int) -> Choice | None:
    """Return the best choice, or None where this search does not apply or finds none."""
    if not applies(problem):
        return None
    allowed = [s for s, row in enumerate(problem.caps) if s not in banned and any(row)]
    needed = [
        min(demand.quantity, sum(column))
        for demand, column in zip(
            problem.demands, zip(*[problem.caps[s] for s in allowed], strict=True), strict=False
        )
    ]
    wanted = [d for d, n in enumerate(needed) if n]
    if not wanted:
        return covering(problem, ())
    search = _Stages(problem, allowed, [needed[d] for d in wanted], wanted, Budget(limit))
    found = search.run()
    if found is None:
        return None
    return replace(covering(problem, found), gap=search.gap, others=search.others)


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


def applies(problem: Problem) -> bool:
    """Say whether plans are sets of locations, of which the smallest are best."""
    if problem.clusters or any(term.varies for term in problem.terms):
        return False
    return counts_second(problem) and not carriers_limit(problem)


class _Stages:
    """Terms are optimised in stages: a tolerance ends one, and limits the later ones."""

    def __init__(
        self,
        problem: Problem,
        allowed: Sequence[int],
        need: Sequence[int],
        wanted: Sequence[int],
        budget: Budget,
    ) -> None:
        """Take the allowed locations, and what is needed of each demand that is wanted."""
        self.problem, self.allowed, self.budget = problem, allowed, budget
        self.need, self.wanted = need, wanted
        self.is_short = any(
            n < problem.demands[d].quantity for d, n in zip(wanted, need, strict=True)
        )
        self.gap = 0.0
        self.others: tuple[tuple[int, ...], ...] = ()

    def run(self) -> tuple[int, ...] | None:
        """Return the best set; None where more locations are needed than are allowed."""
        terms = self.problem.terms
        last = len(terms) - 1
        limits: list[tuple[Sequence[int], int]] = []
        found: tuple[int, ...] | None = None
        start = 2
        while found is None or start <= last:
            end = next(
                (t for t in range(start, last) if terms[t].tolerance or terms[t].share), last
            )
            deciding: list[Sequence[int]] = [terms[t].fixed for t in range(start, end + 1)]
            if end >= last:
                deciding += [fixed for fixed, _ in limits]
            found = self._stage(deciding, limits, found)
            if found is None:
                return None
            sums = fixed_sums(self.problem, found)
            limits += [(terms[t].fixed, terms[t].allows(sums[t])) for t in range(start, end + 1)]
            start = end + 1
        return found

    def _stage(
        self,
        deciding: Sequence[Sequence[int]],
        limits: Sequence[tuple[Sequence[int], int]],
        before: tuple[int, ...] | None,
    ) -> tuple[int, ...] | None:
        """Return the best set by some terms: the smallest, or as small as one from before."""
        names = ranked(self.allowed, deciding)
        rows = self._rows(names)
        masks = Masks(rows, self.need)
        columns = [[fixed[s] for s in names] for fixed in deciding]
        task = Task(
            tuple(self.need),
            rows,
            masks,
            names,
            columns,
            [([fixed[s] for s in names], most) for fixed, most in limits],
        )
        smallest = Smallest(task, min(self.problem.most, len(names)), self.budget)
        known = None if before is None else tuple([names.index(s) for s in before])
        chosen = smallest.run(known)
        self.gap = max(self.gap, smallest.gap)
        if chosen is None:
            return None
        self.others = tuple(
            [
                tuple(sorted([names[i] for i in other]))
                for other in exchanges(rows, self.need, masks, columns, chosen)
            ]
        )
        return tuple([names[i] for i in chosen])

    def _rows(self, names: Sequence[int]) -> Sequence[tuple[int, ...]]:
        """Return by location what it has of what is wanted, at most what is needed."""
        rows = [self.problem.caps[s] for s in names]
        if len(self.wanted) < len(self.problem.demands):
            rows = [tuple([row[d] for d in self.wanted]) for row in rows]
        if self.is_short:
            need = self.need
            rows = [tuple([min(cap, n) for cap, n in zip(row, need, strict=True)]) for row in rows]
        return rows
