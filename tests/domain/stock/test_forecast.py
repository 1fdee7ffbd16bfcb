"""A forecast is the mean of what was asked for, and stays unless the news are great."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.stock.commands import SetDemandForecast
from domain.stock.events import DemandForecastSet
from domain.stock.forecast import WINDOW, daily_demand, is_news
from tests.domain.order.shop import given_shop
from tests.support.commands import ask


def test_the_mean_is_over_whole_weeks() -> None:
    """Of 42 units in 28 days 1.5 a day; to four decimals."""
    assert daily_demand(Decimal(42), WINDOW) == Decimal("1.5")
    assert daily_demand(Decimal(1), timedelta(days=3)) == Decimal("0.3333")


def test_a_short_history_counts_as_a_day() -> None:
    """What was asked in an hour is no forecast of 24 times as much; nothing is below 0."""
    assert daily_demand(Decimal(6), timedelta(hours=1)) == 6
    assert daily_demand(Decimal(-3), WINDOW) == 0


@given(st.decimals(0, 10_000, places=2), st.integers(1, 60))
def test_a_forecast_returns_what_was_asked(asked: Decimal, days: int) -> None:
    """A day's demand times the days is what was asked, to half a ten-thousandth a day."""
    forecast = daily_demand(asked, timedelta(days=days))
    assert abs(forecast * days - asked) <= days * Decimal("0.00005")


def test_small_changes_are_no_news() -> None:
    """A tenth more or less stays as it is; any demand is news where there was none."""
    assert not is_news(Decimal("1.1"), Decimal(1))
    assert is_news(Decimal("1.2"), Decimal(1))
    assert is_news(Decimal("0.0001"), Decimal(0))
    assert is_news(Decimal(0), Decimal(1))
    assert not is_news(Decimal(0), Decimal(0))


def forecast(units: str) -> SetDemandForecast:
    """Return the command that forecasts so many units of tea a day in the north."""
    return ask(SetDemandForecast, units_per_day=Decimal(units), sku="TEA", location_id="north")


def test_a_forecast_is_kept_with_the_stock() -> None:
    """The same again changes nothing."""
    command = forecast("2.50")
    outcome = given_shop(tea_north="5").when(command)
    outcome.then("stock:tea@north", DemandForecastSet(Decimal("2.5")))
    assert outcome.state("stock:tea@north").daily_demand == Decimal("2.5")
    outcome.and_when(forecast("2.5")).then_nothing()
