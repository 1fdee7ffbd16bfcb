"""What a site may refuse of an order: a pure function of its state."""

from decimal import Decimal

from domain.base.messages import Event
from domain.base.personal import Personal
from domain.base.quantity import plain
from domain.order.decider import check_line_step, held_allocation
from domain.order.errors import NotEnoughAllocated
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
    held = held_allocation(order, allocation_id)
    part = held.quantity if quantity is None else quantity
    if part != held.quantity:
        check_line_step(part, order.lines[held.line_id], "quantity")
    if part == 0 or part > held.quantity:
        raise NotEnoughAllocated(
            f"Allocation {allocation_id!r} still holds {plain(held.quantity)}",
            field="allocation_id" if quantity is None else "quantity",
            reserved=str(plain(held.quantity)),
        )
    line_id, place, part = held.line_id, held.location_id, plain(part)
    events: tuple[Event, ...] = (
        AllocationRefused(allocation_id, line_id, place, part, reason, note),
        AllocationReleased(allocation_id, line_id, place, part, reason),
    )
    group = order.group(held.group_id)
    if group is None or group.store != place or group.awaits_choice is not None:
        return events
    return (*events, DeliveryChoiceAwaited(group.group_id, place, "refused"))
