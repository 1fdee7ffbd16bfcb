"""What can be asked of locations."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.base.country import CountryCode
from domain.base.instants import TimeZone
from domain.base.messages import Command
from domain.base.money import Amount
from domain.base.text import Code, Line, PostalCode
from domain.location.events import Capability, LocationKind

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Field(ge=1, le=7)]


class LocationInput(BaseModel):
    """A location's attributes; `cut_off` is local HH:MM, `open_days` are 1 Monday to 7 Sunday."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    kind: LocationKind
    country: CountryCode
    time_zone: TimeZone
    region: Line | None = None
    postal_code: PostalCode | None = None
    city: Line | None = None
    street: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    backlog_zone: Code | None = None
    capabilities: Annotated[tuple[Capability, ...], Field(max_length=6)] = ("ship",)
    open_days: Annotated[tuple[Weekday, ...], Field(max_length=7)] = (1, 2, 3, 4, 5)
    holiday_calendar: Code | None = None
    cut_off: TimeOfDay = "14:00"
    handling_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 0
    capacity_per_day: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    handling_cost: Amount = Decimal(0)
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    channels: Annotated[tuple[Code, ...], Field(max_length=500)] = ()
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=300)] = ()
    closed_on: Annotated[tuple[date, ...], Field(max_length=400)] = ()


class RegisterLocation(Command):
    """Make a location known and open."""

    command_type: ClassVar[str] = "RegisterLocation"

    location_id: Code
    location: LocationInput


class ChangeLocation(Command):
    """Replace a location's attributes."""

    command_type: ClassVar[str] = "ChangeLocation"

    location_id: Code
    location: LocationInput


class SuspendLocation(Command):
    """Give a location no new work, and let what it has not shipped go elsewhere."""

    command_type: ClassVar[str] = "SuspendLocation"

    location_id: Code
    reason: Line
    move_work: bool = True


class ResumeLocation(Command):
    """Give a suspended location work again."""

    command_type: ClassVar[str] = "ResumeLocation"

    location_id: Code
