"""Refusals by sites, holds of routing, customers' choices, and work that moves."""

from datetime import datetime
from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from api.http.access import administrator
from api.http.numbers import Number
from api.http.orders import OrderChanged, PlacedLine, PlacedPromise, change_order
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.sending import Posting
from api.http.services import Wired
from domain.base.personal import Personal
from domain.base.quantity import ZERO, Quantity
from domain.base.text import Code
from domain.location.errors import UnknownLocation
from domain.order.commands import DestinationInput
from domain.order.rerouting_commands import ChooseDelivery, RefuseAllocation, ReleaseRoutingHold
from domain.order.rerouting_events import Choice, HoldReason, HoldReleaseReason, RefusalReason
from projections.backlog.queries import moves
from projections.locations.queries import location

routes: Final = router("re-routing")
_ADMINISTRATOR: Final = [Depends(administrator)]
_FORM: Final = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RefusalBody(BaseModel):
    """A site says no to an allocation, or to a part of it."""

    model_config = _FORM

    allocation_id: Code
    quantity: Quantity | None = None
    reason: RefusalReason
    note: Personal | None = None


class HoldReleaseBody(BaseModel):
    """Why a held order may go on; with `ask_again` also where it was refused before."""

    model_config = _FORM

    reason: HoldReleaseReason
    ask_again: bool = False
    note: Personal | None = None


class DeliveryChoiceBody(BaseModel):
    """How a delivery group goes on: in another store, shipped to a destination, or waiting."""

    model_config = _FORM

    group_id: Code
    choice: Choice
    store: Code | None = None
    destination: DestinationInput | None = None
    service: Code | None = None


class OrderRouted(OrderChanged):
    """The order was changed, and what was open of it went where `routed` says.

    `routing_hold` says why what is left is routed no more; null: it waits for goods, or
    nothing is left.
    """

    routed: list[PlacedLine]
    promises: list[PlacedPromise]
    routing_hold: HoldReason | None


class MovedWork(BaseModel):
    """Orders, and their units at a location."""

    orders: int
    units: Number


class LocationMoves(BaseModel):
    """How far a location's work has moved since it was last suspended.

    `waiting` was not tried yet; `staying` could not move, by reason: `no-other-place`,
    `too-many-tries`, `customer-choice` (its customer is asked), `customer-waits`. `since` is
    null where the location was never suspended.
    """

    location_id: str
    suspended: bool
    moves_work: bool
    since: datetime | None
    moved: MovedWork
    waiting: MovedWork
    staying: dict[str, MovedWork]


@routes.post("/orders/{order_id}/refusals", dependencies=_ADMINISTRATOR)
def refuse_allocation(order_id: str, body: RefusalBody, sender: Posting) -> OrderRouted:
    """Let a site give back what it was to send, and route it elsewhere; a pick-up asks."""
    return OrderRouted(**_done(RefuseAllocation, order_id, body, sender))


@routes.post("/orders/{order_id}/routing-holds/releases", dependencies=_ADMINISTRATOR)
def release_routing_hold(order_id: str, body: HoldReleaseBody, sender: Posting) -> OrderRouted:
    """Route a held order again."""
    return OrderRouted(**_done(ReleaseRoutingHold, order_id, body, sender))


@routes.post("/orders/{order_id}/delivery-choices")
def choose_delivery(order_id: str, body: DeliveryChoiceBody, sender: Posting) -> OrderRouted:
    """Let a delivery go on as its customer chose, and route it; refused where too little is."""
    return OrderRouted(**_done(ChooseDelivery, order_id, body, sender))


@routes.get(
    "/locations/{location_id}/moves",
    dependencies=[*_ADMINISTRATOR, up_to_date("backlog", "locations")],
)
def get_location_moves(location_id: Code, services: Wired) -> LocationMoves:
    """Return how far the work of a suspended location has moved."""
    found = moves(services.datastore, locations=[location_id])
    if not found:
        if location(services.datastore, location_id) is None:
            raise UnknownLocation(f"No location {location_id!r} is registered", field="location_id")
        nothing = MovedWork(orders=0, units=ZERO)
        return LocationMoves(
            location_id=location_id,
            suspended=False,
            moves_work=False,
            since=None,
            moved=nothing,
            waiting=nothing,
            staying={},
        )
    [one] = found
    return LocationMoves(
        location_id=location_id,
        suspended=one.suspended,
        moves_work=one.moves_work,
        since=one.suspended_at,
        moved=MovedWork(orders=one.moved_orders, units=one.moved_units),
        waiting=MovedWork(orders=one.waiting_orders, units=one.waiting_units),
        staying={why: MovedWork.model_validate(each) for why, each in one.staying.items()},
    )


def _done(command: Any, order_id: str, body: BaseModel, sender: Posting) -> dict[str, Any]:
    said = {name: getattr(body, name) for name in type(body).model_fields}
    return change_order(command, order_id, sender, **said)
