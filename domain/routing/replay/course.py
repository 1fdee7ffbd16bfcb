"""A strategy's own course: its decisions use up the stock, not those of history.

What a strategy holds is kept by line of an order, and what of it is used of each item at each
location. What was short waits, and is served before new demand as soon as there is stock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.routing.plan import PlannedAllocation, PlannedFulfilment
from domain.routing.request import Part, RoutingGroup, RoutingLine, RoutingRequest

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

Cell = tuple[str, str]
"""(item id, location id)."""
Share = tuple[str, str]
"""(line id, group id)."""


@dataclass(slots=True)
class Held:
    """What a line has from one location and has not left it yet, in the line's unit."""

    location_id: str
    quantity: Decimal
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Waiting:
    """Units of a line that wait for stock of its item, in multiples of `step`."""

    order: str
    share: Share
    line: RoutingLine
    quantity: Decimal
    priority: int
    candidates: tuple[str, ...]


class Course:
    """What a strategy holds and booked, what waits, and its work: (order, location) pairs."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.taken: dict[Cell, Decimal] = {}
        self.work: dict[str, int] = {}
        self.booked: dict[str, dict[date, int]] = {}
        self._held: dict[str, dict[Share, list[Held]]] = {}
        self._open: dict[tuple[str, str], Decimal] = {}
        self._days: dict[tuple[str, str], list[date]] = {}
        self._waiting: dict[str, list[Waiting]] = {}

    def allocate(
        self,
        request: RoutingRequest,
        allocations: Iterable[PlannedAllocation],
        fulfilments: Iterable[PlannedFulfilment] = (),
    ) -> None:
        """Take what a decision allocated, and the places of days that it booked."""
        lines = _lines(request)
        for one in allocations:
            share = one.line_id, one.group_id
            self._hold(request.order, share, one.location_id, one.quantity, lines[share].parts)

        for planned in fulfilments:
            if planned.booked and planned.leaves is not None:
                place = planned.location_id
                self._days.setdefault((request.order, place), []).append(planned.leaves)
                self._book(place, planned.leaves, 1)

    def wait(
        self,
        request: RoutingRequest,
        allocations: Iterable[PlannedAllocation],
        candidates: Mapping[str, Sequence[str]],
    ) -> None:
        """Let wait what a decision left short; kits do not, their parts come together.

        `candidates` are the locations that may send a group, by its id.
        """
        short = {share: line.quantity for share, line in _lines(request).items()}
        for one in allocations:
            short[one.line_id, one.group_id] -= one.quantity
        lines = _lines(request)
        for share, quantity in short.items():
            line = lines[share]
            (part, *others) = line.parts
            if quantity > ZERO and part.per_unit == ONE and not others:
                queue = self._waiting.setdefault(part.item_id, [])
                places = tuple(candidates[share[1]])
                queue.append(
                    Waiting(request.order, share, line, quantity, request.priority, places)
                )
                queue.sort(key=lambda one: -one.priority)

    def is_waited_for(self, item_id: str) -> bool:
        """Say whether units wait for an item."""
        return item_id in self._waiting

    def waited_for(self) -> tuple[str, ...]:
        """Return the items that units wait for."""
        return tuple(self._waiting)

    def serve(self, item_id: str, free: Mapping[str, Decimal]) -> Decimal:
        """Give free stock of an item, by location, to what waits; return how much was given.

        By priority, then age; from the channel's first location that has any.
        """
        left, given = dict(free), ZERO
        for one in self._waiting.get(item_id, ()):
            for place in one.candidates:
                some = min(one.quantity, left.get(place, ZERO) // one.line.step * one.line.step)
                if some > ZERO:
                    self._hold(one.order, one.share, place, some, one.line.parts)
                    one.quantity -= some
                    left[place] -= some
                    given += some
        self._forget_served(item_id)
        return given

    def cancel(self, order: str, share: Share, quantity: Decimal) -> None:
        """Cancel units of a line's share: first what waits, then what was allocated last."""
        left = quantity
        for item_id in tuple(self._waiting):
            for one in self._waiting[item_id]:
                if one.order == order and one.share == share:
                    some = min(left, one.quantity)
                    one.quantity -= some
                    left -= some
            self._forget_served(item_id)
        for held in reversed(self._held.get(order, {}).get(share, [])):
            some = min(left, held.quantity)
            left -= some
            self._leave(order, held, some)
            self._use(held.location_id, held.parts, -some)
            if (order, held.location_id) not in self._open:
                for day in self._days.pop((order, held.location_id), ()):
                    self._book(held.location_id, day, -1)
        self._forget_left(order)

    def ship(self, order: str, line_id: str, quantity: Decimal) -> None:
        """Let units of a line leave, as they really left: the work ends, the stock is gone.

        Booked places of days stay booked: their days were worked on.
        """
        left = quantity
        for share, some_held in self._held.get(order, {}).items():
            for held in some_held if share[0] == line_id else ():
                some = min(left, held.quantity)
                left -= some
                self._leave(order, held, some)
        self._forget_left(order)

    def _hold(
        self, order: str, share: Share, place: str, quantity: Decimal, parts: tuple[Part, ...]
    ) -> None:
        self._load(order, place, quantity)
        held = Held(place, quantity, parts)
        self._held.setdefault(order, {}).setdefault(share, []).append(held)
        self._use(place, parts, quantity)

    def _book(self, place: str, day: date, change: int) -> None:
        days = self.booked.setdefault(place, {})
        days[day] = days.get(day, 0) + change

    def _use(self, place: str, parts: Iterable[Part], quantity: Decimal) -> None:
        for part in parts:
            cell = part.item_id, place
            self.taken[cell] = self.taken.get(cell, ZERO) + quantity * part.per_unit

    def _leave(self, order: str, held: Held, quantity: Decimal) -> None:
        held.quantity -= quantity
        self._load(order, held.location_id, -quantity)

    def _load(self, order: str, place: str, quantity: Decimal) -> None:
        """Change what a location has to do of an order; the last unit ends the fulfilment."""
        before = self._open.get((order, place), ZERO)
        after = before + quantity
        self.work[place] = self.work.get(place, 0) + (after > ZERO) - (before > ZERO)
        if after > ZERO:
            self._open[order, place] = after
        else:
            self._open.pop((order, place), None)

    def _forget_left(self, order: str) -> None:
        left = self._held.get(order, {})
        if not any(held.quantity > ZERO for some in left.values() for held in some):
            self._held.pop(order, None)

    def _forget_served(self, item_id: str) -> None:
        rest = [one for one in self._waiting.get(item_id, ()) if one.quantity > ZERO]
        if rest:
            self._waiting[item_id] = rest
        else:
            self._waiting.pop(item_id, None)


def _lines(request: RoutingRequest) -> dict[Share, RoutingLine]:
    groups: tuple[RoutingGroup, ...] = request.groups
    return {(line.line_id, g.group_id): line for g in groups for line in g.lines}
