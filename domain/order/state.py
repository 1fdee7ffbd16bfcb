"""What an order's events add up to; it keeps no personal data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from immutables import Map

from domain.base.quantity import ZERO
from domain.order.events import DeliveryGroup, GroupPromise, OrderCharge, OrderLine
from domain.order.rerouting_events import ChoiceReason, RoutingHeld
from domain.order.status import OrderStatus, Stages, status
from domain.routing.plan import ExclusionCount
from domain.routing.request import Method, Place

Share = tuple[str, str]
"""(line id, group id): the part of a line that one delivery group gets."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """A delivery group: its way and place, its first promise and the one that holds now.

    `awaits_choice` says why its customer has to choose how it goes on; `waits` that the
    customer chose to wait for the store that would not hand it out.
    """

    group_id: str
    method: Method
    place: Place
    store: str | None
    service: str
    requested_date: datetime | None
    first_promise: GroupPromise | None = None
    promise: GroupPromise | None = None
    awaits_choice: ChoiceReason | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AllocationState:
    """An allocation: what is still reserved, and what of it has shipped and arrived.

    `booked_on` is the working day of which its group has a place at the location, if any.
    """

    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal
    shipped: Decimal = ZERO
    delivered: Decimal = ZERO
    booked_on: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class BookedPlace:
    """A delivery group's place of a working day of a location."""

    group_id: str
    location_id: str
    day: date


@dataclass(frozen=True, slots=True)
class BackorderState:
    """A backorder: what still waits in the queue of the line's item at the location."""

    line_id: str
    group_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """An order; quantities are in the line's unit.

    Allocations and backorders stay with quantity 0 when they are used up. `open_shares` is
    what is neither allocated, backordered nor cancelled. `just_routed` says that nothing
    happened since routing last looked for that, and `exclusions` whom it left out and why.

    `refused_by` are the locations that said no; `tries` counts the routings after something
    was taken back (`taken_back`: not routed since), from the last time something new happened;
    `hold` stops them. `kept_at` are suspended locations whose work could not move, since when
    nothing happened.
    """

    exists: bool = False
    channel_id: str = ""
    external_id: str = ""
    currency: str = ""
    prices: str = ""
    priority: int = 0
    customer_id: str | None = None
    customer_group: str | None = None
    subject_id: str | None = None
    groups: tuple[GroupState, ...] = ()
    lines: Map[str, OrderLine] = field(default_factory=Map)
    line_ids: tuple[str, ...] = ()
    charges: tuple[OrderCharge, ...] = ()
    allocations: Map[str, AllocationState] = field(default_factory=Map)
    backorders: Map[str, BackorderState] = field(default_factory=Map)
    open_shares: Map[Share, Decimal] = field(default_factory=Map)
    cancelled: Map[str, Decimal] = field(default_factory=Map)
    just_routed: bool = False
    exclusions: tuple[ExclusionCount, ...] = ()
    refused_by: frozenset[str] = frozenset()
    taken_back: bool = False
    tries: int = 0
    hold: RoutingHeld | None = None
    kept_at: frozenset[str] = frozenset()

    def group(self, group_id: str) -> GroupState | None:
        """Return a delivery group, None where the order has none of that id."""
        return next((group for group in self.groups if group.group_id == group_id), None)

    def has_left(self, group_id: str) -> bool:
        """Say whether anything of a group has neither left nor been cancelled."""
        holding = (*self.allocations.values(), *self.backorders.values())
        return any(one.group_id == group_id and one.quantity > ZERO for one in holding) or any(
            group == group_id and open_ > ZERO for (_, group), open_ in self.open_shares.items()
        )

    def unassigned(self, line_id: str, group_id: str | None = None) -> Decimal:
        """Return what of a line, or of its share of one group, nothing was found for yet."""
        if group_id is not None:
            return self.open_shares.get((line_id, group_id), ZERO)
        line = self.lines.get(line_id)
        shares = line.shares if line is not None else ()
        return sum((self.open_shares.get((line_id, s.group_id), ZERO) for s in shares), ZERO)

    def stages(self) -> dict[str, Stages]:
        """Return every line's quantities by stage, in the order's sequence."""
        backordered = dict.fromkeys(self.line_ids, ZERO)
        reserved = dict.fromkeys(self.line_ids, ZERO)
        shipped = dict.fromkeys(self.line_ids, ZERO)
        delivered = dict.fromkeys(self.line_ids, ZERO)
        for backorder in self.backorders.values():
            backordered[backorder.line_id] += backorder.quantity
        for allocation in self.allocations.values():
            reserved[allocation.line_id] += allocation.quantity
            shipped[allocation.line_id] += allocation.shipped
            delivered[allocation.line_id] += allocation.delivered
        return {
            line_id: Stages(
                ordered=self.lines[line_id].quantity,
                unassigned=self.unassigned(line_id),
                backordered=backordered[line_id],
                reserved=reserved[line_id],
                shipped=shipped[line_id],
                delivered=delivered[line_id],
                cancelled=self.cancelled.get(line_id, ZERO),
            )
            for line_id in self.line_ids
        }

    @property
    def places(self) -> frozenset[BookedPlace]:
        """Return the places of working days that it uses: what is shipped has used its own."""
        return frozenset(
            BookedPlace(one.group_id, one.location_id, one.booked_on)
            for one in self.allocations.values()
            if one.booked_on is not None and (one.quantity > ZERO or one.shipped > ZERO)
        )

    @property
    def status(self) -> OrderStatus:
        """Return the order's status, derived from its lines."""
        return status(sum(self.stages().values(), Stages()))


def group_state(group: DeliveryGroup) -> GroupState:
    """Return a delivery group without its personal data."""
    destination = group.destination
    return GroupState(
        group_id=group.group_id,
        method=group.method,
        place=Place(
            country=destination.country,
            region=destination.region,
            postal_code=destination.postal_code,
            latitude=destination.latitude,
            longitude=destination.longitude,
        ),
        store=group.store,
        service=group.service,
        requested_date=group.requested_date,
    )
