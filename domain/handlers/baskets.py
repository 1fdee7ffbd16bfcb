"""Holding a basket for minutes, giving it back, and ending what nobody placed in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from domain.base.handling import Decision, FactsWanted, Handler, Json, Need, Replan, View
from domain.base.messages import Event
from domain.base.quantity import as_number
from domain.base.streams import StreamId, channel_stream, hold_stream, location_stream
from domain.handlers.holding import end
from domain.handlers.placing.deciding import Reserved, reserve_all, still_holds, streams_of
from domain.handlers.placing.demand import demand_of
from domain.handlers.placing.outcome import insufficient_stock, promised
from domain.handlers.placing.planning import Route, Routed, plan_demand
from domain.handlers.placing.preparing import Prepared, facts_wanted_by, prepare, prioritised
from domain.handlers.placing.truth import channel_settings
from domain.hold import decider
from domain.hold.basket import as_order
from domain.hold.commands import ExpireHold, HoldBasket, HoldCommand, ReleaseHold
from domain.hold.events import BasketHeld, HeldLine, HeldReservation
from domain.hold.state import Hold, evolve
from domain.order.commands import PlaceOrder
from domain.routing.engine import route as exact_route
from domain.routing.facts import NO_FACTS, RoutingFacts
from domain.stock.events import StockReserved


@dataclass(frozen=True, slots=True)
class Plan:
    """A basket, checked like an order, and where its lines come from."""

    prepared: Prepared
    routed: Routed


class HoldBasketHandler(Handler[HoldBasket]):
    """Reserves a basket as placing would, all of it or nothing."""

    def __init__(self, route: Route = exact_route) -> None:
        """Route with the exact engine, unless told otherwise."""
        self._route = route

    def facts_wanted(self, command: HoldBasket) -> FactsWanted:
        """Ask for the lines' items and the coordinates of the destinations."""
        basket = command.basket
        places = (basket.destination, *(group.destination for group in basket.groups))
        return facts_wanted_by(basket.channel_id, basket.lines, places)

    def streams(self, command: HoldBasket) -> Iterable[StreamId]:
        """Read the hold, its channel and the stores it names."""
        yield hold_stream(command.basket.channel_id, command.hold_id)
        yield channel_stream(command.basket.channel_id)
        for group in command.basket.groups:
            if group.store is not None:
                yield location_stream(group.store)

    def plan(self, command: HoldBasket, facts: RoutingFacts | None, view: View) -> Plan | Need:
        """Check the basket as an order would be, and route its lines.

        Raises:
            Refusal: the id was used, or the basket does not fit its channel, items or groups.
        """
        stream = hold_stream(command.basket.channel_id, command.hold_id)
        decider.check_new(view.state(stream), command.hold_id)
        facts = facts or NO_FACTS
        prepared = prepare(_order(command, view), facts, view)
        if isinstance(prepared, Need):
            return prepared
        demand = demand_of(prepared.placed, stream, prepared.channel, may_queue=False)
        if facts.policies:
            prepared, demand = prioritised(prepared, demand, command.now, facts)
        routed = plan_demand(command, demand, facts, view, self._route)
        return routed if isinstance(routed, Need) else Plan(prepared, routed)

    def decide(self, command: HoldBasket, plan: Plan, view: View) -> Decision | Need | Replan:
        """Reserve the basket until its time is over.

        Raises:
            HoldExists: a basket was held under the id before.
            InsufficientStock: something is short; nothing is held.
        """
        stream = hold_stream(command.basket.channel_id, command.hold_id)
        decider.check_new(view.state(stream), command.hold_id)
        missing = view.missing((*plan.prepared.found.seen, *streams_of(plan.routed)))
        if missing:
            return Need(missing)
        if not plan.prepared.fits(view) or not still_holds(plan.routed, view):
            return Replan()
        if plan.routed.shortages:
            raise insufficient_stock(plan.routed)
        reserved = reserve_all(plan.routed, command.now, view)
        held = _held(command, plan, reserved)
        stock = {at: _first_to_lose(events) for at, events in reserved.stock.items()}
        return Decision({stream: [held], **stock}, _outcome(evolve(Hold(), held)))


