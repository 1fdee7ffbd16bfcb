"""Whether a choice of ours is what CP-SAT proved to be best, or as near as its gap says."""

from api.bench.cpsat import Answer
from domain.routing.solver.problem import Choice, Problem

ROUNDING = 1e-9


def agrees(problem: Problem, choice: Choice, answer: Answer, *, ties: bool) -> bool:
    """Say whether a proven choice is equal, and a stated gap true.

    With `ties` the locations must be the same too. The gap is that of the first value that
    differs by more than its tolerance; behind it values may be less than those of the best.
    """
    if not choice.gap:
        same = choice.values == answer.values
        return same and (not ties or choice.locations == answer.locations)
    for term, ours, theirs in zip(problem.terms, choice.values, answer.values, strict=True):
        if not theirs <= ours <= term.allows(theirs):
            return ours < theirs or (ours - theirs) / ours <= choice.gap + ROUNDING
    return True
