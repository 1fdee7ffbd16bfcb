"""How much is asked of an item at a location a day, from what was asked of late.

The simple moving average: what was asked in a window of days, over its length. Source: R. J.
Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 5.2.
"""

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from domain.base.quantity import PLACES

WINDOW: Final = timedelta(days=28)
"""Four whole weeks, so that every weekday counts alike."""
SHARE: Final = Decimal("0.1")
"""A forecast stays where the new one differs by no more than this share of it."""
_DAY: Final = timedelta(days=1)
_STEP: Final = Decimal(1).scaleb(-PLACES)


def daily_demand(asked: Decimal, window: timedelta) -> Decimal:
    """Return units a day, to four decimals; a window shorter than a day counts as one."""
    days = Decimal(max(window, _DAY) // timedelta(seconds=1)) / Decimal(_DAY.total_seconds())
    return max(Decimal(0), (asked / days).quantize(_STEP, ROUND_HALF_EVEN))


def is_news(forecast: Decimal, known: Decimal) -> bool:
    """Say whether a forecast differs from the known one by more than a tenth of it."""
    return abs(forecast - known) > known * SHARE
