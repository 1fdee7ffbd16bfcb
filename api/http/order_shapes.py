"""What answers about an order look like."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from api.http.money import MoneyView
from api.http.numbers import Number
from api.http.order_fulfilments import FulfilmentView
from domain.order.rerouting_events import ChoiceReason, HoldReason
from domain.order.status import OrderStatus
from domain.routing.request import Method


class AsOf(BaseModel):
    """Which view of the past an answer gives.

    `known_at`: all that was recorded by the instant. `true_at`: all that had happened by it in
    business time. `position`: all that was in the log there. `now`: everything.
    """

    kind: Literal["now", "known_at", "true_at", "position"]
    instant: datetime | None = None
    position: str


class ContactView(BaseModel):
    """Whom to reach; null where nothing was given or the person was erased."""

    name: str | None
    email: str | None
    phone: str | None


class DestinationView(BaseModel):
    """Where goods go."""

    country: str
    region: str | None
    postal_code: str | None
    recipient: str | None
    street: str | None
    city: str | None


class PromiseView(BaseModel):
    """Until when goods leave and arrive; null where nothing can be said yet."""

    ship_by: datetime | None
    deliver_by: datetime | None


class GroupView(BaseModel):
    """A delivery group with its first promise, which never changes, and the present one.

    `awaits_choice` says why its customer has to choose how it goes on.
    """

    id: str
    method: Method
    store: str | None
    service: str
    requested_date: datetime | None
    destination: DestinationView
    first_promise: PromiseView | None
    promise: PromiseView | None
    awaits_choice: ChoiceReason | None


class DiscountView(BaseModel):
    """An amount taken off and what granted it."""

    source: str
    amount: MoneyView


class StagesView(BaseModel):
    """Where the ordered quantity stands: the first five after `ordered` sum to it."""

    ordered: Number
    unassigned: Number
    backordered: Number
    reserved: Number
    shipped: Number
    cancelled: Number
    delivered: Number


class LineView(BaseModel):
    """A line: what is charged for it, and how far its units have come."""

    id: str
    sku: str
    item_id: str
    description: str | None
    quantities: StagesView
    list_price: MoneyView
    unit_price: MoneyView
    discounts: list[DiscountView]
    amount: MoneyView
    tax_rate: Decimal
    tax_amount: MoneyView


class ChargeView(BaseModel):
    """An amount for the order as a whole."""

    id: str
    kind: str
    description: str | None
    amount: MoneyView
    tax_rate: Decimal
    tax_amount: MoneyView


class AllocationView(BaseModel):
    """Units of a line at a location: still reserved, shipped, delivered."""

    id: str
    line_id: str
    group_id: str
    location_id: str
    reserved: Number
    shipped: Number
    delivered: Number


class BackorderView(BaseModel):
    """Units of a line that wait for goods at a location."""

    id: str
    line_id: str
    group_id: str
    location_id: str
    quantity: Number


class TotalsView(BaseModel):
    """What the order comes to; `total` is what the customer owes, tax included."""

    lines: MoneyView
    charges: MoneyView
    tax: MoneyView
    total: MoneyView


class RoutingView(BaseModel):
    """How often an order was routed again, who refused it, and what holds it.

    `tries` counts the routings after something was taken back, since something new happened;
    `exclusions` how many locations the last one left out, by reason.
    """

    hold: HoldReason | None
    tries: int
    refused_by: list[str]
    exclusions: dict[str, int]


class OrderView(BaseModel):
    """An order, straight from the log; `hold_id` is the basket hold that it took over."""

    id: str
    channel_id: str
    external_id: str
    status: OrderStatus
    placed_at: datetime
    as_of: AsOf
    currency: str
    prices: str
    priority: int
    customer_id: str | None
    customer_group: str | None
    hold_id: str | None
    subject_id: str | None
    contact: ContactView | None
    note: str | None
    groups: list[GroupView]
    lines: list[LineView]
    charges: list[ChargeView]
    allocations: list[AllocationView]
    fulfilments: list[FulfilmentView]
    backorders: list[BackorderView]
    routing: RoutingView
    totals: TotalsView
