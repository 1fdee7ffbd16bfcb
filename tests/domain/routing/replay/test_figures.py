"""Figures of a window: sums, shares, and how even a day's work is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.routing.replay.figures import Tally
from domain.routing.replay.measuring import Sent
from tests.domain.routing.drafts import NOW, facts, line, location, request

KNOWN = facts({"I": dict.fromkeys("ABC", 9)})


def sends(place: str, units: int = 1, **more: object) -> Sent:
    """Return what a location sends a kilometre far, for a handling cost of 2."""
    plain = Sent("g1", place, Decimal(units), 1_000_000, Decimal(2))
    return replace(plain, **more)  # type: ignore[arg-type]


def test_sums_and_shares() -> None:
    """Two routed orders, one split, one that got nothing, one refused."""
    tally = Tally()
    asked = request(line("I", 4), of=KNOWN)
    price = {"price": Decimal("4.50"), "parcels": 2, "days": 3}
    tally.add(asked, KNOWN, [sends("A", 4, **price)])
    tally.add(asked, KNOWN, [sends("A", 1, **price), sends("B", 2, days=1, distance_mm=None)])
    tally.add(asked, KNOWN, [], is_exact=False)
    tally.add(asked, KNOWN, [], is_refused=True)
    tally.serve_later(Decimal(1))
    found = tally.figures()
    assert (found.decisions, found.routed, found.refused, found.inexact) == (4, 2, 1, 1)
    units = found.wanted_units, found.served_units, found.served_later_units
    assert [int(one) for one in units] == [16, 7, 1]
    assert (found.fulfilments, found.fulfilments_per_order, found.split_rate) == (3, 1.5, 0.5)
    assert found.shipping_cost == 9
    assert found.handling_cost == 6
    assert found.cost == 15
    assert found.distance_km == 2
    assert (found.parcels, found.unknown_distances) == (4, 1)
    assert found.mean_days == 3
    assert found.sites == {"A": 2, "B": 1, "C": 0}
    assert found.busiest_share == pytest.approx(2 / 3)


def test_spread_is_the_coefficient_of_variation_of_a_days_work() -> None:
    """2, 1 and 0 fulfilments: mean 1, deviation 0.816; a second, even day halves the mean."""
    tally = Tally()
    asked = request(line("I", 3), of=KNOWN)
    tally.add(asked, KNOWN, [sends("A"), sends("A"), sends("B")])
    assert tally.figures().spread == pytest.approx((2 / 3) ** 0.5)
    tomorrow = replace(asked, now=NOW + timedelta(days=1))
    tally.add(tomorrow, KNOWN, [sends("A"), sends("B"), sends("C")])
    assert tally.figures().spread == pytest.approx((2 / 3) ** 0.5 / 2)


def test_work_is_counted_by_capacity() -> None:
    """Two fulfilments at a site of 20 a day weigh as one at a site of 10."""
    known = facts(
        {"I": {"A": 9, "B": 9}},
        [location("A", capacity_per_day=20), location("B", capacity_per_day=10)],
    )
    tally = Tally()
    tally.add(request(line("I", 3), of=known), known, [sends("A"), sends("A"), sends("B")])
    assert tally.figures().spread == 0


def test_nothing_at_all_is_no_division_by_zero() -> None:
    """An empty window has figures of 0, and None where nobody can know."""
    found = Tally().figures()
    assert (found.fulfilments_per_order, found.spread, found.busiest_share) == (0, 0, 0)
    assert found.mean_days is None
    assert found.cost is None
