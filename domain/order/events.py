"""What happened to an order (stream `order:CHANNEL:EXTERNAL_ID`)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.base.messages import Event
from domain.base.personal import Personal
from domain.routing.plan import PlannedFulfilment, RoutingCause, RoutingDecision
from domain.routing.request import Method


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to reach."""

    name: Personal | None = None
    email: Personal | None = None
    phone: Personal | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go: country, region and postal code stay clear, the rest is personal."""

    country: str
    region: str | None = None
    postal_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    recipient: Personal | None = None
    street: Personal | None = None
    city: Personal | None = None


@dataclass(frozen=True, slots=True)
class DeliveryGroup:
    """Lines or parts of lines that go one way to one place."""

    group_id: str
    method: Method
    destination: Destination
    store: str | None = None
    service: str = "standard"
    requested_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """An amount taken off, and what granted it."""

    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LinePart:
    """`per_unit` of an item in each unit of a line: one part, or a kit's components."""

    item_id: str
    per_unit: Decimal


@dataclass(frozen=True, slots=True)
class GroupShare:
    """How much of a line a delivery group gets."""

    group_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line with its money in the order's currency.

    `description` is about goods: it is clear text and survives the erasure of a person.
    `amount` is what is charged for the whole quantity after all discounts (with tax where
    the channel's prices are gross), `tax_amount` the tax in or on it as the channel said.
    """

    line_id: str
    item_id: str
    sku: str
    description: str | None
    quantity: Decimal
    step: Decimal
    parts: tuple[LinePart, ...]
    shares: tuple[GroupShare, ...]
    list_price: Decimal
    unit_price: Decimal
    discounts: tuple[Discount, ...]
    amount: Decimal
    tax_rate: Decimal
    tax_amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderCharge:
    """An amount for the order as a whole: shipping, gift wrap, a fee.

    `description` is about what is charged for: clear text that survives an erasure.
    """

    charge_id: str
    kind: str
    description: str | None
    amount: Decimal
    tax_rate: Decimal
    tax_amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """A channel's order was taken; `hold_id` is the basket that was held for it."""

    channel_id: str
    external_id: str
    customer_id: str | None
    subject_id: str | None
    currency: str
    prices: str
    priority: int
    groups: tuple[DeliveryGroup, ...]
    lines: tuple[OrderLine, ...]
    charges: tuple[OrderCharge, ...]
    contact: Contact | None
    note: Personal | None
    customer_group: str | None = None
    hold_id: str | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """`quantity` of a line, reserved at a location under the id `allocation_id`.

    The reservation of the same id stands on the stock item of each part of the line.
    """

    allocation_id: str
    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Backorder:
    """`quantity` of a line that waits in the queue of a stock item at a location."""

    backorder_id: str
    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class GroupPromise:
    """What a delivery group was promised; None where nothing can be said yet."""

    group_id: str
    ship_by: datetime | None
    deliver_by: datetime | None


@dataclass(frozen=True, slots=True)
class LinesAllocated(Event):
    """Routing found stock for open quantities, and queued what it found none for."""

    allocations: tuple[Allocation, ...]
    backorders: tuple[Backorder, ...]
    promises: tuple[GroupPromise, ...]
    decision: RoutingDecision
    fulfilments: tuple[PlannedFulfilment, ...] = ()
    cause: RoutingCause = "placed"


@dataclass(frozen=True, slots=True)
class RoutingFoundNothing(Event):
    """Routing was tried for open quantities and nothing could be allocated or queued."""

    decision: RoutingDecision
    cause: RoutingCause = "unassigned"


@dataclass(frozen=True, slots=True)
class BackorderFilled(Event):
    """Goods came for `quantity` of a backorder; it is reserved now."""

    backorder_id: str
    allocation_id: str
    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class AllocationLost(Event):
    """`quantity` of an allocation lost its stock and is unassigned again."""

    allocation_id: str
    line_id: str
    location_id: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class AllocationReleased(Event):
    """`quantity` of an allocation was given back so that it can be routed anew."""

    allocation_id: str
    line_id: str
    location_id: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class CancelledPart:
    """`quantity` of a line's share of a delivery group, cancelled out of one place.

    Both ids None: it was unassigned.
    """

    line_id: str
    group_id: str
    quantity: Decimal
    allocation_id: str | None = None
    backorder_id: str | None = None


@dataclass(frozen=True, slots=True)
class LinesCancelled(Event):
    """Quantities were cancelled, and where each was taken from; `reason` is a closed word."""

    parts: tuple[CancelledPart, ...]
    reason: str
    note: Personal | None = None


@dataclass(frozen=True, slots=True)
class AllocationShipped(Event):
    """`quantity` of an allocation left its location; `shipment_id` names the parcel."""

    shipment_id: str
    allocation_id: str
    line_id: str
    location_id: str
    quantity: Decimal
    tracking: str | None


@dataclass(frozen=True, slots=True)
class AllocationDelivered(Event):
    """`quantity` of a shipped allocation reached the customer."""

    allocation_id: str
    line_id: str
    quantity: Decimal
