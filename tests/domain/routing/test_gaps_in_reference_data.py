"""What reference data do not know: a stated fallback or a stated exclusion, never a crash."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from domain.item.events import ItemAttributes
from domain.routing.facts import RoutingFacts
from domain.routing.plan import RoutingPlan
from domain.routing.policy import DEFAULT_POLICY, Criterion, Policy
from domain.routing.promise import hand_over
from domain.routing.reference import Reference, Service, ZoneRange, ZoneTable
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

CHEAPEST = Policy("cheapest", 1, (Criterion("unfilled"), Criterion("shipping-cost")))
SOONEST = Policy("soonest", 1, (Criterion("unfilled"), Criterion("promise")))


def parcel(name: str = "Parcel", price: int = 5, **settings: Any) -> Service:
    """Return a service that goes everywhere in two days, to 20 kg."""
    rates = {"": ((20_000, Decimal(price)),)}
    values: dict[str, Any] = {"rates": rates, "transit_days": {"": 2}, **settings}
    return Service(carrier="Post", name=name, **values)


def carried(*services: Service, item: ItemAttributes | None = None) -> RoutingFacts:
    """Return the facts of one item at one location, with carriers."""
    known = facts({"I": {"A": 9}})
    attributes = item or ItemAttributes(sku="I", name="I", weight_grams=500)
    items = {"I": replace(known.items["I"], attributes=attributes)}
    return replace(known, items=items, reference=Reference(services))


def routed(known: RoutingFacts, policy: Policy = DEFAULT_POLICY, **settings: Any) -> RoutingPlan:
    """Return the plan for one piece."""
    return route_by(request(group(line("I", 1), **settings), of=known), known, policy)


def reasons(plan: RoutingPlan) -> list[tuple[str, int]]:
    """Return the plan's exclusions; nothing was sent."""
    assert plan.allocations == ()
    assert [one.quantity for one in plan.shortages] == [1]
    return [(one.reason, one.locations) for one in plan.decision.exclusions]


def test_a_postal_code_nobody_knows_has_no_distance_and_is_sent_to() -> None:
    """The distance is stated as unknown; the only zone of the service is everywhere."""
    plan = routed(carried(parcel()), destination=Place("DE", postal_code="00000"))
    assert sent(plan) == {("I", "A"): 1}
    assert figure(plan, "unknown-distances") == 1


def test_a_location_without_coordinates_comes_last() -> None:
    """Its distance is unknown, and any that is known is better."""
    nowhere = location("A", east=None)
    known = facts({"I": {"A": 5, "B": 5}}, [nowhere, location("B", east=40.0)])
    plan = routed(known)
    assert sent(plan) == {("I", "B"): 1}
    assert sent(routed(replace(known, locations={"A": known.locations["A"]}))) == {("I", "A"): 1}


def test_a_weight_above_the_table_is_carried_by_nobody() -> None:
    """The heaviest single item counts; more pieces make more parcels."""
    heavy = ItemAttributes(sku="I", name="I", weight_grams=20_001)
    assert reasons(routed(carried(parcel(), item=heavy))) == [("no-carrier", 1)]
    just = ItemAttributes(sku="I", name="I", weight_grams=20_000)
    assert sent(routed(carried(parcel(), item=just))) == {("I", "A"): 1}


def test_an_item_must_fit_whichever_way_it_is_turned() -> None:
    """Sides are compared longest with longest; one that nobody measured bars nothing."""
    service = parcel(greatest_mm=(1_200, 600, 600))
    board = ItemAttributes(
        sku="I", name="I", weight_grams=100, length_mm=20, width_mm=1_100, height_mm=610
    )
    assert reasons(routed(carried(service, item=board))) == [("no-carrier", 1)]
    fits = replace(board, height_mm=590)
    assert sent(routed(carried(service, item=fits))) == {("I", "A"): 1}
    unmeasured = replace(board, height_mm=None)
    assert sent(routed(carried(service, item=unmeasured))) == {("I", "A"): 1}


def test_a_destination_in_no_zone_and_a_level_nobody_offers_have_no_carrier() -> None:
    """Stated as such; an express order is not sent by standard in silence."""
    zones = ZoneTable({("DE", ""): ((ZoneRange("DE", "1", "1", ""),),)}, digits=(0,))
    zoned = carried(parcel(zones=zones))
    assert reasons(routed(zoned, destination=Place("DE", postal_code="80331"))) == [
        ("no-carrier", 1)
    ]
    assert reasons(routed(zoned, destination=Place("DE"))) == [("no-carrier", 1)]
    assert sent(routed(zoned, destination=Place("DE", postal_code="D-10115"))) == {("I", "A"): 1}
    assert reasons(routed(carried(parcel()), service="express")) == [("no-carrier", 1)]


def test_prices_of_another_currency_are_never_added() -> None:
    """Where cost is weighed such a service is out, and where it was the only one, that is why."""
    pounds = parcel("Royal", price=1, currency="GBP")
    lost = routed(carried(pounds), CHEAPEST)
    assert reasons(lost) == [("carrier-in-another-currency", 1)]
    both = routed(carried(pounds, parcel()), CHEAPEST)
    assert figure(both, "shipping-cost") == 5
    assert [one.service for one in both.fulfilments] == ["Parcel"]
    british = replace(CHEAPEST, currency="GBP")
    assert figure(routed(carried(pounds, parcel()), british), "shipping-cost") == 1


def test_where_cost_is_not_weighed_the_currency_does_not_matter() -> None:
    """The service goes, in whatever money it is paid."""
    plan = routed(carried(parcel("Royal", currency="GBP")))
    assert [one.service for one in plan.fulfilments] == ["Royal"]


def test_a_location_without_an_open_day_is_closed_not_without_a_carrier() -> None:
    """The reason is the true one."""
    known = carried(parcel())
    shut = location("A", open_days=())
    assert reasons(routed(replace(known, locations={"A": shut}), SOONEST)) == [("closed", 1)]


def test_a_calendar_of_an_unknown_region_is_its_countrys() -> None:
    """And one of an unknown country has no days off."""
    friday = datetime(2026, 12, 25, 9, 0, tzinfo=UTC)
    calendars = {"DE": {friday.date()}, "DE-BY": {friday.date(), date(2026, 12, 28)}}

    def leaves(name: str) -> date | None:
        return hand_over(location("A", holiday_calendar=name), friday, calendars)

    assert leaves("DE-BY") == date(2026, 12, 29)
    assert leaves("DE-XX") == date(2026, 12, 28)
    assert leaves("ZZ") == friday.date()
