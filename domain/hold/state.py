"""What a hold's events add up to, and the one mutator that adds them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from immutables import Map

from domain.base.quantity import ZERO
from domain.base.streams import StreamId, stock_stream
from domain.hold.events import (
    BasketHeld,
    HeldLine,
    HeldReservation,
    HeldStockLost,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
)
from domain.order.events import GroupPromise

HoldStatus = Literal["none", "held", "released", "expired", "placed"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A basket hold; `lost` is what counts took of it, by (reservation id, item id).

    A hold that is over keeps its reservations as a memory: on the stock items they are gone.
    """

    status: HoldStatus = "none"
    channel_id: str = ""
    hold_id: str = ""
    lines: Map[str, HeldLine] = field(default_factory=Map)
    reservations: Map[str, HeldReservation] = field(default_factory=Map)
    promises: tuple[GroupPromise, ...] = ()
    expires_at: datetime | None = None
    lost: Map[tuple[str, str], Decimal] = field(default_factory=Map)
    order: str | None = None

    def is_placeable(self, now: datetime) -> bool:
        """Say whether an order may take the hold over at an instant."""
        return self.status == "held" and self.expires_at is not None and now < self.expires_at

    def cells(self) -> list[tuple[StreamId, str, Decimal]]:
        """Return (stock stream, reservation id, quantity of the item as it was held)."""
        return [
            (stock_stream(part.item_id, one.location_id), one.reservation_id, held)
            for one in self.reservations.values()
            for part in self.lines[one.line_id].parts
            if (held := one.quantity * part.per_unit)
        ]


NO_HOLD = Hold()


def evolve(hold: Hold, event: object) -> Hold:
    """Return the hold after an event; holds no rule.

    Raises:
        TypeError: the event is none of a hold's.
    """
    match event:
        case BasketHeld():
            return Hold(
                status="held",
                channel_id=event.channel_id,
                hold_id=event.hold_id,
                lines=Map((line.line_id, line) for line in event.lines),
                reservations=Map((one.reservation_id, one) for one in event.reservations),
                promises=event.promises,
                expires_at=event.expires_at,
            )
        case HeldStockLost():
            key = (event.reservation_id, event.item_id)
            lost = hold.lost.get(key, ZERO) + event.quantity
            return replace(hold, lost=hold.lost.set(key, lost))
        case HoldReleased():
            return replace(hold, status="released")
        case HoldExpired():
            return replace(hold, status="expired")
        case HoldPlaced(order):
            return replace(hold, status="placed", order=order)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a basket hold")
