"""A back-test's outcome as a table for people and as JSON for programs."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from api.backtest.replay import Outcome
from api.backtest.run import Asked
from domain.routing.replay.figures import Figures

Row = tuple[str, Callable[[Figures], Any], str]
"""What a figure is called, how it is found, and how it is written."""

ROWS: Final[tuple[Row, ...]] = (
    ("decisions", lambda f: f.decisions, ",d"),
    ("refused", lambda f: f.refused, ",d"),
    ("units wanted", lambda f: f.wanted_units, ",f"),
    ("units served", lambda f: f.served_units, ",f"),
    ("units served later", lambda f: f.served_later_units, ",f"),
    ("fulfilments", lambda f: f.fulfilments, ",d"),
    ("fulfilments per order", lambda f: f.fulfilments_per_order, ".3f"),
    ("split orders, %", lambda f: 100 * f.split_rate, ".1f"),
    ("parcels", lambda f: f.parcels, ",d"),
    ("shipping cost", lambda f: f.shipping_cost, ",.2f"),
    ("handling cost", lambda f: f.handling_cost, ",.2f"),
    ("shipping and handling", lambda f: f.cost, ",.2f"),
    ("no carrier takes", lambda f: f.uncarried, ",d"),
    ("distance, km", lambda f: f.distance_km, ",.0f"),
    ("distance unknown", lambda f: f.unknown_distances, ",d"),
    ("promised days", lambda f: f.mean_days, ".2f"),
    ("spread of work", lambda f: f.spread, ".3f"),
    ("busiest site, %", lambda f: 100 * f.busiest_share, ".1f"),
    ("searches cut short", lambda f: f.inexact, ",d"),
)
QUIET: Final = frozenset(
    {"refused", "units served later", "no carrier takes", "distance unknown", "searches cut short"}
)
"""Figures that are left out of the table where they are 0 everywhere."""


def as_table(outcome: Outcome) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Return headings and rows: a figure a row, a way of deciding a column."""
    headings = ("", *outcome.columns)
    rows: list[Sequence[str]] = []
    for name, value, form in ROWS:
        values = [value(figures) for figures in outcome.columns.values()]
        if name not in QUIET or any(values):
            rows.append((name, *(written(one, form) for one in values)))
    return headings, rows


def written(value: Any, form: str) -> str:
    """Return a figure as it is written; a dash where nobody knows it."""
    return "-" if value is None else format(value, form)


def as_json(asked: Asked, outcome: Outcome) -> dict[str, Any]:
    """Return what `taktstock routing backtest --json` prints."""
    return {
        "from": asked.window.first.isoformat(),
        "to": asked.window.last.isoformat(),
        "mode": outcome.mode,
        "reference": asked.reference,
        "decisions": outcome.decisions,
        "skipped": outcome.skipped,
        "columns": {name: figures_of(one) for name, one in outcome.columns.items()},
        "decided_per_second": {
            name: round(speed) for name, speed in outcome.decided_per_second.items()
        },
    }


def figures_of(figures: Figures) -> dict[str, Any]:
    """Return a column's figures by name; money and quantities as text, exact."""
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in asdict(figures).items()
    } | {"cost": figures.cost}
