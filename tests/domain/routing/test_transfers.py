"""Goods for a pick-up may come from elsewhere where the policy allows: the store's own win."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedFulfilment, RoutingPlan
from domain.routing.policy import Constraints, Criterion, CriterionName, Policy
from domain.routing.reference import Reference, Service
from tests.domain.routing.drafts import facts, figure, group, line, location, request, sent, short

MONDAY, WEDNESDAY, THURSDAY = (date(2026, 3, day) for day in (2, 4, 5))


def policy(*names: CriterionName, **constraints: Any) -> Policy:
    """Return a policy that allows transfers, with units first and then these criteria."""
    criteria = tuple(Criterion(name) for name in ("unfilled", *names))
    return Policy("t", 1, criteria, constraints=Constraints(transfers=True, **constraints))


def collected(known: RoutingFacts, wanted: int = 3, by: Policy | None = None) -> RoutingPlan:
    """Route a pick-up at `store`."""
    one = group(line("I", wanted), method="pickup", store="store")
    asked = request(one, of=known)
    return route(asked, known, policies={"g1": by or policy("fulfilments", "distance")})


def network(store: int, *others: int, **attributes: Any) -> RoutingFacts:
    """Return a store with so many, and others further and further away."""
    held = {"store": store, **{f"W{n}": free for n, free in enumerate(others, 1)}}
    places = [
        location("store", capabilities=("pickup",), **attributes),
        *(location(f"W{n}", east=float(n), capabilities=("ship",)) for n in range(1, len(held))),
    ]
    return facts({"I": held}, places)


def test_without_the_rule_a_store_is_alone() -> None:
    """The default policy sends nothing to a store."""
    known = network(1, 9)
    plan = collected(known, by=Policy("p", 1, (Criterion("unfilled"), Criterion("distance"))))
    assert (sent(plan), short(plan)) == ({("I", "store"): 1}, {"I": 2})


def test_a_warehouse_fills_what_the_store_lacks() -> None:
    """Ready on the store's first open day after the two weekdays that the way takes."""
    plan = collected(network(0, 9))
    assert sent(plan) == {("I", "W1"): 3}
    assert plan.fulfilments == (
        PlannedFulfilment(
            "g1",
            "W1",
            "transfer",
            leaves=MONDAY,
            ship_by=datetime(2026, 3, 2, 13, tzinfo=UTC),
            arrives=THURSDAY,
        ),
    )
    assert figure(plan, "transfers") == 1
    assert figure(plan, "fulfilments") == 2


@pytest.mark.parametrize("names", [("priority",), ("backlog", "fulfilments"), ("handling-cost",)])
def test_the_stores_own_stock_wins_whatever_else_counts(names: tuple[CriterionName, ...]) -> None:
    """A transfer comes only where units are unequal; the runner-up lost by it."""
    known = network(3, 9, priority=9, handling_cost=Decimal(9))
    known = replace(
        known,
        locations={
            **known.locations,
            "store": replace(known.locations["store"], open_fulfilments=99),
        },
    )
    plan = collected(known, by=policy(*names))
    assert sent(plan) == {("I", "store"): 3}
    assert plan.decision.runners_up[0].lost_by == "transfers"


def test_as_few_places_send_as_can() -> None:
    """One that has all wins over the store and two others together."""
    assert sent(collected(network(1, 1, 1, 9))) == {("I", "W3"): 3}


def test_carriers_bring_it_by_the_level_they_offer() -> None:
    """A service for transfers goes first; without one the standard service, at its price."""
    post = Service("Post", "Parcel", {"": ((30_000, Decimal(7)),)}, {"": 3})
    van = Service("Van", "Nightly", {"": ((30_000, Decimal(2)),)}, {"": 1}, level="transfer")
    for services, name, arrives in (((post,), "Parcel", 6), ((post, van), "Nightly", 4)):
        known = replace(network(0, 9), reference=Reference(services))
        (one,) = collected(known, by=policy("promise", "shipping-cost")).fulfilments
        assert (one.service, one.mode, one.arrives) == (name, "transfer", date(2026, 3, arrives))
        assert one.shipping_cost == services[-1].rates[""][0][1]


def test_the_promise_counts_the_way_to_the_store() -> None:
    """What the store has is ready today; what comes takes until Thursday."""
    own, other = (
        collected(network(store, 9), by=policy("promise", "distance")) for store in (9, 0)
    )
    assert [figure(plan, "promise") for plan in (own, other)] == [0, 3]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"suspended": True}, "suspended"),
        ({"capabilities": ("ship",)}, "capability-missing"),
        ({"channels": ("till",)}, "channel-not-served"),
    ],
)
def test_nothing_is_sent_to_a_store_where_nobody_may_collect(
    change: dict[str, Any], reason: str
) -> None:
    """The store is no store for this order: goods would lie there."""
    known = network(0, 9)
    suspended = change.pop("suspended", False)
    store = location("store", suspended=suspended, **{"capabilities": ("pickup",), **change})
    plan = collected(replace(known, locations={**known.locations, "store": store}))
    assert sent(plan) == {}
    assert [one.reason for one in plan.decision.exclusions] == [reason]


def test_senders_keep_what_a_shipment_keeps() -> None:
    """They have the capability to ship, serve the country, and handle what is dangerous."""
    known = network(0, 9, 9, 9)
    here = known.locations
    changed = {
        "W1": location("W1", east=1.0, capabilities=("pickup",)),
        "W2": location("W2", east=2.0, capabilities=("ship",), countries=("FR",)),
    }
    plan = collected(replace(known, locations={**here, **changed}))
    assert sent(plan) == {("I", "W3"): 3}
    assert {one.reason for one in plan.decision.exclusions} == {
        "capability-missing",
        "country-not-served",
    }
    item = known.items["I"]
    dangerous = replace(item, attributes=replace(item.attributes, hazard_class="3"))
    assert sent(collected(replace(known, items={"I": dangerous}))) == {}
