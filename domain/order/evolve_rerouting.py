"""How refusals, holds and choices change an order: the part of its mutator for those events."""

from dataclasses import replace
from typing import Final

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
from domain.order.state import GroupState, Order, group_state

NOWHERE: Final[frozenset[str]] = frozenset()


def evolve_rerouting(order: Order, event: object) -> Order:  # noqa: PLR0911 - one way out per event
    """Return the order after an event; holds no rule.

    Raises:
        TypeError: the event is none of an order's.
    """
    match event:
        case AllocationRefused():
            return replace(order, refused_by=order.refused_by | {event.location_id})
        case BackorderReleased():
            return _released(order, event)
        case AllocationsKept():
            return replace(order, kept_at=order.kept_at | {event.location_id})
        case RoutingHeld():
            return replace(order, hold=event)
        case RoutingHoldReleased():
            return _allowed(order, event)
        case DeliveryChoiceAwaited():
            return replace(order, groups=_awaiting(order.groups, event))
        case DeliveryChosen():
            return _chosen(order, event)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of an order")


def _allowed(order: Order, event: RoutingHoldReleased) -> Order:
    return replace(
        order,
        hold=None,
        tries=0,
        just_routed=False,
        refused_by=NOWHERE if event.ask_again else order.refused_by,
        kept_at=NOWHERE,
    )


def _released(order: Order, event: BackorderReleased) -> Order:
    waiting = order.backorders.get(event.backorder_id)
    if waiting is None:
        return order
    share = (waiting.line_id, waiting.group_id)
    left = replace(waiting, quantity=waiting.quantity - event.quantity)
    return replace(
        order,
        backorders=order.backorders.set(event.backorder_id, left),
        open_shares=order.open_shares.set(
            share, order.open_shares.get(share, ZERO) + event.quantity
        ),
        just_routed=False,
    )


def _awaiting(
    groups: tuple[GroupState, ...], event: DeliveryChoiceAwaited
) -> tuple[GroupState, ...]:
    return tuple(
        replace(group, awaits_choice=event.reason, waits=False)
        if group.group_id == event.group_id
        else group
        for group in groups
    )


def _chosen(order: Order, event: DeliveryChosen) -> Order:
    new = group_state(event.group)
    groups = tuple(
        replace(
            new,
            first_promise=group.first_promise,
            promise=group.promise if event.choice == "wait" else None,
            waits=event.choice == "wait",
        )
        if group.group_id == new.group_id
        else group
        for group in order.groups
    )
    asked_again = frozenset() if new.store is None else frozenset({new.store})
    return replace(
        order,
        groups=groups,
        hold=None,
        tries=0,
        just_routed=False,
        refused_by=order.refused_by - asked_again,
        kept_at=NOWHERE,
    )
