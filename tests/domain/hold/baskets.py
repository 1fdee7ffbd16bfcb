"""Baskets of the small shop, and the commands that hold them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.base.quantity import ZERO
from domain.base.streams import hold_stream
from domain.hold.basket import Basket, BasketLine
from domain.hold.commands import ExpireHold, HoldBasket, ReleaseHold
from domain.order.commands import PlaceInput
from tests.domain.order.shop import NOW, command_id
from tests.support.specification import World

LONDON = PlaceInput(country="GB", postal_code="SW1A 1AA", latitude=51.5, longitude=-0.14)
HOLD = hold_stream("web", "cart")


def hold(
    *lines: tuple[str, str],
    channel: str = "web",
    number: str = "cart",
    minutes: int = 15,
    now: datetime = NOW,
    **fields: Any,
) -> HoldBasket:
    """Return a command that holds (SKU, quantity) lines to London."""
    wanted = tuple(BasketLine(sku=sku, quantity=Decimal(quantity)) for sku, quantity in lines)
    basket = Basket(**{"channel_id": channel, "destination": LONDON, "lines": wanted, **fields})
    return HoldBasket(
        id=command_id(f"hold {channel}/{number}"),
        now=now,
        hold_id=number,
        basket=basket,
        minutes=minutes,
    )


def release(number: str = "cart", *, channel: str = "web", now: datetime = NOW) -> ReleaseHold:
    """Return a command that gives a basket back."""
    return ReleaseHold(
        id=command_id(f"release {number}"),
        now=now,
        channel_id=channel,
        hold_id=number,
        reason="abandoned",
    )


def expire(number: str = "cart", *, channel: str = "web", now: datetime = NOW) -> ExpireHold:
    """Return a command that ends a hold whose time is over."""
    return ExpireHold(
        id=command_id(f"expire {number} {now}"), now=now, channel_id=channel, hold_id=number
    )


def held_for(world: World, owner: str, *streams: str) -> Decimal:
    """Return what an order or hold has reserved on stock items."""
    return sum(
        (
            one.quantity
            for stream in streams
            for one in world.state(stream).reservations.values()
            if one.order == owner
        ),
        ZERO,
    )
