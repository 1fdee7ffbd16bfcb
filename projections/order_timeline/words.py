"""Order events in words, for people who follow an order."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.order.events import (
    AllocationDelivered,
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    BackorderFilled,
    LinesAllocated,
    LinesCancelled,
    OrderPlaced,
    RoutingFoundNothing,
)
from projections.order_timeline.amounts import count, units
from projections.order_timeline.rerouting_words import REROUTING_WORDS


class _Placed(Protocol):
    @property
    def location_id(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...


def words(event: Event) -> str:
    """Return what an order event says happened; its name where no words are known."""
    describe = _WORDS.get(type(event))
    return type(event).__name__ if describe is None else describe(event)


def _placed(event: OrderPlaced) -> str:
    ordered = sum((line.quantity for line in event.lines), ZERO)
    parts = [f"{count(len(event.lines), 'line')} with {units(ordered)}"]
    if event.charges:
        parts.append(count(len(event.charges), "charge"))
    return f"Order taken: {' and '.join(parts)}"


def _allocated(event: LinesAllocated) -> str:
    parts = [f"{text} held at {at}" for at, text in _by_location(event.allocations)]
    parts += [f"{text} backordered at {at}" for at, text in _by_location(event.backorders)]
    return "; ".join(parts) or "Routed: nothing was open"


def _by_location(parts: Iterable[_Placed]) -> list[tuple[str, str]]:
    sums: dict[str, Decimal] = {}
    for part in parts:
        sums[part.location_id] = sums.get(part.location_id, ZERO) + part.quantity
    return [(location_id, units(quantity)) for location_id, quantity in sums.items()]


def _found_nothing(event: RoutingFoundNothing) -> str:
    del event
    return "No place has what is open"


def _filled(event: BackorderFilled) -> str:
    return (
        f"Goods came: {units(event.quantity)} of line {event.line_id} held at {event.location_id}"
    )


def _lost(event: AllocationLost) -> str:
    return (
        f"{units(event.quantity)} of line {event.line_id} lost at {event.location_id}: "
        f"{event.reason}"
    )


def _released(event: AllocationReleased) -> str:
    return (
        f"{units(event.quantity)} of line {event.line_id} given back at {event.location_id}: "
        f"{event.reason}"
    )


def _cancelled(event: LinesCancelled) -> str:
    lines = len({part.line_id for part in event.parts})
    quantity = sum((part.quantity for part in event.parts), ZERO)
    return f"{units(quantity)} of {count(lines, 'line')} cancelled: {event.reason}"


def _shipped(event: AllocationShipped) -> str:
    tracking = f", tracking {event.tracking}" if event.tracking else ""
    return (
        f"{units(event.quantity)} of line {event.line_id} shipped from {event.location_id}"
        f"{tracking}"
    )


def _delivered(event: AllocationDelivered) -> str:
    return f"{units(event.quantity)} of line {event.line_id} delivered"


_WORDS: Final[Mapping[type[Event], Callable[[Any], str]]] = {
    OrderPlaced: _placed,
    LinesAllocated: _allocated,
    RoutingFoundNothing: _found_nothing,
    BackorderFilled: _filled,
    AllocationLost: _lost,
    AllocationReleased: _released,
    LinesCancelled: _cancelled,
    AllocationShipped: _shipped,
    AllocationDelivered: _delivered,
    **REROUTING_WORDS,
}
