"""What can be asked of orders."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.base.country import CountryCode
from domain.base.messages import Command, Instant
from domain.base.money import Amount, Currency, Rate, UnitPrice
from domain.base.personal import Personal
from domain.base.quantity import Quantity
from domain.base.text import Code, ExternalId, Line, PostalCode, Sku
from domain.location.commands import Latitude, Longitude
from domain.routing.request import Method

MAX_LINES = 1000
Priority = Annotated[int, Field(ge=0, le=9)]
_FORM = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ContactInput(BaseModel):
    """Who to reach; all of it is personal data."""

    model_config = _FORM

    name: Personal | None = None
    email: Personal | None = None
    phone: Personal | None = None


class PlaceInput(BaseModel):
    """Where goods would go, as exactly as routing needs it."""

    model_config = _FORM

    country: CountryCode
    region: Line | None = None
    postal_code: PostalCode | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class DestinationInput(PlaceInput):
    """Where goods go; recipient, street and city are personal data."""

    recipient: Personal | None = None
    street: Personal | None = None
    city: Personal | None = None


class GroupInput(BaseModel):
    """A delivery group; pick-up and reserve in store name a store, shipping a destination."""

    model_config = _FORM

    id: Code
    method: Method = "ship"
    destination: DestinationInput | None = None
    store: Code | None = None
    service: Code = "standard"
    requested_date: Instant | None = None


class DiscountInput(BaseModel):
    """An amount taken off and what granted it."""

    model_config = _FORM

    source: Line
    amount: Amount


class GroupShareInput(BaseModel):
    """How much of a line a delivery group gets."""

    model_config = _FORM

    group: Code
    quantity: Quantity


class OrderLineInput(BaseModel):
    """A line as the channel sold it.

    `unit_price` is what one unit costs before discounts; `tax_amount` is the tax on the whole
    line as the channel computed it. `shares` says which groups get how much; without it the
    whole line goes to the first group. `description` is about goods and stays clear text.
    """

    model_config = _FORM

    id: Code | None = None
    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice = Decimal(0)
    list_price: UnitPrice | None = None
    discounts: Annotated[tuple[DiscountInput, ...], Field(max_length=20)] = ()
    tax_rate: Rate = Decimal(0)
    tax_amount: Amount = Decimal(0)
    description: Line | None = None
    shares: Annotated[tuple[GroupShareInput, ...], Field(max_length=20)] = ()


class ChargeInput(BaseModel):
    """An amount for the order as a whole; `description` is about goods and stays clear text."""

    model_config = _FORM

    id: Code | None = None
    kind: Code
    amount: Amount
    description: Line | None = None
    tax_rate: Rate = Decimal(0)
    tax_amount: Amount = Decimal(0)


class PlaceOrder(Command):
    """Take an order: allocate what stock covers, refuse or queue the rest as the channel says.

    Without `groups` the whole order is shipped to `destination`. An order has lines, or
    charges, or both. `customer_group` helps to choose the routing policy; `hold_id` names a
    basket that was held for this order.
    """

    command_type: ClassVar[str] = "PlaceOrder"

    channel_id: Code
    external_id: ExternalId
    currency: Currency
    customer_id: ExternalId | None = None
    customer_group: Code | None = None
    hold_id: Code | None = None
    contact: ContactInput | None = None
    note: Personal | None = None
    priority: Priority = 0
    destination: DestinationInput | None = None
    groups: Annotated[tuple[GroupInput, ...], Field(max_length=20)] = ()
    lines: Annotated[tuple[OrderLineInput, ...], Field(max_length=MAX_LINES)] = ()
    discounts: Annotated[tuple[DiscountInput, ...], Field(max_length=20)] = ()
    charges: Annotated[tuple[ChargeInput, ...], Field(max_length=100)] = ()


class OrderCommand(Command):
    """A command on one order."""

    channel_id: Code
    external_id: ExternalId


class CancelLine(BaseModel):
    """A line and how much of it is cancelled; all that can be, without a quantity."""

    model_config = _FORM

    line_id: Code
    quantity: Quantity | None = None


CancelReason = Literal[
    "customer-request",
    "duplicate",
    "fraud",
    "out-of-stock",
    "payment",
    "price",
    "address",
    "other",
]
"""Why something is cancelled: a word that stays in clear, so it can say nothing of a person."""


class CancelOrder(OrderCommand):
    """Cancel lines, or without lines the whole order, as far as nothing has shipped.

    `note` is sealed for the customer of the order, or for the order itself where it names none.
    """

    command_type: ClassVar[str] = "CancelOrder"

    lines: Annotated[tuple[CancelLine, ...], Field(max_length=MAX_LINES)] = ()
    reason: CancelReason
    note: Personal | None = None


class ShipAllocation(OrderCommand):
    """An allocation, or a part of it, left its location."""

    command_type: ClassVar[str] = "ShipAllocation"

    allocation_id: Code
    quantity: Quantity | None = None
    tracking: Line | None = None


class DeliverAllocation(OrderCommand):
    """A shipped allocation, or a part of it, reached the customer."""

    command_type: ClassVar[str] = "DeliverAllocation"

    allocation_id: Code
    quantity: Quantity | None = None


class RerouteOrder(OrderCommand):
    """Route what is unassigned, because its reservation was lost or nothing was found before."""

    command_type: ClassVar[str] = "RerouteOrder"

    cause: Line
