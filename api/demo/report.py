"""What the demo came to: one JSON object, or words that a shopkeeper understands."""

import resource
from collections.abc import Mapping
from typing import Any, Final

from api.demo.figures import Figures
from api.demo.month import Loaded

_KIB_PER_MIB: Final = 1024


def as_json(loaded: Loaded, figures: Figures, *, projections_match: bool) -> dict[str, Any]:
    """Return the figures under the keys that `docs/demo.md` explains."""
    return {
        **loaded.survey.reconciliation.row_figures(),
        "orders_placed": figures.orders_placed,
        "orders_refused": loaded.orders.refused.total(),
        "units_ordered": figures.units_ordered,
        "units_reserved": figures.units_reserved,
        "units_backordered": figures.units_backordered,
        "fulfilments": figures.fulfilments,
        "split_orders": figures.split_orders,
        "oversold_units": figures.oversold_units,
        "projections_match": projections_match,
        "events": figures.events,
        "seconds": round(loaded.seconds, 2),
        "setup_seconds": round(loaded.setup_seconds, 2),
        "orders_per_second": round(figures.orders_placed / loaded.seconds, 1),
        "peak_rss_mb": peak_rss_mb(),
    }


def peak_rss_mb() -> float:
    """Return the most memory this process has held, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB, 1)


def in_words(report: Mapping[str, Any]) -> list[str]:
    """Return a few lines for a shopkeeper."""
    refused = sum(report["refused_rows"].values())
    share = report["units_reserved"] / max(1, report["units_ordered"])
    places = report["fulfilments"] / max(1, report["orders_placed"])
    checked = "agree with" if report["projections_match"] else "DO NOT AGREE WITH"
    goods = (
        f"{report['rows']:,} rows of the file: {report['accepted_rows']:,} goods, "
        f"{report['charge_rows']:,} charges, {report['credit_rows']:,} credits kept aside, "
        f"{refused:,} refused."
    )
    orders = (
        f"{report['orders_placed']:,} orders placed, {report['orders_refused']:,} refused, "
        f"at {report['orders_per_second']:,.0f} a second."
    )
    units = (
        f"{report['units_ordered']:,} units ordered: {report['units_reserved']:,} on the shelf "
        f"and held ({share:.1%}), {report['units_backordered']:,} on backorder, "
        f"{report['oversold_units']:,} oversold."
    )
    routing = (
        f"{report['fulfilments']:,} fulfilments, {places:.2f} an order; "
        f"{report['split_orders']:,} orders come from more than one place."
    )
    proof = f"The read models {checked} a replay of all {report['events']:,} events."
    return [goods, orders, units, routing, proof]
