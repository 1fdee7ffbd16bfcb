"""The fewest locations that send everything, then the best of those: the search for many places.

Demands that do not compete, criteria that locations alone decide: then a plan is a set of
locations that covers what is needed.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.routing.solver.alone import counts_second
from domain.routing.solver.covering import Needed, covering
from domain.routing.solver.exchanges import exchanges
from domain.routing.solver.loading import carriers_limit
from domain.routing.solver.market import Limits
from domain.routing.solver.masks import Masks
from domain.routing.solver.problem import Budget, Choice, Problem
from domain.routing.solver.ranking import ranked
from domain.routing.solver.smallest import Smallest, Task
from domain.routing.solver.stages import Chosen, in_stages

COUNT: int = 1
"""The term that counts locations."""


def cover(problem: Problem, banned: frozenset[int], limit: int) -> Choice | None:
    """Return the best choice, or None where this search does not apply or finds none."""
    if not applies(problem):
        return None
    needed = Needed(problem, banned)
    if not needed.need:
        return covering(problem, ())
    search = _Cover(problem, needed, Budget(limit))
    found = in_stages(problem, COUNT + 1, search.stage)
    if found is None:
        return None
    return replace(covering(problem, found), gap=search.gap, others=search.others)


def applies(problem: Problem) -> bool:
    """Say whether plans are sets of locations, of which the smallest are best."""
    if problem.clusters or any(term.varies for term in problem.terms):
        return False
    return counts_second(problem) and not carriers_limit(problem)


class _Cover:
    """Stages over sets of one size; `gap` and `others` are those of what was found last."""

    def __init__(self, problem: Problem, needed: Needed, budget: Budget) -> None:
        self.problem, self.needed, self.budget = problem, needed, budget
        self.gap = 0.0
        self.others: tuple[Chosen, ...] = ()

    def stage(
        self, deciding: Sequence[Sequence[int]], limits: Limits, before: Chosen | None
    ) -> Chosen | None:
        """Return the best set by some terms: the smallest, or as small as the one from before."""
        names = ranked(self.needed.allowed, deciding)
        need, rows = self.needed.need, self.needed.rows(names)
        masks = Masks(rows, need)
        columns = [[fixed[s] for s in names] for fixed in deciding]
        limited = [([fixed[s] for s in names], most) for fixed, most in limits]
        task = Task(need, rows, masks, names, columns, limited)
        smallest = Smallest(task, min(self.problem.most, len(names)), self.budget)
        chosen = smallest.run(before and tuple([names.index(s) for s in before]))
        self.gap = max(self.gap, smallest.gap)
        if chosen is None:
            return None
        others = exchanges(rows, need, masks, columns, chosen)
        self.others = tuple([tuple(sorted([names[i] for i in other])) for other in others])
        return tuple([names[i] for i in chosen])
