"""How an order's events change it: the one mutator, without a rule."""

from dataclasses import replace

from immutables import Map

from domain.base.quantity import ZERO
from domain.order.events import (
    AllocationDelivered,
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    BackorderFilled,
    GroupPromise,
    LinesAllocated,
    LinesCancelled,
    OrderPlaced,
    RoutingFoundNothing,
)
from domain.order.evolve_rerouting import NOWHERE, evolve_rerouting
from domain.order.state import AllocationState, BackorderState, GroupState, Order, group_state


def evolve(order: Order, event: object) -> Order:  # noqa: PLR0911 - one way out per event
    """Return the order after an event; holds no rule.

    Raises:
        TypeError: the event is none of an order's.
    """
    match event:
        case OrderPlaced():
            return _placed(event)
        case LinesAllocated():
            return _allocated(order, event)
        case RoutingFoundNothing():
            return _found_nothing(order, event)
        case BackorderFilled():
            return _backorder_filled(order, event)
        case AllocationLost() | AllocationReleased():
            return _unassigned_again(order, event)
        case LinesCancelled():
            return _cancelled(order, event)
        case AllocationShipped():
            return _shipped(order, event)
        case AllocationDelivered():
            return _delivered(order, event)
        case _:
            return evolve_rerouting(order, event)


def _placed(event: OrderPlaced) -> Order:
    return Order(
        exists=True,
        channel_id=event.channel_id,
        external_id=event.external_id,
        currency=event.currency,
        prices=event.prices,
        priority=event.priority,
        customer_id=event.customer_id,
        customer_group=event.customer_group,
        subject_id=event.subject_id,
        groups=tuple(group_state(group) for group in event.groups),
        lines=Map((line.line_id, line) for line in event.lines),
        line_ids=tuple(line.line_id for line in event.lines),
        charges=event.charges,
        open_shares=Map(
            ((line.line_id, share.group_id), share.quantity)
            for line in event.lines
            for share in line.shares
        ),
    )


def _allocated(order: Order, event: LinesAllocated) -> Order:
    with order.open_shares.mutate() as shares:
        for new in event.allocations:
            share = (new.line_id, new.group_id)
            shares[share] = shares.get(share, ZERO) - new.quantity
        for wait in event.backorders:
            share = (wait.line_id, wait.group_id)
            shares[share] = shares.get(share, ZERO) - wait.quantity
        open_shares = shares.finish()
    days = {(one.group_id, one.location_id): one.leaves for one in event.fulfilments if one.booked}
    with order.allocations.mutate() as held:
        for new in event.allocations:
            held[new.allocation_id] = AllocationState(
                new.line_id,
                new.group_id,
                new.location_id,
                new.quantity,
                booked_on=days.get((new.group_id, new.location_id)),
            )
        allocations = held.finish()
    with order.backorders.mutate() as queued:
        for wait in event.backorders:
            queued[wait.backorder_id] = BackorderState(
                wait.line_id, wait.group_id, wait.location_id, wait.quantity
            )
        backorders = queued.finish()
    return replace(
        order,
        groups=_promised(order.groups, event.promises),
        allocations=allocations,
        backorders=backorders,
        open_shares=open_shares,
        just_routed=True,
        exclusions=event.decision.exclusions,
        taken_back=False,
        tries=order.tries + order.taken_back,
        kept_at=NOWHERE,
    )


def _found_nothing(order: Order, event: RoutingFoundNothing) -> Order:
    return replace(
        order,
        just_routed=True,
        exclusions=event.decision.exclusions,
        taken_back=False,
        tries=order.tries + order.taken_back,
    )


def _promised(
    groups: tuple[GroupState, ...], promises: tuple[GroupPromise, ...]
) -> tuple[GroupState, ...]:
    new = {promise.group_id: promise for promise in promises}
    return tuple(
        replace(
            group,
            first_promise=group.first_promise or new[group.group_id],
            promise=new[group.group_id],
        )
        if group.group_id in new
        else group
        for group in groups
    )


def _backorder_filled(order: Order, event: BackorderFilled) -> Order:
    backorders = order.backorders
    waiting = backorders.get(event.backorder_id)
    if waiting is not None:
        left = replace(waiting, quantity=waiting.quantity - event.quantity)
        backorders = backorders.set(event.backorder_id, left)
    held = order.allocations.get(event.allocation_id) or AllocationState(
        event.line_id, event.group_id, event.location_id, ZERO
    )
    held = replace(held, quantity=held.quantity + event.quantity)
    return replace(
        order,
        backorders=backorders,
        allocations=order.allocations.set(event.allocation_id, held),
        just_routed=False,
        kept_at=NOWHERE,
    )


def _unassigned_again(order: Order, event: AllocationLost | AllocationReleased) -> Order:
    held = order.allocations.get(event.allocation_id)
    if held is None:
        return order
    share = (held.line_id, held.group_id)
    return replace(
        order,
        allocations=order.allocations.set(
            event.allocation_id, replace(held, quantity=held.quantity - event.quantity)
        ),
        open_shares=order.open_shares.set(
            share, order.open_shares.get(share, ZERO) + event.quantity
        ),
        just_routed=False,
        taken_back=True,
        kept_at=NOWHERE,
    )


def _cancelled(order: Order, event: LinesCancelled) -> Order:
    allocations, backorders = order.allocations, order.backorders
    shares, cancelled = order.open_shares, order.cancelled
    for part in event.parts:
        if part.allocation_id is not None:
            held = allocations.get(part.allocation_id)
            if held is not None:
                left = replace(held, quantity=held.quantity - part.quantity)
                allocations = allocations.set(part.allocation_id, left)
        elif part.backorder_id is not None:
            queued = backorders.get(part.backorder_id)
            if queued is not None:
                rest = replace(queued, quantity=queued.quantity - part.quantity)
                backorders = backorders.set(part.backorder_id, rest)
        else:
            share = (part.line_id, part.group_id)
            shares = shares.set(share, shares.get(share, ZERO) - part.quantity)
        before = cancelled.get(part.line_id, ZERO)
        cancelled = cancelled.set(part.line_id, before + part.quantity)
    return replace(
        order,
        allocations=allocations,
        backorders=backorders,
        open_shares=shares,
        cancelled=cancelled,
        just_routed=False,
        tries=0,
        kept_at=NOWHERE,
    )


def _shipped(order: Order, event: AllocationShipped) -> Order:
    held = order.allocations.get(event.allocation_id)
    if held is None:
        return order
    gone = replace(
        held, quantity=held.quantity - event.quantity, shipped=held.shipped + event.quantity
    )
    allocations = order.allocations.set(event.allocation_id, gone)
    return replace(order, allocations=allocations, just_routed=False, tries=0, kept_at=NOWHERE)


def _delivered(order: Order, event: AllocationDelivered) -> Order:
    held = order.allocations.get(event.allocation_id)
    if held is None:
        return order
    there = replace(held, delivered=held.delivered + event.quantity)
    allocations = order.allocations.set(event.allocation_id, there)
    return replace(order, allocations=allocations, just_routed=False)
