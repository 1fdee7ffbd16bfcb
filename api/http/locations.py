"""Locations: warehouses, stores and dropship partners; open or suspended."""

from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from api.http.access import administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.routing import router
from api.http.sending import Accepted, Posting, Putting
from api.http.services import Wired
from domain.base.streams import location_stream
from domain.base.text import Code, Line
from domain.location.commands import (
    ChangeLocation,
    LocationInput,
    RegisterLocation,
    ResumeLocation,
    SuspendLocation,
)
from domain.location.decider import Location
from domain.location.errors import UnknownLocation
from domain.location.events import LocationAttributes

routes: Final = router("locations")
_ADMINISTRATOR: Final = [Depends(administrator)]


class LocationRegistration(LocationInput):
    """A location under an id of the caller's choice."""

    location_id: Code


class LocationView(LocationInput):
    """A location as it stands."""

    location_id: str
    suspended: bool


class LocationAccepted(Accepted):
    """A location was registered, changed, suspended or resumed."""

    location_id: str


class Suspension(BaseModel):
    """Why a location gets no new work."""

    model_config = ConfigDict(extra="forbid")

    reason: Line


@routes.post("/locations", status_code=201, dependencies=_ADMINISTRATOR)
def register_location(body: LocationRegistration, sender: Posting) -> LocationAccepted:
    """Make a location known and open."""
    location = build(LocationInput, **_fields(body))
    command = build(
        RegisterLocation, **sender.stamp(), location_id=body.location_id, location=location
    )
    position = sender.accept(command, within="location").position
    sender.response.headers["Location"] = f"/v1/locations/{body.location_id}"
    return LocationAccepted(location_id=body.location_id, position=position)


@routes.put("/locations/{location_id}", dependencies=_ADMINISTRATOR)
def change_location(location_id: Code, body: LocationInput, sender: Putting) -> LocationAccepted:
    """Replace a location's attributes."""
    command = build(ChangeLocation, **sender.stamp(), location_id=location_id, location=body)
    position = sender.accept(command, within="location").position
    return LocationAccepted(location_id=location_id, position=position)


@routes.post("/locations/{location_id}/suspensions", dependencies=_ADMINISTRATOR)
def suspend_location(location_id: Code, body: Suspension, sender: Posting) -> LocationAccepted:
    """Give a location no new work."""
    command = build(SuspendLocation, **sender.stamp(), location_id=location_id, reason=body.reason)
    return LocationAccepted(location_id=location_id, position=sender.accept(command).position)


@routes.post("/locations/{location_id}/resumptions", dependencies=_ADMINISTRATOR)
def resume_location(location_id: Code, sender: Posting) -> LocationAccepted:
    """Give a suspended location work again."""
    command = build(ResumeLocation, **sender.stamp(), location_id=location_id)
    return LocationAccepted(location_id=location_id, position=sender.accept(command).position)


@routes.get("/locations/{location_id}", dependencies=_ADMINISTRATOR)
def get_location(location_id: Code, services: Wired) -> LocationView:
    """Return a location, straight from the log."""
    location: Location = present_state(services.reader, location_stream(location_id))
    if location.attributes is None:
        raise UnknownLocation(f"No location {location_id!r} is registered", field="location_id")
    return location_view(location_id, location.attributes, suspended=location.suspended)


def location_view(
    location_id: str, attributes: LocationAttributes, *, suspended: bool
) -> LocationView:
    """Return a location as clients see it; what was once recorded is not validated again."""
    fields: dict[str, Any] = {
        name: getattr(attributes, name) for name in LocationInput.model_fields
    }
    return LocationView.model_construct(location_id=location_id, suspended=suspended, **fields)


def _fields(body: LocationInput) -> dict[str, Any]:
    return {name: getattr(body, name) for name in LocationInput.model_fields}
