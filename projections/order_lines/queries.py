"""Asks for the lines of an order."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.order.status import OrderStatus
from eventstore.datastore import Datastore
from projections.database import fetch

_LINES: Final = """
SELECT line_id, line_number, item_id, sku, description, currency, list_price, unit_price,
       discount_amount, amount, tax_rate, tax_amount, status, ordered, unassigned, backordered,
       reserved, shipped, delivered, cancelled, routing_hold
FROM {schema}.order_lines
WHERE order_id = %s
ORDER BY line_number
"""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with its money in the order's currency and its quantities by stage."""

    line_id: str
    line_number: int
    item_id: str
    sku: str
    description: str | None
    currency: str
    list_price: Decimal
    unit_price: Decimal
    discount_amount: Decimal
    amount: Decimal
    tax_rate: Decimal
    tax_amount: Decimal
    status: OrderStatus
    ordered: Decimal
    unassigned: Decimal
    backordered: Decimal
    reserved: Decimal
    shipped: Decimal
    delivered: Decimal
    cancelled: Decimal
    routing_hold: str | None


def lines_of(datastore: Datastore, order_id: str) -> list[FoundLine]:
    """Return the lines of an order in its sequence; none where there is no such order."""
    return fetch(datastore, FoundLine, _LINES, [order_id])
