"""Folds allocations into what each location has to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.quantity import ZERO, as_number
from domain.base.streams import category_of, key_of
from domain.location.events import (
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)
from domain.order.events import (
    AllocationDelivered,
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    BackorderFilled,
    LinesAllocated,
    LinesCancelled,
)
from eventstore.recorded import RecordedEvent
from projections.backlog.moving import STAYING, count_moved, note_staying
from projections.backlog.rows import FULFILMENTS, LOCATIONS
from projections.read_model import ReadModel
from projections.rows import Tables


@dataclass(frozen=True, slots=True)
class Change:
    """What an event adds to an allocation; `location_id` is None where it does not say."""

    allocation_id: str
    location_id: str | None
    allocated: Decimal = ZERO
    in_transit: Decimal = ZERO


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch."""
    fulfilments = tables[FULFILMENTS]
    fulfilments.load((e.stream,) for e in events if category_of(e.stream) == "order")
    tables[LOCATIONS].load((key,) for e in events for key in _locations(e, tables))
    for recorded in events:
        if category_of(recorded.stream) == "order":
            for change in _changes(recorded.event):
                _apply(recorded, change, tables)
            if isinstance(recorded.event, LinesAllocated):
                _promise(recorded.stream, recorded.event, tables)
            elif isinstance(recorded.event, AllocationReleased):
                count_moved(recorded.stream, recorded.event, tables)
            elif isinstance(recorded.event, STAYING):
                note_staying(recorded.stream, recorded.event, tables)
        else:
            _location(recorded, tables)


def _locations(recorded: RecordedEvent, tables: Tables) -> Iterator[str]:
    if category_of(recorded.stream) == "location":
        yield key_of(recorded.stream)
    for row in tables[FULFILMENTS].group(recorded.stream):
        yield row.location_id
    for change in _changes(recorded.event):
        if change.location_id is not None:
            yield change.location_id


def _changes(event: Event) -> Iterator[Change]:
    match event:
        case LinesAllocated(allocations):
            for part in allocations:
                yield Change(part.allocation_id, part.location_id, allocated=part.quantity)
        case BackorderFilled(allocation_id=allocation, location_id=location, quantity=quantity):
            yield Change(allocation, location, allocated=quantity)
        case AllocationLost(allocation, _, location, quantity) | AllocationReleased(
            allocation, _, location, quantity
        ):
            yield Change(allocation, location, allocated=-quantity)
        case LinesCancelled(parts):
            for cancelled in parts:
                if cancelled.allocation_id is not None:
                    yield Change(cancelled.allocation_id, None, allocated=-cancelled.quantity)
        case AllocationShipped(allocation_id=allocation, location_id=location, quantity=quantity):
            yield Change(allocation, location, allocated=-quantity, in_transit=quantity)
        case AllocationDelivered(allocation_id=allocation, quantity=quantity):
            yield Change(allocation, None, in_transit=-quantity)


def _apply(recorded: RecordedEvent, change: Change, tables: Tables) -> None:
    location_id = change.location_id or _location_of(recorded.stream, change, tables)
    if location_id is None:
        return
    row = tables[FULFILMENTS].change(recorded.stream, location_id)
    location = tables[LOCATIONS].change(location_id)
    was_open = row.units_allocated > 0
    allocated, in_transit = row.allocations.get(change.allocation_id, (0, 0))
    row.allocations[change.allocation_id] = [
        as_number(Decimal(str(allocated)) + change.allocated),
        as_number(Decimal(str(in_transit)) + change.in_transit),
    ]
    row.units_allocated += change.allocated
    if change.allocated:
        row.position = recorded.position
    if change.allocated > 0:
        row.stays = None
    row.units_in_transit += change.in_transit
    location.units_allocated += change.allocated
    location.units_in_transit += change.in_transit
    location.open_fulfilments += (row.units_allocated > 0) - was_open
    location.position = recorded.position
    if not any(map(any, row.allocations.values())):
        tables[FULFILMENTS].remove(recorded.stream, location_id)


def _location_of(order_id: str, change: Change, tables: Tables) -> str | None:
    for row in sorted(tables[FULFILMENTS].group(order_id), key=lambda row: row.location_id):
        if change.allocation_id in row.allocations:
            return row.location_id
    return None


def _promise(order_id: str, event: LinesAllocated, tables: Tables) -> None:
    """Keep the earliest promise to ship of what a location has of the order."""
    promised = {promise.group_id: promise.ship_by for promise in event.promises}
    for part in event.allocations:
        row = tables[FULFILMENTS].known(order_id, part.location_id)
        ship_by = promised.get(part.group_id)
        if row is not None and ship_by is not None:
            row.ship_by = ship_by if row.ship_by is None else min(row.ship_by, ship_by)


def _location(recorded: RecordedEvent, tables: Tables) -> None:
    row = tables[LOCATIONS].change(key_of(recorded.stream))
    row.position = recorded.position
    match recorded.event:
        case LocationRegistered(attributes) | LocationChanged(attributes):
            row.name = attributes.name
            row.backlog_zone = attributes.backlog_zone
            row.capacity_per_day = attributes.capacity_per_day
        case LocationSuspended(move_work=move_work):
            row.suspended, row.moves_work = True, move_work
            row.suspended_at, row.suspension = recorded.occurred_at, recorded.event_id
            row.suspended_position = recorded.position
            row.moved_orders, row.moved_units = 0, ZERO
        case LocationResumed():
            row.suspended = row.moves_work = False


READ_MODEL: Final = ReadModel(
    name="backlog",
    version=2,
    events=frozenset(
        {
            LinesAllocated,
            BackorderFilled,
            AllocationLost,
            AllocationReleased,
            LinesCancelled,
            AllocationShipped,
            AllocationDelivered,
            *STAYING,
            LocationRegistered,
            LocationChanged,
            LocationSuspended,
            LocationResumed,
        }
    ),
    tables=(LOCATIONS, FULFILMENTS),
    views=("backlog", "open_work", "location_moves"),
    fold=fold,
)
