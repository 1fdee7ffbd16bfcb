"""How fast a routing decision is, beside CP-SAT on the same cases, and whether both agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from time import process_time
from typing import Any, Final

from api.bench.agreement import agrees
from api.bench.cpsat import MOST_TIES, OutOfTime
from api.bench.cpsat import solve as solve_by_cpsat
from api.bench.progress import tell
from api.bench.routing_orders import Kind, order
from api.bench.routing_problems import Size, draw
from domain.routing.building import Builder
from domain.routing.constraints import eligible
from domain.routing.engine import route
from domain.routing.policy import DEFAULT_POLICY
from domain.routing.solver.problem import Problem
from domain.routing.solver.search import solve

SIZES: Final = ((3, 50), (10, 500), (50, 500))
KINDS: Final[tuple[Kind, ...]] = ("dense", "sparse")
MIXED: Final = Size(locations=8, demands=4, steps=5)
MIXED_SECONDS: Final = 0.3
"""Mixed problems that take CP-SAT longer are not compared."""
TOLD_EACH: Final = 200
WARM: Final = 3
"""Decisions before the first that counts."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured; CP-SAT gets `seconds` for each of `compared` cases of a size."""

    decisions: int = 200
    compared: int = 20
    seconds: float = 60.0
    mixed: int = 1_000


QUICK: Final = Extent(decisions=50, compared=3, seconds=3.0, mixed=200)


@dataclass(slots=True)
class Tally:
    """Cases that CP-SAT proved in time, and those in which we say something else."""

    checked: int = 0
    mismatches: int = 0

    def add(self, *, agreed: bool) -> None:
        """Count a case."""
        self.checked += 1
        self.mismatches += not agreed


def run(*, quick: bool = False, extent: Extent | None = None) -> dict[str, Any]:
    """Return the benchmark's figures: milliseconds per decision, the ratio to CP-SAT, mismatches.

    A decision is `route` whole: from facts to a plan with reasons and runners-up. CP-SAT is
    given the problem in whole numbers and timed from there, with its model. Both are one thread
    that waits for nothing, so processor time is counted: neighbours disturb it least. `ratio`
    is CP-SAT's median over ours on the same cases; a case that it does not prove in `seconds`
    counts with those.
    """
    wanted = extent or (QUICK if quick else Extent())
    tally = Tally()
    cases = [
        _case(lines, locations, kind, wanted, tally) for lines, locations in SIZES for kind in KINDS
    ]
    _compare_mixed(wanted.mixed, tally)
    return {"cases": cases, "checked": tally.checked, "mismatches": tally.mismatches}


def _case(lines: int, locations: int, kind: Kind, extent: Extent, tally: Tally) -> dict[str, Any]:
    name = f"{lines} lines, {locations} locations, {kind}"
    times, gaps = _times(lines, locations, kind, extent.decisions)
    tell(f"{name}: {median(times):.3f} ms, now CP-SAT on {extent.compared} of them")
    theirs = []
    for seed in range(extent.compared):
        theirs.append(_time_cpsat(problem_of(seed, lines, locations, kind), extent.seconds, tally))
        tell(f"{name}: CP-SAT {seed + 1} of {extent.compared}: {theirs[-1]:.0f} ms")
    return {
        "lines": lines,
        "locations": locations,
        "kind": kind,
        "p50_ms": round(median(times), 3),
        "p99_ms": round(percentile(times, 99), 3),
        "cpsat_p50_ms": round(median(theirs), 3) if theirs else None,
        "ratio": round(median(theirs) / median(times[: extent.compared]), 1) if theirs else None,
        "gap_share": gaps / extent.decisions,
    }


def _times(lines: int, locations: int, kind: Kind, decisions: int) -> tuple[list[float], int]:
    """Return the milliseconds of decisions, and how many of them state a gap."""
    for seed in range(decisions, decisions + WARM):
        route(*order(seed, lines, locations, kind))
    times, gaps = [], 0
    for seed in range(decisions):
        request, facts = order(seed, lines, locations, kind)
        started = process_time()
        plan = route(request, facts)
        times.append((process_time() - started) * 1_000)
        gaps += plan.decision.gap > 0
    return times, gaps


def _time_cpsat(problem: Problem, seconds: float, tally: Tally) -> float:
    """Return the milliseconds that CP-SAT takes, at most those it is given."""
    try:
        answer = solve_by_cpsat(problem, seconds)
    except OutOfTime:
        return seconds * 1_000
    tally.add(agreed=agrees(problem, solve(problem), answer, ties=len(problem.caps) <= MOST_TIES))
    return answer.seconds * 1_000


def problem_of(seed: int, lines: int, locations: int, kind: Kind) -> Problem:
    """Return the whole-number problem of an order, as the engine builds it."""
    request, facts = order(seed, lines, locations, kind)
    group = request.groups[0]
    candidates = eligible(request, group, facts, {})
    return Builder(request, group, facts, DEFAULT_POLICY, {}, {}).build(candidates).problem


def _compare_mixed(wanted: int, tally: Tally) -> None:
    """Compare so many problems in which everything is mixed and that CP-SAT proves in time."""
    done = 0
    for seed in count():
        if done == wanted:
            return
        problem = draw(seed, MIXED)
        try:
            answer = solve_by_cpsat(problem, MIXED_SECONDS)
        except OutOfTime:
            continue
        done += 1
        tally.add(agreed=agrees(problem, solve(problem), answer, ties=True))
        if done % TOLD_EACH == 0:
            tell(f"everything mixed: {done} of {wanted} compared, {tally.mismatches} mismatches")


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the least value that so many per cent of all do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]
