"""What may happen to an order after it was placed: pure functions of its state."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from domain.base.personal import Personal
from domain.base.quantity import plain
from domain.item.errors import InvalidStep
from domain.order.commands import CancelLine
from domain.order.errors import (
    InvalidOrder,
    NotEnoughAllocated,
    NothingToCancel,
    UnknownAllocation,
    UnknownLine,
    UnknownOrder,
)
from domain.order.events import (
    AllocationDelivered,
    AllocationShipped,
    CancelledPart,
    LinesCancelled,
    OrderLine,
)
from domain.order.state import AllocationState, Order
from domain.order.status import Stages


def check_known(order: Order, channel_id: str, external_id: str) -> None:
    """Check that an order was placed.

    Raises:
        UnknownOrder: it was not.
    """
    if not order.exists:
        raise UnknownOrder(f"{channel_id} sent no order {external_id!r}", field="external_id")


def cancel(
    order: Order, lines: Sequence[CancelLine], *, reason: str, note: Personal | None = None
) -> LinesCancelled:
    """Cancel lines, or without lines all that has not shipped.

    Of each line what is unassigned goes first, then what is backordered, then what is
    reserved, small allocations first, so that fewer parcels remain.

    Raises:
        UnknownLine: the order has no such line.
        InvalidOrder: a line is named twice.
        InvalidStep: a quantity is no multiple of its line's step.
        NothingToCancel: less has not shipped; `cancellable` says how much.
    """
    stages = order.stages()
    wanted = _wanted(order, lines, stages) if lines else _everything(stages)
    parts = [part for line_id, quantity in wanted for part in _take(order, line_id, quantity)]
    return LinesCancelled(parts=tuple(parts), reason=reason, note=note)


def ship(
    order: Order,
    allocation_id: str,
    *,
    quantity: Decimal | None,
    shipment_id: str,
    tracking: str | None,
) -> AllocationShipped:
    """Let an allocation, or `quantity` of it, leave its location; all it holds always may.

    Raises:
        UnknownAllocation: the order has none of that id.
        NotEnoughAllocated: it holds less; `reserved` says how much.
        InvalidStep: a part of it is no multiple of the line's step.
    """
    held, part = held_part(order, allocation_id, quantity)
    return AllocationShipped(
        shipment_id=shipment_id,
        allocation_id=allocation_id,
        line_id=held.line_id,
        location_id=held.location_id,
        quantity=part,
        tracking=tracking,
    )


def deliver(order: Order, allocation_id: str, *, quantity: Decimal | None) -> AllocationDelivered:
    """Let what shipped of an allocation, or `quantity` of it, reach the customer.

    All that is on its way always may.

    Raises:
        UnknownAllocation: the order has none of that id.
        NotEnoughAllocated: less is on its way; `in_transit` says how much.
        InvalidStep: a part of it is no multiple of the line's step.
    """
    held = _held_allocation(order, allocation_id)
    moving = held.shipped - held.delivered
    part = moving if quantity is None else quantity
    if part != moving:
        _check_line_step(part, order.lines[held.line_id], "quantity")
    if part == 0 or part > moving:
        raise NotEnoughAllocated(
            f"{plain(moving)} of allocation {allocation_id!r} are on their way",
            field="allocation_id" if quantity is None else "quantity",
            in_transit=str(plain(moving)),
        )
    return AllocationDelivered(
        allocation_id=allocation_id, line_id=held.line_id, quantity=plain(part)
    )


def held_part(
    order: Order, allocation_id: str, quantity: Decimal | None
) -> tuple[AllocationState, Decimal]:
    """Return an allocation and `quantity` of what it holds; without one all it holds.

    Raises:
        UnknownAllocation: the order has none of that id.
        NotEnoughAllocated: it holds less; `reserved` says how much.
        InvalidStep: a part of it is no multiple of the line's step.
    """
    held = _held_allocation(order, allocation_id)
    part = held.quantity if quantity is None else quantity
    if part != held.quantity:
        _check_line_step(part, order.lines[held.line_id], "quantity")
    if part == 0 or part > held.quantity:
        raise NotEnoughAllocated(
            f"Allocation {allocation_id!r} still holds {plain(held.quantity)}",
            field="allocation_id" if quantity is None else "quantity",
            reserved=str(plain(held.quantity)),
        )
    return held, plain(part)


def _held_allocation(order: Order, allocation_id: str) -> AllocationState:
    """Return an allocation of an order.

    Raises:
        UnknownAllocation: the order has none of that id.
    """
    held = order.allocations.get(allocation_id)
    if held is None:
        raise UnknownAllocation(
            f"The order has no allocation {allocation_id!r}", field="allocation_id"
        )
    return held


def _check_line_step(quantity: Decimal, line: OrderLine, field: str) -> None:
    """Check that a quantity is a multiple of its line's step.

    Raises:
        InvalidStep: it is not.
    """
    if quantity % line.step:
        raise InvalidStep(
            f"{quantity} is no multiple of {line.step}",
            field=field,
            sku=line.sku,
            step=str(line.step),
        )


def _everything(stages: dict[str, Stages]) -> list[tuple[str, Decimal]]:
    wanted = [(line_id, one.cancellable) for line_id, one in stages.items() if one.cancellable > 0]
    if not wanted:
        gone = any(one.shipped > 0 for one in stages.values())
        fact = "Everything has shipped or is cancelled" if gone else "Everything is cancelled"
        raise NothingToCancel(
            fact if stages else "The order has no lines", field="lines", cancellable="0"
        )
    return wanted


def _wanted(
    order: Order, lines: Sequence[CancelLine], stages: dict[str, Stages]
) -> list[tuple[str, Decimal]]:
    wanted: dict[str, Decimal] = {}
    for index, line in enumerate(lines):
        field = f"lines.{index}.line_id"
        if line.line_id not in stages:
            raise UnknownLine(f"The order has no line {line.line_id!r}", field=field)
        if line.line_id in wanted:
            raise InvalidOrder(f"Line {line.line_id!r} is named twice", field=field)
        left = stages[line.line_id].cancellable
        quantity = left if line.quantity is None else line.quantity
        if line.quantity is not None:
            field = f"lines.{index}.quantity"
            _check_line_step(quantity, order.lines[line.line_id], field)
        if quantity == 0 or quantity > left:
            raise NothingToCancel(
                f"{plain(left)} of line {line.line_id!r} can still be cancelled",
                field=field,
                line_id=line.line_id,
                cancellable=str(plain(left)),
            )
        wanted[line.line_id] = quantity
    return list(wanted.items())


def _take(order: Order, line_id: str, quantity: Decimal) -> Iterable[CancelledPart]:
    for part in _places(order, line_id):
        taken = min(part.quantity, quantity)
        if taken > 0:
            yield CancelledPart(
                line_id=line_id,
                group_id=part.group_id,
                quantity=plain(taken),
                allocation_id=part.allocation_id,
                backorder_id=part.backorder_id,
            )
        quantity -= taken
        if quantity <= 0:
            return


def _places(order: Order, line_id: str) -> Iterable[CancelledPart]:
    """Return where a line's open quantities are, those to be cancelled first in front."""
    for share in order.lines[line_id].shares:
        yield CancelledPart(line_id, share.group_id, order.unassigned(line_id, share.group_id))
    queued = [(key, one) for key, one in order.backorders.items() if one.line_id == line_id]
    for backorder_id, backorder in sorted(queued, key=lambda each: each[0]):
        yield CancelledPart(
            line_id, backorder.group_id, backorder.quantity, backorder_id=backorder_id
        )
    held = [(key, one) for key, one in order.allocations.items() if one.line_id == line_id]
    for allocation_id, allocation in sorted(held, key=lambda each: (each[1].quantity, each[0])):
        yield CancelledPart(
            line_id, allocation.group_id, allocation.quantity, allocation_id=allocation_id
        )
