"""Hard constraints: no plan breaks them, and the decision counts whom they barred."""

from dataclasses import replace
from decimal import Decimal

from domain.item.events import ItemAttributes
from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.plan import RoutingPlan
from domain.routing.policy import DEFAULT_POLICY, Constraints, Policy
from domain.routing.request import Place
from tests.domain.routing.drafts import (
    facts,
    group,
    line,
    location,
    request,
    route_by,
    sent,
    short,
)


def described(known: RoutingFacts, item: str, **attributes: object) -> RoutingFacts:
    """Return the facts with an item described further."""
    plain = known.items[item]
    changed = ItemAttributes(sku=item, name=item, **attributes)  # type: ignore[arg-type]
    return replace(known, items={**known.items, item: replace(plain, attributes=changed)})


def barred(plan: RoutingPlan) -> dict[str, int]:
    """Return how many locations each reason excluded."""
    return {one.reason: one.locations for one in plan.decision.exclusions}


def with_constraints(**settings: object) -> Policy:
    """Return the default policy with other constraints."""
    return replace(DEFAULT_POLICY, constraints=Constraints(**settings))  # type: ignore[arg-type]


def test_goods_go_only_where_they_can_be_handled() -> None:
    """Hazardous, bulky and oversize goods need their capability; others may come from anywhere."""
    plain = facts(
        {"I": {"A": 5, "B": 5}, "J": {"A": 5, "B": 5}},
        [
            location("A"),
            location("B", east=9.0, capabilities=("ship", "hazardous", "bulky", "oversize")),
        ],
    )
    for attributes in ({"hazard_class": "3"}, {"bulky": True}, {"length_mm": 1_300}):
        known = described(plain, "I", **attributes)
        plan = route(request(line("I", 2), of=known), known)
        assert sent(plan) == {("I", "B"): 2}
        assert barred(plan) == {"capability-missing": 1}
        assert sent(route(request(line("J", 2), of=known), known)) == {("J", "A"): 2}


def test_what_a_policy_does_not_require_bars_nobody() -> None:
    """A policy that asks for no capability sends hazardous goods from the nearest."""
    known = described(facts({"I": {"A": 5, "B": 5}}), "I", hazard_class="3")
    policy = with_constraints(require=())
    assert sent(route_by(request(line("I", 2), of=known), known, policy)) == {("I", "A"): 2}


def test_a_customer_collects_hazardous_goods_without_further_ado() -> None:
    """Capabilities for sending are not asked for where nothing is sent."""
    known = described(facts({"I": {"A": 5}}), "I", hazard_class="3")
    asked = request(group(line("I", 2), method="pickup", store="A"), of=known)
    assert sent(route(asked, known)) == {("I", "A"): 2}


def test_bulky_goods_have_a_radius() -> None:
    """Too far, or nobody knows how far: both are outside."""
    able = ("ship", "bulky")
    known = described(
        facts(
            {"I": {"A": 1, "B": 5, "C": 5}},
            [
                location("A", east=0.5, capabilities=able),
                location("B", east=9.0, capabilities=able),
                location("C", east=None, capabilities=able),
            ],
        ),
        "I",
        bulky=True,
    )
    policy = with_constraints(bulky_radius_km=Decimal(100))
    plan = route_by(request(line("I", 2), of=known), known, policy)
    assert sent(plan) == {("I", "A"): 1}
    assert short(plan) == {"I": 1}
    assert barred(plan) == {"too-far-for-bulky-goods": 2}


def test_a_location_sends_only_to_the_countries_it_serves() -> None:
    """Countries are a list, or every country."""
    known = facts(
        {"I": {"A": 5, "B": 5}},
        [location("A", countries=("AT", "CH")), location("B", east=9.0)],
    )
    plan = route(request(line("I", 1), of=known), known)
    assert sent(plan) == {("I", "B"): 1}
    assert barred(plan) == {"country-not-served": 1}


def test_export_needs_its_capability_unless_countries_are_one_market() -> None:
    """Within the policy's domestic countries nothing is exported."""
    known = facts(
        {"I": {"A": 5, "B": 5}}, [location("A"), location("B", capabilities=("ship", "export"))]
    )
    abroad = group(line("I", 1), destination=Place("FR"))
    asked = request(abroad, of=known)
    strict = with_constraints(require=("export",))
    plan = route_by(asked, known, strict)
    assert sent(plan) == {("I", "B"): 1}
    assert barred(plan) == {"no-export": 1}
    union = with_constraints(require=("export",), domestic=("DE", "FR"))
    assert sent(route_by(asked, known, union)) == {("I", "A"): 1}


def test_a_set_comes_whole_from_one_location_or_not_at_all() -> None:
    """Two lines of one set are never parted, though parts of it lie nearer."""
    known = facts({"I": {"A": 5, "B": 5}, "J": {"A": 1, "B": 5}, "K": {"A": 9}})
    gift = (line("I", 2, set_id="gift"), line("J", 2, set_id="gift"))
    plan = route(request(*gift, line("K", 1), of=known), known)
    assert sent(plan) == {("I", "B"): 2, ("J", "B"): 2, ("K", "A"): 1}
    poor = facts({"I": {"A": 5}, "J": {"B": 5}, "K": {"A": 9}})
    plan = route(request(*gift, line("K", 1), of=poor), poor)
    assert sent(plan) == {("K", "A"): 1}
    assert short(plan) == {"I": 2, "J": 2}


def test_no_plan_has_more_fulfilments_than_the_policy_allows() -> None:
    """With at most two locations, the two that send most units are used."""
    known = facts({"I": {"A": 1, "B": 4, "C": 2, "D": 3}})
    policy = with_constraints(most_fulfilments=2)
    plan = route_by(request(line("I", 10), of=known), known, policy)
    assert sent(plan) == {("I", "B"): 4, ("I", "D"): 3}
    assert short(plan) == {"I": 3}
