"""A delivery group is routed by the policy that names most about it, published last."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.routing.choosing import ActivePolicy, choose, effective_priority
from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.plan import GroupPolicy, LocationWork
from domain.routing.policy import DEFAULT_POLICY, Audience, Criterion, CriterionName, Policy
from domain.routing.policy_content import content_hash
from domain.routing.request import Place
from tests.domain.routing.drafts import facts, group, line, location, request, route_by, sent

ASKED = {"customer_group": "vip", "channel_id": "web"}
GROUP = group(line("I", 1), service="express", destination=Place("DE"))


def active(policy_id: str, published: int, **audience: tuple[str, ...]) -> ActivePolicy:
    """Return an active policy for an audience."""
    policy = replace(DEFAULT_POLICY, policy_id=policy_id, applies_to=Audience(**audience))
    return ActivePolicy(policy, published)


def criteria(*names: CriterionName) -> tuple[Criterion, ...]:
    """Return units first, then criteria in this order."""
    return tuple(Criterion(name) for name in ("unfilled", *names))


def chosen(*known: ActivePolicy, **asked: Any) -> str | None:
    """Return the id of the policy chosen for a vip's express delivery to Germany."""
    one = choose(request(GROUP, of=facts({}), **{**ASKED, **asked}), GROUP, known)
    return None if one is None else one.policy.policy_id


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"customer_groups": ("vip",)}, {"services": ("express",)}),
        ({"services": ("express",)}, {"channels": ("web",)}),
        ({"channels": ("web",)}, {"markets": ("DE",)}),
        ({"markets": ("DE",)}, {}),
        (
            {"customer_groups": ("vip",)},
            {"services": ("express",), "channels": ("web",), "markets": ("DE",)},
        ),
        ({"services": ("express",), "markets": ("AT", "DE")}, {"services": ("express",)}),
    ],
)
def test_what_names_more_wins(
    more: dict[str, tuple[str, ...]], less: dict[str, tuple[str, ...]]
) -> None:
    """Customer group goes before service, that before channel, that before market."""
    assert chosen(active("more", 1, **more), active("less", 2, **less)) == "more"
    assert chosen(active("less", 1, **less), active("more", 2, **more)) == "more"


def test_among_equals_the_last_published_wins() -> None:
    """However many values are named, and in whatever order facts list the policies."""
    early, late = active("early", 3, markets=("DE",)), active("late", 4, markets=("AT", "DE"))
    assert chosen(early, late) == chosen(late, early) == "late"


@pytest.mark.parametrize(
    "audience",
    [
        {"customer_groups": ("staff",)},
        {"services": ("standard",)},
        {"channels": ("shop",)},
        {"markets": ("AT",)},
        {"customer_groups": ("vip",), "markets": ("AT",)},
    ],
)
def test_a_policy_for_others_is_never_chosen(audience: dict[str, tuple[str, ...]]) -> None:
    """Everything it names must fit."""
    assert chosen(active("others", 9, **audience)) is None


def test_an_order_without_customer_group_is_in_none() -> None:
    """A policy for a customer group is not for customers that nobody grouped."""
    assert chosen(active("vips", 1, customer_groups=("vip",)), customer_group=None) is None


def two_groups() -> tuple[RoutingFacts, Policy]:
    """Return facts where Germany has a policy of its own, by priority of locations."""
    near, far = location("near", east=1), location("far", east=9, priority=-5)
    own = Policy("own", 3, criteria("priority"), applies_to=Audience(markets=("DE",)))
    known = facts({"I": {"near": 9, "far": 9}}, [near, far], policies=(ActivePolicy(own, 1),))
    return known, own


def test_each_group_has_its_own_policy_and_the_decision_names_it() -> None:
    """One order to two countries: the policy for Germany leaves the other to the default."""
    known, own = two_groups()
    asked = request(
        group(line("I", 1, line_id="1"), group_id="de"),
        group(line("I", 1, line_id="2"), group_id="at", destination=Place("AT", None, None, 50, 8)),
        of=known,
    )
    plan = route(asked, known)
    assert sent(plan) == {("1", "far"): 1, ("2", "near"): 1}
    assert plan.decision.policies == (GroupPolicy("de", "own/3"), GroupPolicy("at", "default/1"))
    assert plan.decision.hashes == (("policy:own/3", content_hash(own)),)


def test_a_mapping_goes_before_what_is_active() -> None:
    """A candidate can be tried on facts in which another policy is active."""
    known, _ = two_groups()
    asked = request(line("I", 1), of=known)
    assert sent(route(asked, known)) == {("I", "far"): 1}
    candidate = Policy("candidate", 1, criteria("distance"))
    plan = route_by(asked, known, candidate)
    assert sent(plan) == {("I", "near"): 1}
    assert plan.decision.hashes == (("policy:candidate/1", content_hash(candidate)),)


def test_open_work_is_kept_only_where_a_policy_looks_at_it() -> None:
    """Candidates' work for backlog, their zones' too for zone-backlog, else nothing."""
    places = [
        replace(location("A", backlog_zone="north"), open_fulfilments=5),
        replace(location("B", backlog_zone="south"), open_fulfilments=0),
        replace(location("C", backlog_zone="north"), open_fulfilments=7),
        replace(location("D", backlog_zone="west"), open_fulfilments=9),
    ]
    known = facts({"I": {"A": 1}}, places)
    asked = request(line("I", 1), of=known, candidates=("A", "B"))
    assert route(asked, known).decision.work == ()
    by_place = route_by(asked, known, Policy("p", 1, criteria("backlog")))
    assert by_place.decision.work == (LocationWork("A", 5),)
    by_zone = route_by(asked, known, Policy("p", 1, criteria("zone-backlog")))
    assert by_zone.decision.work == (LocationWork("A", 5), LocationWork("C", 7))


def test_a_policy_raises_its_customers_priority() -> None:
    """The greater of the order's own and what its groups' policies give counts."""
    gives = ActivePolicy(replace(DEFAULT_POLICY, priorities=(("vip", 7),)), 1)
    known = facts({})
    asked = request(GROUP, of=known, **ASKED)
    assert effective_priority(asked, (gives,)) == 7
    assert effective_priority(replace(asked, priority=9), (gives,)) == 9
    assert effective_priority(replace(asked, customer_group="staff"), (gives,)) == 0
    assert effective_priority(replace(asked, priority=3), ()) == 3


def test_content_is_what_a_policy_says() -> None:
    """The hash knows no notation of numbers, and changes with what is said."""
    policy = Policy("p", 1, criteria("distance"))
    tolerant = replace(policy, criteria=(Criterion("unfilled"), Criterion("distance", Decimal(10))))
    written = replace(
        policy, criteria=(Criterion("unfilled"), Criterion("distance", Decimal("1e1")))
    )
    assert content_hash(tolerant) == content_hash(written)
    assert len({content_hash(one) for one in (policy, tolerant, replace(policy, version=2))}) == 3


def test_the_hash_of_a_plain_policy_stays() -> None:
    """Decisions of any age find their policy by it, whatever policies have learnt since."""
    assert content_hash(Policy("nearest", 3, criteria("distance"))) == (
        "94a98763ee16068fc3f03bc93e43891417667dba9ceb5f72b84ae7cff03bcae3"
    )
