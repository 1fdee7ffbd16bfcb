"""Demand is forecast from what orders asked of late, once, and routing knows it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.base.handling import FactsWanted
from projections.facts import PostgresFacts
from scheduler.jobs import forecast_demand as module
from scheduler.jobs.forecast_demand import forecast_demand
from tests.scheduler.shop import Shop, now, open_shop


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Shop]:
    """Return the shop; 3 tea of order 1001 are reserved in the north."""
    with open_shop(postgres, schema) as opened:
        opened.place("1001")
        yield opened


def forecasts(shop: Shop) -> dict[str, Decimal]:
    """Return what routing knows of the demand for tea by location."""
    shop.fold()
    facts = PostgresFacts(shop.partition.datastore).read(FactsWanted("web", skus=("tea",)))
    stock = facts.items["tea"].stock
    return {place: one.daily_demand for place, one in stock.items() if one.daily_demand}


def test_what_was_asked_for_is_forecast_once(shop: Shop) -> None:
    """A second run on the same day changes nothing."""
    assert forecasts(shop) == {}
    assert forecast_demand(shop.desk, now()) == {"asked": 1, "changed": 1, "set": 1}
    assert forecasts(shop) == {"north": 3}
    head = shop.partition.reader.head()
    assert forecast_demand(shop.desk, now()) == {"asked": 1, "changed": 0, "set": 0}
    assert shop.partition.reader.head() == head


def test_a_lost_reservation_counts_elsewhere(shop: Shop) -> None:
    """What the north could not hold was not asked of it in the end."""
    shop.count("north", 0)
    forecast_demand(shop.desk, now())
    assert forecasts(shop) == {}


def test_old_demand_is_forgotten(shop: Shop) -> None:
    """When the window has passed the order, nothing is forecast any more."""
    forecast_demand(shop.desk, now())
    assert forecasts(shop) == {"north": 3}
    later = now() + timedelta(days=29)
    assert forecast_demand(shop.desk, later) == {"asked": 0, "changed": 1, "set": 1}
    assert forecasts(shop) == {}


def test_a_read_model_behind_sets_nothing_twice(shop: Shop) -> None:
    """The same forecast of the same day is one command."""
    forecast_demand(shop.desk, now())
    head = shop.partition.reader.head()
    forecast_demand(shop.desk, now())
    assert shop.partition.reader.head() == head


def test_a_run_is_bounded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is left to the next run."""
    monkeypatch.setattr(module, "MOST", 0)
    assert forecast_demand(shop.desk, now()) == {"asked": 1, "changed": 1, "set": 0}
    assert forecasts(shop) == {}
