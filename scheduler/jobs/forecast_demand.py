"""Forecasts once a day what will be asked of every stock item, from what was asked of late.

Routing prices the last units of stock by it, where a policy looks at scarcity.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import structlog

from domain.base.errors import Refusal
from domain.base.quantity import ZERO
from domain.stock.commands import SetDemandForecast
from domain.stock.forecast import WINDOW, daily_demand, is_news
from eventstore.errors import Busy, HandlerFailed, describe
from eventstore.oms import command_id
from scheduler.demand import Asked, Cell, asked_between, known_forecasts, skus_of
from scheduler.job import PRINCIPAL, Desk, Figures

_NAME: Final = "forecast_demand"
MOST: Final = 5_000
"""Forecasts that one run sets, those that change most first; the next run goes on."""

log = structlog.get_logger(__name__)


def forecast_demand(desk: Desk, now: datetime) -> Figures:
    """Set the forecasts that changed by more than a tenth, and count what came of it."""
    asked = asked_between(desk, now - WINDOW, now)
    news = _news(asked, known_forecasts(desk), now)
    skus = skus_of(desk, {item_id for (item_id, _), _ in news[:MOST]})
    count = Counter(asked=len(asked.by_cell), changed=len(news), set=0)
    for (item_id, location_id), forecast in news[:MOST]:
        if item_id not in skus:
            continue
        try:
            count[_set(desk, now, (item_id, location_id), skus[item_id], forecast)] += 1
        except Busy as busy:
            log.info("rest left to the next run", **describe(busy))
            break
    return dict(count)


def _news(asked: Asked, known: Mapping[Cell, Decimal], now: datetime) -> list[tuple[Cell, Decimal]]:
    """Return the forecasts that differ from those that stand, the greatest change first."""
    changes: list[tuple[Decimal, Cell, Decimal]] = []
    for cell in {*asked.by_cell, *known}:
        forecast = daily_demand(asked.by_cell.get(cell, ZERO), now - asked.first)
        before = known.get(cell, ZERO)
        if is_news(forecast, before):
            changes.append((-abs(forecast - before), cell, forecast))
    return [(cell, forecast) for _, cell, forecast in sorted(changes)]


def _set(desk: Desk, now: datetime, cell: Cell, sku: str, forecast: Decimal) -> str:
    """Send the command, and say in a word what came of it."""
    item_id, location_id = cell
    key = f"forecast/{item_id}@{location_id}/{now.date()}/{forecast}"
    command = SetDemandForecast(
        id=command_id(desk.partition.name, PRINCIPAL, key),
        now=now,
        sku=sku,
        location_id=location_id,
        units_per_day=forecast,
    )
    told = log.bind(partition=desk.partition.name, item=item_id, location=location_id)
    try:
        desk.do(command, job=_NAME, key=key)
    except Refusal as refusal:
        told.warning("refused", code=refusal.code, detail=refusal.detail)
        return "refused"
    except HandlerFailed as fault:
        told.error("not set", **describe(fault))
        return "failed"
    return "set"
