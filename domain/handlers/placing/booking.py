"""Whether the working days that a plan counts on have a place for it."""

from collections.abc import Mapping

from domain.base.handling import View
from domain.base.streams import StreamId, capacity_stream, location_stream
from domain.capacity.decider import Booking, admits
from domain.handlers.capacity_work import limit_of
from domain.handlers.placing.planning import Routed


def days_of(routed: Routed) -> Mapping[StreamId, list[Booking]]:
    """Return by capacity stream the bookings of a plan."""
    found: dict[StreamId, list[Booking]] = {}
    for one in routed.fulfilments:
        if one.booked and one.leaves is not None:
            day = capacity_stream(one.location_id, one.leaves)
            found.setdefault(day, []).append((routed.demand.order, one.group_id))
    return found


def days_have_room(routed: Routed, view: View) -> bool:
    """Say whether each loaded day admits a plan's bookings, and locations are limited as then."""
    limits: dict[StreamId, int] = {}
    for one in routed.fulfilments:
        location = location_stream(one.location_id)
        attributes = view.state(location).attributes
        if attributes is None or one.booked != (attributes.capacity_per_day is not None):
            return False
        if one.booked and one.leaves is not None:
            limits[capacity_stream(one.location_id, one.leaves)] = limit_of(location, view)
    return all(
        admits(view.state(day), bookings, limits[day]) for day, bookings in days_of(routed).items()
    )
