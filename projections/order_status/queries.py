"""Asks what a customer may know of an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.order.status import OrderStatus
from eventstore.datastore import Datastore
from projections.database import fetch

_STATUS: Final = """
SELECT order_id, channel_id, external_id, placed_at, status, words, ship_by, deliver_by, promises,
       lines, parcels, position, changed_at, choices
FROM {schema}.order_status
WHERE order_id = %s
"""


@dataclass(frozen=True, slots=True)
class CustomerStatus:
    """An order as its customer may see it; the shapes of the JSON are those of the view."""

    order_id: str
    channel_id: str
    external_id: str
    placed_at: datetime
    status: OrderStatus
    words: str
    ship_by: datetime | None
    deliver_by: datetime | None
    promises: dict[str, dict[str, Any]]
    lines: list[dict[str, Any]]
    parcels: list[dict[str, Any]]
    position: int
    changed_at: datetime
    choices: dict[str, str]


def order_status(datastore: Datastore, order_id: str) -> CustomerStatus | None:
    """Return the status of an order by its id."""
    found = fetch(datastore, CustomerStatus, _STATUS, [order_id])
    return found[0] if found else None
