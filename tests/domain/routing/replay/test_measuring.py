"""One measure for all: units, distance, parcels, price and days of what a location sends."""

from dataclasses import replace
from decimal import Decimal

from domain.item.events import ItemAttributes
from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedAllocation, PlannedFulfilment
from domain.routing.policy import Criterion, Packing, Policy
from domain.routing.reference import Reference, Service
from domain.routing.replay.measuring import Sent, measure, measuring_policy
from domain.routing.replay.strategy import Answer, PolicyStrategy
from domain.routing.request import RoutingRequest
from tests.domain.routing.drafts import facts, line, location, request

POLICY = measuring_policy(Packing(greatest_grams=2_000, unknown_grams=500), "EUR")
SLOW = Service("Post", "slow", {"": ((1_000, Decimal(3)), (2_000, Decimal(4)))}, {"": 3})
FAST = Service("Post", "fast", {"": ((2_000, Decimal(9)),)}, {"": 1})


def known_with(*services: Service) -> RoutingFacts:
    """Return two locations with ten units of I each, and carriers."""
    known = facts(
        {"I": {"A": 10, "B": 10}},
        [location("A", handling_cost=Decimal("1.5")), location("B", east=None)],
    )
    return replace(known, reference=Reference(services=services))


def sent_by(
    known: RoutingFacts, *parts: tuple[str, int], services: tuple[str, ...] = (), chose: bool = True
) -> list[Sent]:
    """Return the measure of so many units of I from each location."""
    asked = request(line("I", 9), of=known)
    allocations = tuple(PlannedAllocation("g1", "I", s, Decimal(units)) for s, units in parts)
    fulfilments = tuple(
        PlannedFulfilment("g1", s, "ship-from-warehouse", "Post", name)
        for (s, _), name in zip(parts, services, strict=False)
    )
    return measure(asked, known, Answer(allocations, fulfilments, chose_services=chose), POLICY)


def test_a_load_is_packed_and_pays_the_cheapest_service() -> None:
    """Nine units of 500 g are three parcels of 2 kg at most: 1.5 kg each, at 4.00."""
    (one,) = sent_by(known_with(FAST, SLOW), ("A", 9))
    assert one == Sent(
        group_id="g1",
        location_id="A",
        units=Decimal(9),
        distance_mm=0,
        handling_cost=Decimal("1.5"),
        days=3,
        parcels=3,
        price=Decimal(12),
    )


def test_a_service_that_was_chosen_is_paid() -> None:
    """The decision chose the fast one; where it is not known any more, the cheapest is paid.

    So it is where a decision weighed neither cost nor days, and named the first that goes.
    """
    known = known_with(FAST, SLOW)
    (fast,) = sent_by(known, ("A", 4), services=("fast",))
    assert (fast.price, fast.days) == (Decimal(9), 1)
    (gone,) = sent_by(known, ("A", 4), services=("by drone",))
    assert (gone.price, gone.days) == (Decimal(4), 3)
    (any_one,) = sent_by(known, ("A", 4), services=("fast",), chose=False)
    assert (any_one.price, any_one.days) == (Decimal(4), 3)


def test_what_no_carrier_takes_is_said_to_be_so() -> None:
    """A single unit above every weight costs nothing and is counted, never a crash."""
    known = known_with(SLOW)
    heavy = ItemAttributes(sku="I", name="I", weight_grams=5_000)
    known = replace(known, items={"I": replace(known.items["I"], attributes=heavy)})
    (one,) = sent_by(known, ("A", 1))
    assert (one.is_carried, one.price, one.parcels, one.days) == (False, None, None, None)


def test_without_carriers_nobody_knows_a_price() -> None:
    """Days are those until goods leave; an unplaced location has no distance."""
    one, other = sent_by(known_with(), ("A", 1), ("B", 1))
    assert (one.price, one.parcels, one.days, one.is_carried) == (None, None, 0, True)
    assert (one.distance_mm, other.distance_mm) == (0, None)


def test_stock_that_is_gone_is_measured_all_the_same() -> None:
    """What was really sent counts, whatever facts hold of it now."""
    (one,) = sent_by(known_with(SLOW), ("A", 30))
    assert one.units == 30
    assert one.is_carried


def test_the_measure_is_the_engines_own() -> None:
    """Price and days of the engine's plan are what its own figures say."""
    known = known_with(FAST, SLOW)
    policy = Policy(
        "cheap",
        1,
        (Criterion("unfilled"), Criterion("shipping-cost"), Criterion("promise")),
        packing=Packing(greatest_grams=2_000, unknown_grams=500),
    )
    asked: RoutingRequest = request(line("I", 13), of=known)
    plan = route(asked, known, policies={"g1": policy})
    figures = {one.criterion: one.value for one in plan.decision.figures}
    measured = measure(asked, known, PolicyStrategy(policy).decide(asked, known), POLICY)
    assert sum(one.price or 0 for one in measured) == figures["shipping-cost"]
    assert max(one.days or 0 for one in measured) == figures["promise"]
