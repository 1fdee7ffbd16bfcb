"""How far a suspended location's work has moved, and why the rest of it stays."""

from typing import Final

from domain.base.messages import Event
from domain.order.events import AllocationReleased
from domain.order.moving import SUSPENDED
from domain.order.rerouting_events import AllocationsKept, DeliveryChoiceAwaited, DeliveryChosen
from projections.backlog.rows import FULFILMENTS, LOCATIONS
from projections.rows import Tables

STAYING: Final = (AllocationsKept, DeliveryChoiceAwaited, DeliveryChosen)
"""The events that say why work stays where it is."""

CUSTOMER_CHOICE: Final = "customer-choice"
CUSTOMER_WAITS: Final = "customer-waits"


def count_moved(order_id: str, event: AllocationReleased, tables: Tables) -> None:
    """Count units that left a suspended location, and the order once it has nothing left there."""
    if event.reason != SUSPENDED:
        return
    location = tables[LOCATIONS].change(event.location_id)
    location.moved_units += event.quantity
    row = tables[FULFILMENTS].get(order_id, event.location_id)
    if row is None or row.units_allocated <= 0:
        location.moved_orders += 1


def note_staying(order_id: str, event: Event, tables: Tables) -> None:
    """Keep why what a location has of an order stays there."""
    match event:
        case AllocationsKept(location_id, _, reason):
            _stays(order_id, location_id, reason, tables)
        case DeliveryChoiceAwaited(_, location_id):
            _stays(order_id, location_id, CUSTOMER_CHOICE, tables)
        case DeliveryChosen(choice="wait", group=group) if group.store is not None:
            _stays(order_id, group.store, CUSTOMER_WAITS, tables)


def _stays(order_id: str, location_id: str, why: str, tables: Tables) -> None:
    row = tables[FULFILMENTS].known(order_id, location_id)
    if row is not None:
        row.stays = why
