"""Why a command on a location is refused."""

from domain.base.errors import AlreadyExists, Conflict, NotFound


class UnknownLocation(NotFound):
    """No location has that id."""

    code = "unknown-location"
    title = "Unknown location"


class LocationExists(AlreadyExists):
    """A location with that id is registered."""

    code = "location-exists"
    title = "The location exists"


class LocationIsSuspended(Conflict):
    """The location is suspended already."""

    code = "location-suspended"
    title = "The location is suspended"


class LocationIsOpen(Conflict):
    """The location is open already."""

    code = "location-open"
    title = "The location is open"
