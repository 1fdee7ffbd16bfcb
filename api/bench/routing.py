"""How fast a routing decision is, beside CP-SAT on the same cases, and whether both agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Final

from api.bench.cpsat import OutOfTime
from api.bench.cpsat import solve as solve_by_cpsat
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


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured; CP-SAT gets `seconds` for each of `compared` cases of a size."""

    decisions: int = 200
    compared: int = 20
    seconds: float = 60.0
    mixed: int = 1_000


def run(extent: Extent = Extent()) -> dict[str, Any]:
    """Return the benchmark's figures: milliseconds per decision, the ratio to CP-SAT, mismatches.

    A decision is `route` whole: from facts to a plan with reasons and runners-up. `ratio` is
    CP-SAT's median over ours on the same cases; a case that it does not prove in time counts
    with that time.
    """
    cases, checked, mismatches = [], 0, 0
    for lines, locations in SIZES:
        for kind in KINDS:
            case, compared, wrong = _case(lines, locations, kind, extent)
            cases.append(case)
            checked += compared
            mismatches += wrong
    compared, wrong = _compare_mixed(extent.mixed)
    return {"cases": cases, "checked": checked + compared, "mismatches": mismatches + wrong}


def _case(
    lines: int, locations: int, kind: Kind, extent: Extent
) -> tuple[Mapping[str, Any], int, int]:
    times, gaps = [], 0
    for seed in range(extent.decisions):
        request, facts = order(seed, lines, locations, kind)
        started = perf_counter()
        plan = route(request, facts)
        times.append((perf_counter() - started) * 1_000)
        gaps += plan.decision.gap > 0
    theirs, checked, wrong = [], 0, 0
    for seed in range(extent.compared):
        problem = problem_of(seed, lines, locations, kind)
        try:
            answer = solve_by_cpsat(problem, extent.seconds)
        except OutOfTime:
            theirs.append(extent.seconds * 1_000)
            continue
        theirs.append(answer.seconds * 1_000)
        checked += 1
        choice = solve(problem)
        wrong += choice.values != answer.values and choice.gap == 0
    case = {
        "lines": lines,
        "locations": locations,
        "kind": kind,
        "p50_ms": round(median(times), 3),
        "p99_ms": round(percentile(times, 99), 3),
        "cpsat_p50_ms": round(median(theirs), 3) if theirs else None,
        "ratio": round(median(theirs) / median(times[: extent.compared]), 1) if theirs else None,
        "gap_share": gaps / extent.decisions,
    }
    return case, checked, wrong


def problem_of(seed: int, lines: int, locations: int, kind: Kind) -> Problem:
    """Return the whole-number problem of an order, as the engine builds it."""
    request, facts = order(seed, lines, locations, kind)
    group = request.groups[0]
    candidates = eligible(request, group, facts, {})
    return Builder(request, group, facts, DEFAULT_POLICY, {}, {}).build(candidates).problem


def _compare_mixed(count: int) -> tuple[int, int]:
    """Compare problems in which everything is mixed; return how many, and how many differ."""
    checked = wrong = 0
    for seed in range(count):
        problem = draw(seed, MIXED)
        try:
            answer = solve_by_cpsat(problem, MIXED_SECONDS)
        except OutOfTime:
            continue
        checked += 1
        choice = solve(problem)
        same = (choice.values, choice.locations) == (answer.values, answer.locations)
        wrong += not same and choice.gap == 0
    return checked, wrong


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the least value that so many per cent of all do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]
