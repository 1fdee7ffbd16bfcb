"""What may happen to a basket hold: pure functions of its state."""

from datetime import datetime
from typing import Final

from domain.hold.errors import HoldExists, HoldIsOver, UnknownHold
from domain.hold.events import HoldExpired, HoldReleased
from domain.hold.state import Hold

_FIX: Final = "hold the basket again under a new id, or place the order without hold_id"
_ENDS: Final = {
    "expired": "has expired",
    "released": "was released",
    "placed": "was placed already",
    "held": "has expired",
}


def check_new(hold: Hold, hold_id: str) -> None:
    """Check that no basket was held under the id before.

    Raises:
        HoldExists: one was, whatever became of it.
    """
    if hold.status != "none":
        raise HoldExists(f"A basket {hold_id!r} was held before", field="hold_id")


def check_known(hold: Hold, channel_id: str, hold_id: str) -> None:
    """Check that the channel held such a basket.

    Raises:
        UnknownHold: it did not; another channel's is as unknown.
    """
    if hold.status == "none":
        raise UnknownHold(
            f"{channel_id} holds no basket {hold_id!r}; {_FIX}", field="hold_id", hold_id=hold_id
        )


def check_placeable(hold: Hold, *, channel_id: str, hold_id: str, now: datetime) -> None:
    """Check that an order of the channel may take the hold over.

    A hold whose time is over is no longer good, though its stock is not free yet.

    Raises:
        UnknownHold: the channel holds no such basket.
        HoldIsOver: it expired, was released or was placed.
    """
    check_known(hold, channel_id, hold_id)
    if not hold.is_placeable(now):
        raise HoldIsOver(
            f"The hold {hold_id!r} {_ENDS[hold.status]}; {_FIX}",
            field="hold_id",
            hold_id=hold_id,
            ended="expired" if hold.status == "held" else hold.status,
        )


def release(hold: Hold, *, reason: str) -> tuple[HoldReleased, ...]:
    """Give the basket back; nothing where it expired or was released before.

    Raises:
        HoldIsOver: an order took it over; the order can be cancelled.
    """
    if hold.status == "placed":
        raise HoldIsOver(
            f"The hold {hold.hold_id!r} was placed already; cancel the order",
            field="hold_id",
            hold_id=hold.hold_id,
            ended=hold.status,
        )
    return (HoldReleased(reason),) if hold.status == "held" else ()


def expire(hold: Hold, *, now: datetime) -> tuple[HoldExpired, ...]:
    """End a hold whose time is over; nothing before that, and nothing where it is over."""
    if hold.status != "held" or hold.is_placeable(now):
        return ()
    return (HoldExpired(),)
