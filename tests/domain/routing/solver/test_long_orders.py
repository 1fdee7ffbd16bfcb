"""Orders of a thousand lines: deeper than the interpreter recurses, and still a plan."""

from dataclasses import replace
from decimal import Decimal

from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Criterion, Packing, Policy
from domain.routing.reference import Reference, Service
from tests.domain.routing.drafts import facts, line, request

LINES = 600
CHEAP = Policy(
    "cheap",
    1,
    (Criterion("unfilled"), Criterion("shipping-cost")),
    packing=Packing(unknown_grams=9),
)


def carried(known: RoutingFacts) -> RoutingFacts:
    """Return facts with a carrier that goes everywhere."""
    post = Service("Post", "Parcel", {"": ((30_000, Decimal(5)),)}, {"": 1})
    return replace(known, reference=Reference(services=(post,)))


def test_many_lines_are_spread_by_cost() -> None:
    """Every unit is sent, though no depth of the search was enough to prove the least cost."""
    known = carried(facts({f"I{n}": {"A": 1, "B": 1} for n in range(LINES)}))
    asked = request(*(line(f"I{n}", 2) for n in range(LINES)), of=known)
    plan = route(asked, known, limit=2_000, policies={"g1": CHEAP})
    assert plan.shortages == ()
    assert len(plan.allocations) == 2 * LINES


def test_kits_that_share_too_little_of_a_part_get_what_there_is() -> None:
    """600 kits of six kinds share a part that suffices for 300: 300 are sent, proven."""
    parts = {f"P{n}": {"A": 600, "B": 600} for n in range(6)}
    known = facts({"SHARED": {"A": 300}, **parts})
    kits = [line({f"P{n}": 1, "SHARED": 1}, 100) for n in range(6)]
    plan = route(request(*kits, of=known), known)
    assert sum(one.quantity for one in plan.allocations) == 300
    assert plan.decision.gap == 0
