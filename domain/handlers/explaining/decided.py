"""An order's routing decisions, each with the order as it stood just before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Protocol
from uuid import UUID

from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.order.events import AllocationReleased, LinesAllocated, RoutingFoundNothing
from domain.order.evolve import evolve
from domain.order.moving import SUSPENDED
from domain.order.rerouting_events import AllocationsKept
from domain.order.state import Order, Share
from domain.routing.plan import PlannedAllocation, PlannedFulfilment, RoutingCause, RoutingDecision


class Recorded(Protocol):
    """An event with its place in the log; `occurred_at` is the instant that was decided at."""

    @property
    def position(self) -> int:
        """Return its position in the log."""

    @property
    def occurred_at(self) -> datetime:
        """Return the instant of the command."""

    @property
    def command_id(self) -> UUID:
        """Return the command that it came from."""

    @property
    def event(self) -> Event:
        """Return what happened."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A routing event, the order just before it, and as it stood before the whole command.

    `moved_from` is the suspended location whose work the command moved, None where it did not.
    """

    position: int
    at: datetime
    order: Order
    event: LinesAllocated | RoutingFoundNothing
    before: Order
    moved_from: str | None = None

    @property
    def decision(self) -> RoutingDecision:
        """Return what the event keeps of the decision."""
        return self.event.decision

    @property
    def cause(self) -> RoutingCause:
        """Return why the order was routed."""
        return self.event.cause

    @property
    def allocations(self) -> tuple[PlannedAllocation, ...]:
        """Return what was allocated, as the engine says it."""
        if isinstance(self.event, RoutingFoundNothing):
            return ()
        return tuple(
            PlannedAllocation(one.group_id, one.line_id, one.location_id, one.quantity)
            for one in self.event.allocations
        )

    @property
    def fulfilments(self) -> tuple[PlannedFulfilment, ...]:
        """Return how and when goods leave."""
        return () if isinstance(self.event, RoutingFoundNothing) else self.event.fulfilments

    def queued(self) -> dict[Share, Decimal]:
        """Return what waits for goods since, by line and group."""
        found: dict[Share, Decimal] = {}
        if isinstance(self.event, LinesAllocated):
            for one in self.event.backorders:
                share = (one.line_id, one.group_id)
                found[share] = found.get(share, ZERO) + one.quantity
        return found


def decisions_of(events: Iterable[Recorded]) -> list[Decided]:
    """Return the decisions in an order's stream, the oldest first."""
    order = Order()
    found = []
    for _, group in groupby(events, key=lambda one: one.command_id):
        command = list(group)
        before, moved_from = order, _moved_from(one.event for one in command)
        for one in command:
            event = one.event
            if isinstance(event, LinesAllocated | RoutingFoundNothing):
                at = one.occurred_at
                found.append(Decided(one.position, at, order, event, before, moved_from))
            order = evolve(order, event)
    return found


def _moved_from(events: Iterable[Event]) -> str | None:
    """Return the suspended location that a command gave work back of, or let keep it."""
    for event in events:
        if isinstance(event, AllocationsKept):
            return event.location_id
        if isinstance(event, AllocationReleased) and event.reason == SUSPENDED:
            return event.location_id
    return None
