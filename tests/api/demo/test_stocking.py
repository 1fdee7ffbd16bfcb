"""The stock plan covers what it says, and never more."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demo.network import read_locations
from api.demo.stocking import PlannedStock, plan_stock, scattered

LOCATIONS = read_locations()
DEMAND = st.dictionaries(
    st.text("ABC0123456789", min_size=1, max_size=6), st.integers(0, 100_000), max_size=50
)


@given(demand=DEMAND, seed=st.integers(0, 10), percent=st.integers(0, 100))
def test_cover_is_exact_overall_and_within_a_unit_for_each_sku(
    demand: dict[str, int], seed: int, percent: int
) -> None:
    """All SKUs together get the percentage rounded down; each gets it rounded down or up."""
    plan = plan_stock(demand, LOCATIONS, seed=seed, percent=percent)
    held = Counter[str]()
    for stock in plan:
        assert stock.quantity > 0
        held[stock.sku] += stock.quantity
    assert sum(held.values()) == sum(demand.values()) * percent // 100
    for sku, units in demand.items():
        floor, rest = divmod(units * percent, 100)
        assert floor <= held[sku] <= min(units, floor + bool(rest))


@given(demand=DEMAND, seed=st.integers(0, 10))
def test_a_seed_means_one_plan(demand: dict[str, int], seed: int) -> None:
    """The order in which demand is given does not matter, and no place is named twice."""
    plan = plan_stock(demand, LOCATIONS, seed=seed)
    assert plan == plan_stock(dict(reversed(demand.items())), LOCATIONS, seed=seed)
    assert len({(stock.sku, stock.location) for stock in plan}) == len(plan)


def test_another_seed_is_another_plan() -> None:
    """The seed is used."""
    demand = {f"SKU{n}": 100 for n in range(20)}
    assert plan_stock(demand, LOCATIONS, seed=1) != plan_stock(demand, LOCATIONS, seed=2)


def test_stock_lies_unevenly_and_mostly_in_the_main_warehouse() -> None:
    """The main warehouse holds nearly all SKUs, each shop a few."""
    demand = {f"SKU{n}": 100 for n in range(1000)}
    plan = plan_stock(demand, LOCATIONS)
    skus = Counter(stock.location for stock in plan)
    units = Counter[str]()
    for stock in plan:
        units[stock.location] += stock.quantity
    main, *others = (location.code for location in LOCATIONS)
    assert skus[main] > 900
    assert units[main] > 60_000
    assert all(20 < skus[code] < 400 for code in others)
    assert set(units) == {main, *others}


def test_one_location_holds_everything() -> None:
    """Whatever the draws say, nothing is left without a shelf."""
    shop = LOCATIONS[-1]
    assert plan_stock({"B": 100, "A": 10}, [shop]) == (
        PlannedStock("A", shop.code, 9),
        PlannedStock("B", shop.code, 97),
    )


def test_nowhere_is_no_place_for_stock() -> None:
    """A network without locations is refused."""
    with pytest.raises(ValueError, match="at least one location"):
        plan_stock({"A": 1}, [])


def test_scattered_stock_lies_at_all_locations_alike() -> None:
    """No location holds twice what another does."""
    locations = scattered(read_locations())
    plan = plan_stock({f"SKU{number:04}": 40 for number in range(400)}, locations)
    units: Counter[str] = Counter()
    for one in plan:
        units[one.location] += one.quantity
    assert max(units.values()) < 2 * min(units.values())
    assert set(units) == {one.code for one in locations}
