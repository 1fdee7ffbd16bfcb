"""On every small case the engine finds what trying everything finds."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.routing.distance import MM_PER_KM, great_circle_mm
from domain.routing.engine import route
from domain.routing.plan import RoutingPlan
from tests.domain.routing.brute_force import Case, Judged, best
from tests.domain.routing.drafts import facts, figure, line, location, request

ITEMS = ("I", "J", "K")
NAMES = "ABCDE"
EAST = {great_circle_mm((50.0, 8.0), (50.0, 8.0 + n)): float(n) for n in range(6)}
"""Degrees of longitude by distance."""
_usage = st.one_of(
    st.sampled_from(ITEMS).map(lambda item: {item: 1}),
    st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 2), min_size=1, max_size=2),
)
_held = st.fixed_dictionaries({item: st.sampled_from((0, 0, 1, 2, 3, 5)) for item in ITEMS})


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw up to three lines, simple or kits, over up to five locations."""
    lines = draw(st.lists(st.tuples(st.integers(1, 4), _usage), min_size=1, max_size=3))
    stock = draw(st.lists(_held, min_size=1, max_size=4 if len(lines) == 3 else 5))
    places = st.lists(st.sampled_from(tuple(EAST)), min_size=len(stock), max_size=len(stock))
    split = draw(st.sampled_from(("quantities", "lines", "never")))
    return Case(tuple(lines), tuple(stock), tuple(draw(places)), split)


def solve(case: Case) -> RoutingPlan:
    """Route a case."""
    known = facts(
        {i: {NAMES[s]: held[i] for s, held in enumerate(case.stock)} for i in ITEMS},
        [location(NAMES[s], east=EAST[mm]) for s, mm in enumerate(case.distances)],
    )
    lines = (
        line(dict(usage), wanted, line_id=str(n)) for n, (wanted, usage) in enumerate(case.lines)
    )
    return route(request(*lines, of=known, split=case.split), known)


def judge(case: Case, plan: RoutingPlan) -> Judged:
    """Return what a plan achieves, after checking that it keeps every rule."""
    free = [dict(held) for held in case.stock]
    served = [0] * len(case.lines)
    places: list[set[int]] = [set() for _ in case.lines]
    for one in plan.allocations:
        n, s, quantity = int(one.line_id), NAMES.index(one.location_id), int(one.quantity)
        assert quantity > 0
        served[n] += quantity
        places[n].add(s)
        for item, each in case.lines[n][1].items():
            free[s][item] -= each * quantity
    assert all(left >= 0 for held in free for left in held.values())
    short = {int(one.line_id): int(one.quantity) for one in plan.shortages}
    for n, (wanted, _) in enumerate(case.lines):
        assert served[n] + short.get(n, 0) == wanted
        if case.split == "lines":
            assert len(places[n]) <= 1
            assert served[n] in {0, wanted}
    used = tuple(sorted(set().union(*places)))
    return Judged(sum(short.values()), len(used), sum(case.distances[s] for s in used), used)


@settings(max_examples=300)
@given(cases())
def test_the_plan_is_the_best_there_is(case: Case) -> None:
    """Units, fulfilments, distance and the tie-break all equal those of exhaustive search."""
    plan = solve(case)
    judged = judge(case, plan)
    assert judged == best(case)
    assert figure(plan, "unfilled") == judged.unfilled
    assert figure(plan, "fulfilments") == judged.fulfilments
    assert figure(plan, "distance") == round(Decimal(judged.distance) / MM_PER_KM, 3)
    assert plan.decision.gap == 0
