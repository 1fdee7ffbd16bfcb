"""How and when the parts of an order leave their locations, as it was planned."""

from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel

from domain.base.quantity import ZERO
from domain.order.events import LinesAllocated
from domain.order.state import AllocationState, Order
from domain.routing.plan import FulfilmentMode, PlannedFulfilment
from eventstore.recorded import RecordedEvent


class FulfilmentView(BaseModel):
    """Allocations that leave a location together; null is what nobody knew when it was planned.

    `leaves` is the location's working day, `ship_by` the end of its work, `arrives` the day at
    the destination.
    """

    group_id: str
    location_id: str
    mode: FulfilmentMode
    carrier: str | None
    service: str | None
    leaves: date | None
    ship_by: datetime | None
    arrives: date | None
    parcels: int | None
    allocations: list[str]


def fulfilment_views(order: Order, events: Iterable[RecordedEvent]) -> list[FulfilmentView]:
    """Return the fulfilments of which something is reserved or shipped, in their sequence.

    Units that came for a backorder later are in none: nobody planned their day.
    """
    found = []
    for recorded in events:
        match recorded.event:
            case LinesAllocated(allocations=allocations, fulfilments=fulfilments):
                for one in fulfilments:
                    ids = [
                        new.allocation_id
                        for new in allocations
                        if (new.group_id, new.location_id) == (one.group_id, one.location_id)
                        and _is_alive(order.allocations.get(new.allocation_id))
                    ]
                    if ids:
                        found.append(_view(one, ids))
    return found


def _is_alive(held: AllocationState | None) -> bool:
    return held is not None and (held.quantity > ZERO or held.shipped > ZERO)


def _view(one: PlannedFulfilment, allocations: list[str]) -> FulfilmentView:
    return FulfilmentView(
        group_id=one.group_id,
        location_id=one.location_id,
        mode=one.mode,
        carrier=one.carrier,
        service=one.service,
        leaves=one.leaves,
        ship_by=one.ship_by,
        arrives=one.arrives,
        parcels=one.parcels,
        allocations=allocations,
    )
