"""What the caller is told about lines that were placed or routed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.base.handling import Json
from domain.base.money import to_minor
from domain.base.quantity import ZERO, as_number, plain
from domain.handlers.placing.planning import Routed
from domain.handlers.placing.promising import unplaced
from domain.order.events import GroupPromise, OrderLine, OrderPlaced
from domain.order.pricing import totals
from domain.order.status import OrderStatus, Stages, status
from domain.stock.errors import InsufficientStock

MOST_NAMED: Final = 5
"""Lines that a refusal names in its sentence; its members have all."""


def insufficient_stock(routed: Routed) -> InsufficientStock:
    """Return the refusal of an order that is short; `short_lines` has the lines at fault."""
    short = dict.fromkeys(routed.demand.lines, ZERO)
    wanted = dict(short)
    for one in routed.shortages:
        short[one.line_id] += one.quantity
    for (line_id, _), quantity in routed.demand.wanted.items():
        wanted[line_id] += quantity
    lines = [
        {
            "line_id": line_id,
            "sku": routed.demand.lines[line_id].sku,
            "wanted": str(plain(wanted[line_id])),
            "available": str(plain(wanted[line_id] - missing)),
        }
        for line_id, missing in short.items()
        if missing > 0
    ]
    named = ", ".join(dict.fromkeys(line["sku"] for line in lines[:MOST_NAMED]))
    others = f" and {len(lines) - MOST_NAMED} more lines" if len(lines) > MOST_NAMED else ""
    return InsufficientStock(f"Too little is free of {named}{others}", short_lines=lines)


def stages_of(lines: Iterable[OrderLine], routed: Routed | None) -> Stages:
    """Return the summed quantities of a new order by stage."""
    ordered = sum((line.quantity for line in lines), ZERO)
    if routed is None:
        return Stages(ordered=ordered, unassigned=ordered)
    reserved = sum((one.quantity for one in routed.allocations), ZERO)
    queued = sum((one.quantity for one in routed.backorders), ZERO)
    return Stages(
        ordered=ordered,
        unassigned=ordered - reserved - queued,
        backordered=queued,
        reserved=reserved,
    )


def status_of(placed: OrderPlaced, routed: Routed | None) -> OrderStatus:
    """Return the status of a new order."""
    return status(stages_of(placed.lines, routed))


def routed_lines(routed: Routed) -> Sequence[Json]:
    """Return the routed lines with what each got, and where."""
    lines: dict[str, dict[str, list[Json]]] = {
        line_id: {"allocated": [], "backordered": []} for line_id, _ in routed.demand.wanted
    }
    for held in routed.allocations:
        lines[held.line_id]["allocated"].append(
            {
                "allocation_id": held.allocation_id,
                "group_id": held.group_id,
                "location_id": held.location_id,
                "quantity": as_number(held.quantity),
            }
        )
    for queued in routed.backorders:
        lines[queued.line_id]["backordered"].append(
            {
                "backorder_id": queued.backorder_id,
                "group_id": queued.group_id,
                "location_id": queued.location_id,
                "quantity": as_number(queued.quantity),
            }
        )
    open_quantities = dict.fromkeys(lines, ZERO)
    shares = set(unplaced(routed))
    for short in routed.shortages:
        if (short.line_id, short.group_id) in shares:
            open_quantities[short.line_id] += short.quantity
    return [
        {
            "line_id": line_id,
            "sku": routed.demand.lines[line_id].sku,
            "allocated": parts["allocated"],
            "backordered": parts["backordered"],
            "unassigned": as_number(open_quantities[line_id]),
        }
        for line_id, parts in lines.items()
    ]


def promised(promises: Iterable[GroupPromise]) -> Sequence[Json]:
    """Return promises as RFC 3339 instants; null where nothing can be said yet."""
    return [
        {
            "group_id": one.group_id,
            "ship_by": one.ship_by.isoformat() if one.ship_by is not None else None,
            "deliver_by": one.deliver_by.isoformat() if one.deliver_by is not None else None,
        }
        for one in promises
    ]


def money_of(placed: OrderPlaced) -> Mapping[str, Json]:
    """Return an order's totals as decimal texts in its currency."""
    sums = totals(placed.lines, placed.charges, tax_included=placed.prices == "gross")
    currency = placed.currency
    return {
        "currency": currency,
        "lines": str(to_minor(sums.lines, currency)),
        "charges": str(to_minor(sums.charges, currency)),
        "tax": str(to_minor(sums.tax, currency)),
        "total": str(to_minor(sums.total, currency)),
    }
