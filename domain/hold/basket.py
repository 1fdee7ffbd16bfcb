"""A basket: what somebody may order, without prices and without anything about a person."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.base.messages import Instant
from domain.base.quantity import Quantity
from domain.base.text import Code, Sku
from domain.order.commands import (
    DestinationInput,
    GroupInput,
    GroupShareInput,
    OrderLineInput,
    PlaceInput,
    PlaceOrder,
)
from domain.routing.request import Method

MOST_LINES = 200
_FORM = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BasketGroup(BaseModel):
    """A delivery group; pick-up and reserve in store name a store, shipping a destination."""

    model_config = _FORM

    id: Code
    method: Method = "ship"
    destination: PlaceInput | None = None
    store: Code | None = None
    service: Code = "standard"
    requested_date: Instant | None = None


class BasketItem(BaseModel):
    """How much of what."""

    model_config = _FORM

    id: Code | None = None
    sku: Sku
    quantity: Quantity


class BasketLine(BasketItem):
    """How much of what; without `shares` all of it goes to the first delivery group."""

    shares: Annotated[tuple[GroupShareInput, ...], Field(max_length=20)] = ()


class Basket(BaseModel):
    """Lines of a channel, and where they would go; without `groups` to `destination`."""

    model_config = _FORM

    channel_id: Code
    customer_group: Code | None = None
    destination: PlaceInput | None = None
    groups: Annotated[tuple[BasketGroup, ...], Field(max_length=20)] = ()
    lines: Annotated[tuple[BasketLine, ...], Field(min_length=1, max_length=MOST_LINES)]


def as_order(
    basket: Basket, *, command_id: UUID, now: Instant, external_id: str, currency: str
) -> PlaceOrder:
    """Return the order that a basket would be, for nothing, so that it is checked like one."""
    return PlaceOrder(
        id=command_id,
        now=now,
        channel_id=basket.channel_id,
        external_id=external_id,
        currency=currency,
        customer_group=basket.customer_group,
        destination=_destination(basket.destination),
        groups=tuple(
            [
                GroupInput(
                    id=group.id,
                    method=group.method,
                    destination=_destination(group.destination),
                    store=group.store,
                    service=group.service,
                    requested_date=group.requested_date,
                )
                for group in basket.groups
            ]
        ),
        lines=tuple(
            [
                OrderLineInput(
                    id=line.id,
                    sku=line.sku,
                    quantity=line.quantity,
                    unit_price=Decimal(0),
                    shares=line.shares,
                )
                for line in basket.lines
            ]
        ),
    )


def _destination(given: PlaceInput | None) -> DestinationInput | None:
    if given is None:
        return None
    return DestinationInput(
        country=given.country,
        region=given.region,
        postal_code=given.postal_code,
        latitude=given.latitude,
        longitude=given.longitude,
    )
