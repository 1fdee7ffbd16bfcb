"""Orders as channels send them: the command's fields, with money that names its currency."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.faults import build
from api.http.money import Money, UnitMoney, amount_in
from api.http.sending import Stamp
from domain.base.money import Currency, Rate
from domain.base.personal import Personal
from domain.base.quantity import Quantity
from domain.base.text import Code, ExternalId, Line, Sku
from domain.order.commands import (
    MAX_LINES,
    CancelLine,
    CancelReason,
    ChargeInput,
    ContactInput,
    DestinationInput,
    DiscountInput,
    GroupInput,
    GroupShareInput,
    OrderLineInput,
    PlaceOrder,
    Priority,
)

_FORM = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DiscountBody(BaseModel):
    """An amount taken off and what granted it."""

    model_config = _FORM

    source: Line
    amount: Money


class OrderLineBody(BaseModel):
    """A line as the channel sold it.

    `unit_price` is what one unit costs before discounts, nothing if left out; `tax_amount` is
    the tax on the whole line as the channel computed it. `shares` says which delivery groups
    get how much; without it the whole line goes to the first group.
    """

    model_config = _FORM

    id: Code | None = None
    sku: Sku
    quantity: Quantity
    unit_price: UnitMoney | None = None
    list_price: UnitMoney | None = None
    discounts: Annotated[tuple[DiscountBody, ...], Field(max_length=20)] = ()
    tax_rate: Rate | None = None
    tax_amount: Money | None = None
    description: Line | None = None
    shares: Annotated[tuple[GroupShareInput, ...], Field(max_length=20)] = ()


class ChargeBody(BaseModel):
    """An amount for the order as a whole: shipping, gift wrap, a fee."""

    model_config = _FORM

    id: Code | None = None
    kind: Code
    amount: Money
    description: Line | None = None
    tax_rate: Rate | None = None
    tax_amount: Money | None = None


class OrderBody(BaseModel):
    """An order; without `groups` all of it is shipped to `destination`.

    `hold_id` names a basket of the channel that is held for it: what is held is free for it.
    """

    model_config = _FORM

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
    lines: Annotated[tuple[OrderLineBody, ...], Field(max_length=MAX_LINES)] = ()
    discounts: Annotated[tuple[DiscountBody, ...], Field(max_length=20)] = ()
    charges: Annotated[tuple[ChargeBody, ...], Field(max_length=100)] = ()


class CancellationBody(BaseModel):
    """What to cancel: lines, or without lines all that has not shipped."""

    model_config = _FORM

    lines: Annotated[tuple[CancelLine, ...], Field(max_length=MAX_LINES)] = ()
    reason: CancelReason
    note: Personal | None = None


class ShipmentBody(BaseModel):
    """An allocation, or a part of it, left its location."""

    model_config = _FORM

    allocation_id: Code
    quantity: Quantity | None = None
    tracking: Line | None = None


class DeliveryBody(BaseModel):
    """A shipped allocation, or a part of it, reached the customer."""

    model_config = _FORM

    allocation_id: Code
    quantity: Quantity | None = None


def order_command(body: OrderBody, stamp: Stamp) -> PlaceOrder:
    """Return the command of an order.

    Raises:
        InvalidRequest: money is not in the order's currency.
    """
    currency = body.currency
    lines = tuple(_line(line, currency, f"lines.{n}") for n, line in enumerate(body.lines))
    charges = tuple(_charge(one, currency, f"charges.{n}") for n, one in enumerate(body.charges))
    return build(
        PlaceOrder,
        **stamp,
        channel_id=body.channel_id,
        external_id=body.external_id,
        currency=currency,
        customer_id=body.customer_id,
        customer_group=body.customer_group,
        hold_id=body.hold_id,
        contact=body.contact,
        note=body.note,
        priority=body.priority,
        destination=body.destination,
        groups=body.groups,
        lines=lines,
        discounts=_discounts(body.discounts, currency, "discounts"),
        charges=charges,
    )


def _line(line: OrderLineBody, currency: str, path: str) -> OrderLineInput:
    fields: dict[str, Any] = {
        "id": line.id,
        "sku": line.sku,
        "quantity": line.quantity,
        "discounts": _discounts(line.discounts, currency, f"{path}.discounts"),
        "tax_rate": line.tax_rate or 0,
        "description": line.description,
        "shares": line.shares,
    }
    fields["unit_price"] = amount_in(currency, line.unit_price, field=f"{path}.unit_price")
    fields["tax_amount"] = amount_in(currency, line.tax_amount, field=f"{path}.tax_amount")
    if line.list_price is not None:
        fields["list_price"] = amount_in(currency, line.list_price, field=f"{path}.list_price")
    return build(OrderLineInput, under=path, **fields)


def _charge(charge: ChargeBody, currency: str, path: str) -> ChargeInput:
    return build(
        ChargeInput,
        under=path,
        id=charge.id,
        kind=charge.kind,
        amount=amount_in(currency, charge.amount, field=f"{path}.amount"),
        description=charge.description,
        tax_rate=charge.tax_rate or 0,
        tax_amount=amount_in(currency, charge.tax_amount, field=f"{path}.tax_amount"),
    )


def _discounts(
    discounts: tuple[DiscountBody, ...], currency: str, path: str
) -> tuple[DiscountInput, ...]:
    return tuple(
        build(
            DiscountInput,
            under=f"{path}.{number}",
            source=discount.source,
            amount=amount_in(currency, discount.amount, field=f"{path}.{number}.amount"),
        )
        for number, discount in enumerate(discounts)
    )
