"""What a policy puts first decides: cost, parcels, promise, backlog, scarcity, priority."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.item.events import ItemAttributes
from domain.routing.engine import route
from domain.routing.facts import RoutingFacts, StockFacts
from domain.routing.plan import PlannedFulfilment
from domain.routing.policy import Criterion, CriterionName, Packing, Policy
from domain.routing.reference import (
    Reference,
    Service,
    ZoneRange,
    ZoneTable,
)
from domain.routing.request import Place
from tests.domain.routing.drafts import (
    facts,
    figure,
    group,
    line,
    location,
    request,
    route_by,
    sent,
)


def policy(*names: CriterionName, **settings: Any) -> Policy:
    """Return a policy with units first, then criteria in this order."""
    criteria = tuple(Criterion(name) for name in ("unfilled", *names))
    return Policy("test", 1, criteria, **settings)


def parcel_service(name: str = "Parcel", **settings: Any) -> Service:
    """Return a service of one zone: 5.00 to 1 kg, 8.00 to 5 kg, 12.00 to 20 kg, in two days."""
    rates = {"": ((1_000, Decimal(5)), (5_000, Decimal(8)), (20_000, Decimal(12)))}
    values: dict[str, Any] = {"rates": rates, "transit_days": {"": 2}, **settings}
    return Service(carrier="Post", name=name, **values)


def carried(known: RoutingFacts, *services: Service, **weights: int) -> RoutingFacts:
    """Return the facts with carriers, and items of these grams."""
    items = {
        name: replace(
            fact,
            attributes=ItemAttributes(sku=name, name=name, weight_grams=weights.get(name, 100)),
        )
        for name, fact in known.items.items()
    }
    return replace(known, items=items, reference=Reference(services))


def test_a_split_can_be_cheaper() -> None:
    """Two light parcels cost less than a heavy one where cost stands before fulfilments."""
    known = carried(
        facts({"I": {"A": 9, "B": 1}, "J": {"A": 9, "B": 9}}),
        replace(parcel_service(), rates={"": ((1_000, Decimal(3)), (5_000, Decimal(8)))}),
        I=900,
        J=900,
    )
    asked = request(line("I", 1), line("J", 1), of=known)
    cheap = route_by(asked, known, policy("shipping-cost", "fulfilments", "distance"))
    assert sent(cheap) == {("I", "A"): 1, ("J", "B"): 1}
    assert figure(cheap, "shipping-cost") == 6
    few = route_by(asked, known, policy("fulfilments", "shipping-cost", "distance"))
    assert sent(few) == {("I", "A"): 1, ("J", "A"): 1}
    assert figure(few, "shipping-cost") == 8
    assert few.fulfilments == (
        PlannedFulfilment(
            "g1",
            "A",
            "ship-from-warehouse",
            "Post",
            "Parcel",
            leaves=date(2026, 3, 2),
            ship_by=datetime(2026, 3, 2, 13, tzinfo=UTC),
            arrives=date(2026, 3, 4),
            parcels=1,
            shipping_cost=Decimal(8),
        ),
    )


def test_the_cheapest_service_takes_what_no_criterion_decides() -> None:
    """A policy that weighs neither cost nor days sends each load by its cheapest service."""
    known = carried(
        facts({"I": {"A": 5}, "J": {"B": 5}}),
        parcel_service("Dear", rates={"": ((20_000, Decimal(9)),)}),
        parcel_service("Small", rates={"": ((1_000, Decimal(3)),)}),
        parcel_service("Foreign", rates={"": ((20_000, Decimal(1)),)}, currency="GBP"),
        I=900,
        J=1_100,
    )
    plan = route_by(request(line("I", 1), line("J", 1), of=known), known, policy("fulfilments"))
    assert [(one.location_id, one.service, one.shipping_cost) for one in plan.fulfilments] == [
        ("A", "Small", Decimal(3)),
        ("B", "Dear", Decimal(9)),
    ]


def test_a_weighted_sum_trades_cost_against_distance() -> None:
    """A far location whose handling is cheap wins only while kilometres are cheap."""
    known = facts(
        {"I": {"A": 5, "B": 5}},
        [
            location("A", east=1.0, handling_cost=Decimal("4.00")),
            location("B", east=2.0, handling_cost=Decimal("1.00")),
        ],
    )
    asked = request(line("I", 1), of=known)

    def weighed(per_km: str) -> Policy:
        return Policy(
            "money",
            1,
            (
                Criterion("unfilled", weight=Decimal(1000)),
                Criterion("handling-cost"),
                Criterion("distance", weight=Decimal(per_km)),
            ),
            order="money",
        )

    cheap = route_by(asked, known, weighed("0.01"))
    assert sent(cheap) == {("I", "B"): 1}
    total = figure(cheap, "handling-cost") + figure(cheap, "distance") / 100
    assert figure(cheap, "money") == pytest.approx(total, abs=Decimal("0.01"))
    assert sent(route_by(asked, known, weighed("0.10"))) == {("I", "A"): 1}
    assert cheap.decision.runners_up[0].lost_by == "money"


def test_within_its_tolerance_a_criterion_leaves_the_next_one_to_decide() -> None:
    """Ten kilometres more are forgiven, fifty are not."""
    known = facts(
        {"I": {"A": 5, "B": 5}},
        [
            location("A", east=1.0, handling_cost=Decimal(4)),
            location("B", east=1.1, handling_cost=Decimal(1)),
        ],
    )
    asked = request(line("I", 1), of=known)

    def tolerant(km: int) -> Policy:
        distance = Criterion("distance", tolerance=Decimal(km))
        first = (Criterion("unfilled"), Criterion("fulfilments"))
        return Policy("tolerant", 1, (*first, distance, Criterion("handling-cost")))

    assert sent(route_by(asked, known, tolerant(10))) == {("I", "B"): 1}
    assert sent(route_by(asked, known, tolerant(5))) == {("I", "A"): 1}


def test_parcels_follow_the_packing_rule() -> None:
    """Three pieces of 700 g make two parcels of at most 1.5 kg; three of 500 g make one."""
    known = carried(facts({"I": {"A": 3}}), I=700)
    packing = Packing(greatest_grams=1_500)
    asked = request(line("I", 3), of=known)
    plan = route_by(asked, known, policy("parcels", packing=packing))
    assert figure(plan, "parcels") == 2
    light = carried(facts({"I": {"A": 3}}), I=500)
    plan = route_by(asked, light, policy("parcels", packing=packing))
    assert figure(plan, "parcels") == 1


def test_the_promise_counts_cut_off_weekend_holiday_capacity_and_transit() -> None:
    """After Friday's cut-off goods leave on Monday; a holiday or a full day is one day more."""
    friday = datetime(2026, 3, 6, 13, 30, tzinfo=UTC)
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
    plain = location("A", cut_off="14:00", holiday_calendar="DE")
    known = carried(facts({"I": {"A": 3}}, [plain]), parcel_service())
    first = policy("promise")
    asked = request(line("I", 1), of=known, now=friday)
    assert figure(route_by(asked, known, first), "promise") == 5
    early = request(line("I", 1), of=known, now=datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    assert figure(route_by(early, known, first), "promise") == 4
    full = replace(
        known,
        locations={
            "A": replace(
                plain,
                attributes=replace(plain.attributes, capacity_per_day=2),
                booked={monday: 2},
            )
        },
    )
    assert figure(route_by(asked, full, first), "promise") == 6
    holiday = replace(
        known, reference=replace(known.reference, calendars={"DE": frozenset({tuesday})})
    )
    assert figure(route_by(asked, holiday, first), "promise") == 6


def test_a_faster_service_is_taken_where_the_promise_comes_first() -> None:
    """And the cheaper one where the cost does."""
    express = parcel_service("Fast", transit_days={"": 1}, rates={"": ((20_000, Decimal(20)),)})
    known = carried(facts({"I": {"A": 3}}), parcel_service(), express)
    asked = request(line("I", 1), of=known)
    fast = route_by(asked, known, policy("promise", "shipping-cost"))
    assert figure(fast, "promise") == 1
    assert figure(fast, "shipping-cost") == 20
    cheap = route_by(asked, known, policy("shipping-cost", "promise"))
    assert figure(cheap, "promise") == 2
    assert figure(cheap, "shipping-cost") == 5
    assert [one.service for one in cheap.fulfilments] == ["Parcel"]


def test_no_carrier_is_a_reason_of_its_own() -> None:
    """A postal code in no zone is not sent to, unless the service says how to treat it."""
    zones = ZoneTable({("DE", ""): ((ZoneRange("DE", "0", "4", "near"),),)}, digits=(0,))
    rates = {"near": ((20_000, Decimal(5)),), "far": ((20_000, Decimal(9)),)}
    service = parcel_service(zones=zones, rates=rates, transit_days={"near": 1, "far": 3})
    known = carried(facts({"I": {"A": 3}}), service)
    cheapest = policy("shipping-cost")

    def to(code: str) -> Any:
        there = group(line("I", 1), destination=Place("DE", postal_code=code))
        return request(there, of=known)

    assert figure(route_by(to("10115"), known, cheapest), "shipping-cost") == 5
    lost = route_by(to("80331"), known, cheapest)
    assert lost.allocations == ()
    assert [(one.reason, one.locations) for one in lost.decision.exclusions] == [("no-carrier", 1)]
    stated = replace(known, reference=Reference((replace(service, unknown_zone="far"),)))
    assert figure(route_by(to("80331"), stated, cheapest), "shipping-cost") == 9


def test_hazardous_goods_need_a_carrier_that_takes_them() -> None:
    """The dearer service is used for what the cheap one refuses."""
    brave = parcel_service("Brave", hazardous=True, rates={"": ((20_000, Decimal(30)),)})
    known = carried(
        facts({"I": {"A": 3}}, [location("A", capabilities=("ship", "hazardous"))]),
        parcel_service(),
        brave,
    )
    acid = ItemAttributes(sku="I", name="I", weight_grams=100, hazard_class="8")
    dangerous = replace(known, items={"I": replace(known.items["I"], attributes=acid)})
    asked = request(line("I", 1), of=known)
    cheapest = policy("shipping-cost")
    assert figure(route_by(asked, known, cheapest), "shipping-cost") == 5
    assert figure(route_by(asked, dangerous, cheapest), "shipping-cost") == 30


def test_large_and_light_goods_are_billed_by_volume() -> None:
    """60 × 50 × 40 cm over a divisor of 5,000 is 24 kg: two parcels of at most 20 kg."""
    known = carried(facts({"I": {"A": 2}}), parcel_service(divisor=5_000))
    pillow = ItemAttributes(
        sku="I", name="I", weight_grams=900, length_mm=600, width_mm=500, height_mm=400
    )
    known = replace(known, items={"I": replace(known.items["I"], attributes=pillow)})
    plan = route_by(request(line("I", 1), of=known), known, policy("shipping-cost", "parcels"))
    assert figure(plan, "shipping-cost") == 24
    assert figure(plan, "parcels") == 2


def test_backlog_is_levelled_over_locations_and_zones() -> None:
    """Work goes where least waits by capacity; a zone's backlog is that of all its members."""
    busy = replace(location("A", capacity_per_day=10), open_fulfilments=20)
    idle = replace(location("B", east=9.0, capacity_per_day=100), open_fulfilments=50)
    known = facts({"I": {"A": 5, "B": 5}}, [busy, idle])
    plan = route_by(request(line("I", 1), of=known), known, policy("fulfilments", "backlog"))
    assert sent(plan) == {("I", "B"): 1}
    assert figure(plan, "backlog") == Decimal("0.5")
    zoned = facts(
        {"I": {"A": 5, "B": 5}},
        [
            replace(location("A", backlog_zone="north"), open_fulfilments=1),
            replace(location("B", east=9.0, backlog_zone="south"), open_fulfilments=10),
            replace(location("C", backlog_zone="north"), open_fulfilments=500),
        ],
    )
    asked = request(line("I", 1), of=zoned)
    by_zone = route_by(asked, zoned, policy("fulfilments", "zone-backlog"))
    assert sent(by_zone) == {("I", "B"): 1}


def test_the_last_units_near_other_demand_are_spared() -> None:
    """Stock that covers its own demand sends first; distance alone would empty the store."""
    known = facts({"I": {"A": 3, "B": 50}})
    hot = {
        "A": StockFacts(Decimal(3), daily_demand=Decimal(1)),
        "B": StockFacts(Decimal(50), daily_demand=Decimal(1)),
    }
    known = replace(known, items={"I": replace(known.items["I"], stock=hot)})
    asked = request(line("I", 2), of=known)
    assert sent(route(asked, known)) == {("I", "A"): 2}
    spared = route_by(asked, known, policy("fulfilments", "scarcity", "distance"))
    assert sent(spared) == {("I", "B"): 2}
    assert figure(spared, "scarcity") == 0


def test_preferred_locations_come_first() -> None:
    """A lower priority number is preferred, whatever the distance."""
    known = facts(
        {"I": {"A": 5, "B": 5}}, [location("A", priority=5), location("B", east=9.0, priority=-2)]
    )
    plan = route_by(request(line("I", 1), of=known), known, policy("fulfilments", "priority"))
    assert sent(plan) == {("I", "B"): 1}
