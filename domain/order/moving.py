"""Which of an order's allocations give way when a part of what they hold moves elsewhere."""

from collections.abc import Iterable
from decimal import Decimal

from domain.base.quantity import ZERO, plain
from domain.order.events import Allocation, AllocationReleased
from domain.order.rerouting_events import DeliveryChoiceAwaited, KeptPart
from domain.order.state import Order, Share

SUSPENDED = "suspended"
"""Why the allocations of a suspended location were given back: they moved."""


def give_way(
    order: Order, location_id: str, moved: Iterable[Allocation]
) -> tuple[list[AllocationReleased], list[KeptPart]]:
    """Return what a location gives back of what it holds for an order, and what it keeps.

    It gives back as much of each share as was found elsewhere, whole allocations by their ids
    first.
    """
    left: dict[Share, Decimal] = {}
    for one in moved:
        share = (one.line_id, one.group_id)
        left[share] = left.get(share, ZERO) + one.quantity
    released: list[AllocationReleased] = []
    kept: list[KeptPart] = []
    for allocation_id, held in sorted(order.allocations.items(), key=lambda each: each[0]):
        if held.location_id != location_id or held.quantity <= ZERO:
            continue
        share = (held.line_id, held.group_id)
        part = min(held.quantity, left.get(share, ZERO))
        if part > ZERO:
            left[share] -= part
            released.append(
                AllocationReleased(allocation_id, held.line_id, location_id, plain(part), SUSPENDED)
            )
        if part < held.quantity:
            rest = plain(held.quantity - part)
            kept.append(KeptPart(allocation_id, held.line_id, held.group_id, rest))
    return released, kept


def choices_at(order: Order, location_id: str) -> list[DeliveryChoiceAwaited]:
    """Return the choices that customers have to make because a store is suspended.

    Of the groups that are collected there, those of which anything has yet to leave, wherever
    it is: what another location was to send would come to a closed door. Not of those whose
    customer has been asked, or has chosen to wait for it.
    """
    return [
        DeliveryChoiceAwaited(group.group_id, location_id, "suspended")
        for group in order.groups
        if group.store == location_id
        and group.awaits_choice is None
        and not group.waits
        and order.has_left(group.group_id)
    ]
