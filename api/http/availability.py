"""Availability of many items: at each location for administrators, through each channel for all."""

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, Field

from api.http.access import Anyone
from api.http.limits import MAX_SKUS
from api.http.numbers import Number
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.services import Wired
from domain.base.text import Code, Sku, sku_key
from projections.availability.queries import (
    ChannelStock,
    ItemAvailability,
    LocationStock,
    availability_of,
)

routes: Final = router("availability")

_Skus = Annotated[
    list[Sku], Query(alias="sku", min_length=1, max_length=MAX_SKUS, description="SKU or alias.")
]
_Channels = Annotated[
    list[Code], Query(alias="channel", max_length=MAX_SKUS, description="Of these only.")
]
_Locations = Annotated[
    list[Code], Query(alias="location", max_length=MAX_SKUS, description="Of these only.")
]


class LocationAvailability(BaseModel):
    """An item's stock at a location; a kit has no figures but `available`.

    `available` is what new demand may have: on hand less reserved, safety stock and queued
    backorders, never below 0. `stale` says that a later event could not be taken in yet.
    """

    location_id: str
    available: Number
    on_hand: Number | None
    reserved: Number | None
    safety_stock: Number | None
    queued: Number | None
    expected: Number | None
    shortfall: Number | None
    damaged: Number | None
    quarantine: Number | None
    stale: bool


class ChannelAvailability(BaseModel):
    """What a channel can sell of an item, from so many `locations` that have any."""

    channel_id: str
    available: Number
    locations: int
    stale: bool


class AvailabilityOfItem(BaseModel):
    """What can be sold of an item; places that never held it are left out."""

    sku: str = Field(description="As it was asked for.")
    item_id: str
    locations: list[LocationAvailability]
    channels: list[ChannelAvailability]


class Availability(BaseModel):
    """Items in the order asked; `unknown` are SKUs that name none."""

    items: list[AvailabilityOfItem]
    unknown: list[str]


@routes.get(
    "/availability", dependencies=[up_to_date("availability", "items", "channels", "locations")]
)
def get_availability(
    services: Wired,
    principal: Anyone,
    sku: _Skus,
    channel: _Channels = [],  # noqa: B006 - FastAPI copies it
    location: _Locations = [],  # noqa: B006 - as above
) -> Availability:
    """Return what can be sold of each SKU, at locations and through channels."""
    for one in channel:
        principal.must_see_channel(one)
    found = availability_of(
        services.datastore,
        sku,
        channels=channel or principal.channels,
        locations=(location or None) if principal.is_administrator else [],
    )
    known = {sku_key(item.asked) for item in found}
    return Availability(
        items=[_item(item) for item in found],
        unknown=[one for one in sku if sku_key(one) not in known],
    )


def _item(item: ItemAvailability) -> AvailabilityOfItem:
    return AvailabilityOfItem(
        sku=item.asked,
        item_id=item.item_id,
        locations=[_at_location(stock) for stock in item.locations],
        channels=[_through_channel(stock) for stock in item.channels],
    )


def _at_location(stock: LocationStock) -> LocationAvailability:
    return LocationAvailability(
        location_id=stock.location_id,
        available=stock.available,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        safety_stock=stock.safety_stock,
        queued=stock.queued,
        expected=stock.expected,
        shortfall=stock.shortfall,
        damaged=stock.damaged,
        quarantine=stock.quarantine,
        stale=stock.stale,
    )


def _through_channel(share: ChannelStock) -> ChannelAvailability:
    return ChannelAvailability(
        channel_id=share.channel_id,
        available=share.available,
        locations=share.locations,
        stale=share.stale,
    )
