"""What happened to a basket hold (stream `hold:CHANNEL:HOLD_ID`)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.base.messages import Event
from domain.order.events import DeliveryGroup, GroupPromise, GroupShare, LinePart
from domain.routing.plan import PlannedFulfilment, RoutingDecision


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a basket; its quantity is in the item's unit."""

    line_id: str
    item_id: str
    sku: str
    quantity: Decimal
    step: Decimal
    parts: tuple[LinePart, ...]
    shares: tuple[GroupShare, ...]


@dataclass(frozen=True, slots=True)
class HeldReservation:
    """`quantity` of a line, held at a location under the id `reservation_id`.

    The reservation of the same id stands on the stock item of each part of the line.
    """

    reservation_id: str
    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class BasketHeld(Event):
    """A basket's stock is reserved until `expires_at`; `promises` hold if it is placed at once."""

    channel_id: str
    hold_id: str
    customer_group: str | None
    groups: tuple[DeliveryGroup, ...]
    lines: tuple[HeldLine, ...]
    reservations: tuple[HeldReservation, ...]
    promises: tuple[GroupPromise, ...]
    expires_at: datetime
    decision: RoutingDecision
    fulfilments: tuple[PlannedFulfilment, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldStockLost(Event):
    """`quantity` of a held item, in the item's unit, has no stock behind it any more."""

    reservation_id: str
    line_id: str
    item_id: str
    location_id: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class HoldReleased(Event):
    """The basket was given back."""

    reason: str


@dataclass(frozen=True, slots=True)
class HoldExpired(Event):
    """The time was over before an order came."""


@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """The order of that stream took the hold over."""

    order: str
