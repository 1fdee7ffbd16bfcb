"""What may happen to a location."""

from dataclasses import dataclass, replace

from domain.base.messages import Event
from domain.location.commands import LocationInput
from domain.location.errors import (
    LocationExists,
    LocationIsOpen,
    LocationIsSuspended,
    UnknownLocation,
)
from domain.location.events import (
    LocationAttributes,
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)


@dataclass(frozen=True, slots=True)
class Location:
    """A location as it stands; no attributes: nobody registered it.

    `moves_work`: it is suspended, and what it has not shipped goes elsewhere.
    """

    attributes: LocationAttributes | None = None
    suspended: bool = False
    moves_work: bool = False


def evolve(location: Location, event: Event) -> Location:
    """Return the location after an event."""
    match event:
        case LocationRegistered(attributes) | LocationChanged(attributes):
            return replace(location, attributes=attributes)
        case LocationSuspended():
            return replace(location, suspended=True, moves_work=event.move_work)
        case LocationResumed():
            return replace(location, suspended=False, moves_work=False)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a location")


def attributes_of(form: LocationInput) -> LocationAttributes:
    """Return what an input says; what a list names twice counts once."""
    values = dict(form)
    values["capabilities"] = tuple(dict.fromkeys(form.capabilities))
    values["open_days"] = tuple(sorted(set(form.open_days)))
    values["channels"] = tuple(dict.fromkeys(form.channels))
    values["countries"] = tuple(dict.fromkeys(form.countries))
    values["closed_on"] = tuple(sorted(set(form.closed_on)))
    return LocationAttributes(**values)


def register(
    location_id: str, location: Location, attributes: LocationAttributes
) -> tuple[Event, ...]:
    """Make a location known and open.

    Raises:
        LocationExists: it is known.
    """
    if location.attributes is not None:
        raise LocationExists(f"Location {location_id!r} is registered", field="location_id")
    return (LocationRegistered(attributes),)


def change(
    location_id: str, location: Location, attributes: LocationAttributes
) -> tuple[Event, ...]:
    """Replace a location's attributes; nothing happens where they stay the same.

    Raises:
        UnknownLocation: nobody registered it.
    """
    check_known(location_id, location, field="location_id")
    return () if location.attributes == attributes else (LocationChanged(attributes),)


def suspend(
    location_id: str, location: Location, *, reason: str, move_work: bool
) -> tuple[Event, ...]:
    """Give a location no new work.

    Raises:
        UnknownLocation: nobody registered it.
        LocationIsSuspended: it gets none already.
    """
    check_known(location_id, location, field="location_id")
    if location.suspended:
        raise LocationIsSuspended(f"Location {location_id!r} is suspended")
    return (LocationSuspended(reason, move_work),)


def resume(location_id: str, location: Location) -> tuple[Event, ...]:
    """Give a location work again.

    Raises:
        UnknownLocation: nobody registered it.
        LocationIsOpen: it gets work already.
    """
    check_known(location_id, location, field="location_id")
    if not location.suspended:
        raise LocationIsOpen(f"Location {location_id!r} is open")
    return (LocationResumed(),)


def check_known(location_id: str, location: Location, *, field: str) -> None:
    """Check that somebody registered a location.

    Raises:
        UnknownLocation: nobody did.
    """
    if location.attributes is None:
        raise UnknownLocation(
            f"No location {location_id!r} is registered", field=field, location_id=location_id
        )
