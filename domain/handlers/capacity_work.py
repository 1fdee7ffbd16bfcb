"""What happens to orders, and which places of working days that takes or frees.

A booking stands for what a delivery group has at a location and leaves on a day: as long as
anything of it is allocated there, and for good once any of it has shipped.
"""

from collections.abc import Mapping, Sequence

from domain.base.handling import Need, View
from domain.base.messages import Event
from domain.base.streams import StreamId, capacity_stream, category_of, location_stream
from domain.capacity.decider import Booking, book, evolve, release
from domain.order.events import LinesAllocated
from domain.order.evolve import evolve as evolve_order
from domain.order.state import BookedPlace, Order


def capacity_events(
    changed: Mapping[StreamId, Sequence[Event]], view: View
) -> dict[StreamId, list[Event]] | Need:
    """Return the events of days that go with these events of orders, by stream.

    Give it all that one decision appends; what is no order's is passed over. It compares each
    order before and after: a place that is no longer used is released, a new one booked, and
    where work moves both are in the one append. Need while a stream is not loaded; where no
    location has a capacity nothing is read.

    Raises:
        CapacityFull: a day has no place left, which the plan should have seen.
    """
    freed: dict[StreamId, list[Booking]] = {}
    taken: dict[StreamId, list[Booking]] = {}
    places: dict[StreamId, StreamId] = {}
    for stream, events in changed.items():
        if category_of(stream) != "order":
            continue
        before, after = _places(view.state(stream), events)
        for one in sorted(before ^ after):
            day = capacity_stream(one.location_id, one.day)
            places[day] = location_stream(one.location_id)
            side = freed if one in before else taken
            side.setdefault(day, []).append((stream, one.group_id))
    missing = view.missing((*places, *(places[day] for day in taken)))
    if missing:
        return Need(missing)
    found: dict[StreamId, list[Event]] = {}
    for day, location in places.items():
        state = view.state(day)
        for booking in freed.get(day, ()):
            for event in release(state, booking):
                state = evolve(state, event)
                found.setdefault(day, []).append(event)
        for booking in taken.get(day, ()):
            for event in book(state, booking, limit_of(location, view)):
                state = evolve(state, event)
                found.setdefault(day, []).append(event)
    return found


def limit_of(location: StreamId, view: View) -> int:
    """Return the capacity per day of a loaded location; 0 where it has none."""
    attributes = view.state(location).attributes
    return 0 if attributes is None else attributes.capacity_per_day or 0


def _places(
    order: Order, events: Sequence[Event]
) -> tuple[frozenset[BookedPlace], frozenset[BookedPlace]]:
    """Return the places that an order has before and after events."""
    before = order.places
    if not before and not any(_books(event) for event in events):
        return before, before
    for event in events:
        order = evolve_order(order, event)
    return before, order.places


def _books(event: Event) -> bool:
    return isinstance(event, LinesAllocated) and any(one.booked for one in event.fulfilments)
