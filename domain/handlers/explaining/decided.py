"""An order's routing decisions, each with the order as it stood just before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.order.events import LinesAllocated, RoutingFoundNothing
from domain.order.evolve import evolve
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
    def event(self) -> Event:
        """Return what happened."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A routing event, and the order just before it."""

    position: int
    at: datetime
    order: Order
    event: LinesAllocated | RoutingFoundNothing

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
    for one in events:
        event = one.event
        if isinstance(event, LinesAllocated | RoutingFoundNothing):
            found.append(Decided(one.position, one.occurred_at, order, event))
        order = evolve(order, event)
    return found
