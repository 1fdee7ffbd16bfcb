"""What a site may refuse of an order: a pure function of its state."""

from decimal import Decimal

from domain.base.messages import Event
from domain.base.personal import Personal
from domain.order.decider import held_part
from domain.order.events import AllocationReleased
from domain.order.rerouting_events import AllocationRefused, DeliveryChoiceAwaited, RefusalReason
from domain.order.state import Order


def refuse(
    order: Order,
    allocation_id: str,
    *,
    quantity: Decimal | None,
    reason: RefusalReason,
    note: Personal | None = None,
) -> tuple[Event, ...]:
    """Let a site give back an allocation, or `quantity` of it, and be asked no more.

    Where the store itself will not hand a group out, the customer chooses how it goes on.

    Raises:
        UnknownAllocation: the order has none of that id.
        NotEnoughAllocated: it holds less; `reserved` says how much.
        InvalidStep: a part of it is no multiple of the line's step.
    """
    held, part = held_part(order, allocation_id, quantity)
    line_id, place = held.line_id, held.location_id
    events: tuple[Event, ...] = (
        AllocationRefused(allocation_id, line_id, place, part, reason, note),
        AllocationReleased(allocation_id, line_id, place, part, reason),
    )
    group = order.group(held.group_id)
    if group is None or group.store != place or group.awaits_choice is not None:
        return events
    return (*events, DeliveryChoiceAwaited(group.group_id, place, "refused"))
