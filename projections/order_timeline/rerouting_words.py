"""Refusals, moves, holds and choices in words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.order.rerouting_events import (
    AllocationRefused,
    AllocationsKept,
    BackorderReleased,
    DeliveryChoiceAwaited,
    DeliveryChosen,
    RoutingHeld,
    RoutingHoldReleased,
)
from projections.order_timeline.amounts import count, units

_HELD: Final = {
    "too-many-tries": "it was tried too often",
    "nothing-left": "every place that may serve it has refused",
}
_KEPT: Final = {
    "no-other-place": "no other place has them",
    "too-many-tries": "they were moved too often",
}


def _refused(event: AllocationRefused) -> str:
    return (
        f"{event.location_id} refused {units(event.quantity)} of line {event.line_id}: "
        f"{event.reason}"
    )


def _kept(event: AllocationsKept) -> str:
    quantity = sum((part.quantity for part in event.parts), ZERO)
    return f"{units(quantity)} stay at {event.location_id}: {_KEPT[event.reason]}"


def _backorder_released(event: BackorderReleased) -> str:
    return (
        f"{units(event.quantity)} of line {event.line_id} no longer backordered at "
        f"{event.location_id}: {event.reason}"
    )


def _held(event: RoutingHeld) -> str:
    tries = count(event.tries, "try").replace("trys", "tries")
    return f"Held for a person after {tries}: {_HELD[event.reason]}"


def _released(event: RoutingHoldReleased) -> str:
    again = ", also where it was refused" if event.ask_again else ""
    return f"To be routed again{again}: {event.reason}"


def _awaited(event: DeliveryChoiceAwaited) -> str:
    return (
        f"Delivery {event.group_id} waits for the customer's choice: {event.location_id} "
        f"{'refused' if event.reason == 'refused' else 'is suspended'}"
    )


def _chosen(event: DeliveryChosen) -> str:
    group = event.group
    if event.choice == "wait":
        return f"The customer waits for delivery {group.group_id} at {group.store}"
    if event.choice == "another-store":
        return f"The customer chose {group.store} for delivery {group.group_id}"
    return f"The customer chose to have delivery {group.group_id} shipped"


REROUTING_WORDS: Final[Mapping[type[Event], Callable[[Any], str]]] = {
    AllocationRefused: _refused,
    AllocationsKept: _kept,
    BackorderReleased: _backorder_released,
    RoutingHeld: _held,
    RoutingHoldReleased: _released,
    DeliveryChoiceAwaited: _awaited,
    DeliveryChosen: _chosen,
}