class ReleaseHoldHandler(Handler[ReleaseHold]):
    """Gives a basket back."""

    def streams(self, command: ReleaseHold) -> Iterable[StreamId]:
        """Read the hold; its stock items are known from it."""
        return (hold_stream(command.channel_id, command.hold_id),)

    def decide(self, command: ReleaseHold, plan: Any, view: View) -> Decision | Need:
        """Free what is held and serve those who wait for it; nothing where it is over.

        Raises:
            UnknownHold: the channel holds no such basket.
            HoldIsOver: an order took it over.
        """
        del plan
        hold = _known(command, view)
        ended = decider.release(hold, reason=command.reason)
        return _ended(command, hold, ended, view, reason=f"released: {command.reason}")


class ExpireHoldHandler(Handler[ExpireHold]):
    """Ends a hold that nobody placed in time."""

    def streams(self, command: ExpireHold) -> Iterable[StreamId]:
        """Read the hold; its stock items are known from it."""
        return (hold_stream(command.channel_id, command.hold_id),)

    def decide(self, command: ExpireHold, plan: Any, view: View) -> Decision | Need:
        """Free what is held and serve those who wait for it; nothing before its time or after.

        Raises:
            UnknownHold: the channel holds no such basket.
        """
        del plan
        hold = _known(command, view)
        ended = decider.expire(hold, now=command.now)
        return _ended(command, hold, ended, view, reason="expired")


def _order(command: HoldBasket, view: View) -> PlaceOrder:
    return as_order(
        command.basket,
        command_id=command.id,
        now=command.now,
        external_id=command.hold_id,
        currency=channel_settings(view, command.basket.channel_id).currency,
    )


def _held(command: HoldBasket, plan: Plan, reserved: Reserved) -> BasketHeld:
    placed, routed = plan.prepared.placed, plan.routed
    return BasketHeld(
        channel_id=placed.channel_id,
        hold_id=command.hold_id,
        customer_group=placed.customer_group,
        groups=placed.groups,
        lines=tuple(
            HeldLine(
                line_id=line.line_id,
                item_id=line.item_id,
                sku=line.sku,
                quantity=line.quantity,
                step=line.step,
                parts=line.parts,
                shares=line.shares,
            )
            for line in placed.lines
        ),
        reservations=tuple(
            HeldReservation(
                reservation_id=one.allocation_id,
                line_id=one.line_id,
                group_id=one.group_id,
                location_id=one.location_id,
                quantity=one.quantity,
            )
            for one in routed.allocations
        ),
        promises=reserved.promises,
        expires_at=command.now + timedelta(minutes=command.minutes),
        decision=routed.decision,
        fulfilments=routed.fulfilments,
    )


def _first_to_lose(events: Sequence[Event]) -> list[Event]:
    """Return reservations without a promise: where goods are missing, they are lost first."""
    return [
        replace(event, promise=None) if isinstance(event, StockReserved) else event
        for event in events
    ]


def _known(command: HoldCommand, view: View) -> Hold:
    hold: Hold = view.state(hold_stream(command.channel_id, command.hold_id))
    decider.check_known(hold, command.channel_id, command.hold_id)
    return hold


def _ended(
    command: HoldCommand, hold: Hold, ended: Sequence[Event], view: View, *, reason: str
) -> Decision | Need:
    if not ended:
        return Decision({}, _outcome(hold))
    events = end(hold, ended, command, view, reason=reason)
    if isinstance(events, Need):
        return events
    for event in ended:
        hold = evolve(hold, event)
    return Decision(events, _outcome(hold))


def _outcome(hold: Hold) -> dict[str, Json]:
    reserved: dict[str, list[Json]] = {line_id: [] for line_id in hold.lines}
    for one in hold.reservations.values():
        reserved[one.line_id].append(
            {
                "reservation_id": one.reservation_id,
                "group_id": one.group_id,
                "location_id": one.location_id,
                "quantity": as_number(one.quantity),
            }
        )
    return {
        "hold_id": hold.hold_id,
        "status": hold.status,
        "expires_at": hold.expires_at.isoformat() if hold.expires_at is not None else None,
        "lines": [
            {
                "line_id": line.line_id,
                "sku": line.sku,
                "quantity": as_number(line.quantity),
                "reserved": reserved[line.line_id],
            }
            for line in hold.lines.values()
        ],
        "promises": promised(hold.promises),
    }
