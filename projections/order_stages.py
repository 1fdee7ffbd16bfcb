"""How order events move quantities between stages, for every read model of orders."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from domain.base.messages import Event
from domain.order.events import (
    AllocationDelivered,
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    BackorderFilled,
    CancelledPart,
    LinesAllocated,
    LinesCancelled,
)
from domain.order.rerouting_events import BackorderReleased
from domain.order.status import OrderStatus, Stages, status

Stage = Literal["unassigned", "backordered", "reserved", "shipped", "delivered", "cancelled"]

STAGES: Final = (
    "ordered",
    "unassigned",
    "backordered",
    "reserved",
    "shipped",
    "delivered",
    "cancelled",
)
"""The columns of a row with quantities by stage; `shipped` counts what is delivered too."""

_quantities = attrgetter(*STAGES)


class Move(NamedTuple):
    """`quantity` of a line leaves a stage (None: it stays where it was) for another."""

    line_id: str
    source: Stage | None
    target: Stage
    quantity: Decimal


def moves(event: Event) -> Iterable[Move]:
    """Return what an order event moves; nothing where it moves no quantity."""
    find = _MOVES.get(type(event))
    return () if find is None else find(event)


def move(row: Any, change: Move) -> None:
    """Move a quantity between the stages of a row."""
    if change.source is not None:
        setattr(row, change.source, getattr(row, change.source) - change.quantity)
    setattr(row, change.target, getattr(row, change.target) + change.quantity)


def status_of(row: Any) -> OrderStatus:
    """Return the status of a row with quantities by stage, by the rule of the order."""
    return status(Stages(*_quantities(row)))


def _allocated(event: LinesAllocated) -> list[Move]:
    reserved = [Move(a.line_id, "unassigned", "reserved", a.quantity) for a in event.allocations]
    queued = [Move(b.line_id, "unassigned", "backordered", b.quantity) for b in event.backorders]
    return reserved + queued


def _filled(event: BackorderFilled) -> tuple[Move]:
    return (Move(event.line_id, "backordered", "reserved", event.quantity),)


def _unassigned(event: AllocationLost | AllocationReleased) -> tuple[Move]:
    return (Move(event.line_id, "reserved", "unassigned", event.quantity),)


def _waits_no_longer(event: BackorderReleased) -> tuple[Move]:
    return (Move(event.line_id, "backordered", "unassigned", event.quantity),)


def _cancelled(event: LinesCancelled) -> list[Move]:
    return [Move(part.line_id, _place_of(part), "cancelled", part.quantity) for part in event.parts]


def _place_of(part: CancelledPart) -> Stage:
    if part.allocation_id is not None:
        return "reserved"
    return "unassigned" if part.backorder_id is None else "backordered"


def _shipped(event: AllocationShipped) -> tuple[Move]:
    return (Move(event.line_id, "reserved", "shipped", event.quantity),)


def _delivered(event: AllocationDelivered) -> tuple[Move]:
    return (Move(event.line_id, None, "delivered", event.quantity),)


_MOVES: Final[Mapping[type[Event], Callable[[Any], Iterable[Move]]]] = {
    LinesAllocated: _allocated,
    BackorderFilled: _filled,
    AllocationLost: _unassigned,
    AllocationReleased: _unassigned,
    BackorderReleased: _waits_no_longer,
    LinesCancelled: _cancelled,
    AllocationShipped: _shipped,
    AllocationDelivered: _delivered,
}

ORDER_CHANGES: Final = frozenset(_MOVES)
"""The events that move quantities."""
