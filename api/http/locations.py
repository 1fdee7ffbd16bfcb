"""Locations: warehouses, stores and dropship partners; open or suspended."""

from typing import Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, TypeAdapter

from api.http.access import administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.forms import fields_of
from api.http.paging import Asked
from api.http.positions import up_to_date
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
from projections.locations import queries

routes: Final = router("locations")
_ADMINISTRATOR: Final = [Depends(administrator)]
_ATTRIBUTES: Final = TypeAdapter(LocationAttributes)


class LocationRegistration(LocationInput):
    """A location under an id of the caller's choice."""

    location_id: Code


class LocationView(LocationInput):
    """A location as it stands."""

    location_id: str
    suspended: bool


class LocationPage(BaseModel):
    """Locations by id; `next` is the cursor of the next page, null on the last."""

    locations: list[LocationView]
    next: str | None


class LocationAccepted(Accepted):
    """A location was registered, changed, suspended or resumed."""

    location_id: str


class Suspension(BaseModel):
    """Why a location gets no new work; with `move_work` what it has not shipped goes elsewhere."""

    model_config = ConfigDict(extra="forbid")

    reason: Line
    move_work: bool = True


@routes.post("/locations", status_code=201, dependencies=_ADMINISTRATOR)
def register_location(body: LocationRegistration, sender: Posting) -> LocationAccepted:
    """Make a location known and open."""
    location = build(LocationInput, **fields_of(body, LocationInput))
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
    """Give a location no new work, and move what it has not shipped unless told otherwise."""
    command = build(
        SuspendLocation,
        **sender.stamp(),
        location_id=location_id,
        reason=body.reason,
        move_work=body.move_work,
    )
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


@routes.get("/locations", dependencies=[*_ADMINISTRATOR, up_to_date("locations")])
def list_locations(services: Wired, paging: Asked) -> LocationPage:
    """Return a page of all locations."""
    page = queries.list_locations(services.datastore, limit=paging.limit, cursor=paging.cursor)
    views = [
        location_view(
            one.location_id, _ATTRIBUTES.validate_python(one.attributes), suspended=one.suspended
        )
        for one in page.items
    ]
    return LocationPage(locations=views, next=page.next_cursor)


def location_view(
    location_id: str, attributes: LocationAttributes, *, suspended: bool
) -> LocationView:
    """Return a location as clients see it; what was once recorded is not validated again."""
    fields = fields_of(attributes, LocationInput)
    return LocationView.model_construct(location_id=location_id, suspended=suspended, **fields)
