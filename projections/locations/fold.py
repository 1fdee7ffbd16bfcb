"""Folds locations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from domain.base.streams import category_of, key_of, location_stream
from domain.location.events import (
    LocationAttributes,
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table

ATTRIBUTES: Final = TypeAdapter(LocationAttributes)


@dataclass(slots=True)
class LocationRow:
    """A location as it is now; nothing but its id and state before it is registered."""

    location_id: str
    name: str | None = None
    kind: str | None = None
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    city: str | None = None
    street: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str | None = None
    backlog_zone: str | None = None
    capabilities: list[str] = field(default_factory=list)
    capacity_per_day: int | None = None
    handling_cost: Decimal | None = None
    channels: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    closed_on: list[str] = field(default_factory=list)
    attributes: dict[str, Any] | None = None
    suspended: bool = False
    suspended_reason: str | None = None
    position: int = 0
    changed_at: datetime | None = None


LOCATIONS: Final = Table(
    "locations",
    LocationRow,
    ("location_id",),
    by_stream=ByStream(
        lambda stream: (key_of(stream),) if category_of(stream) == "location" else None,
        lambda row: (location_stream(row.location_id),),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch."""
    locations = tables[LOCATIONS]
    locations.load((key_of(event.stream),) for event in events)
    for recorded in events:
        row = locations.change(key_of(recorded.stream))
        row.position = recorded.position
        row.changed_at = recorded.recorded_at
        match recorded.event:
            case LocationRegistered(attributes) | LocationChanged(attributes):
                _describe(row, attributes)
            case LocationSuspended(reason):
                row.suspended, row.suspended_reason = True, reason
            case LocationResumed():
                row.suspended, row.suspended_reason = False, None


def _describe(row: LocationRow, attributes: LocationAttributes) -> None:
    row.name = attributes.name
    row.kind = attributes.kind
    row.country = attributes.country
    row.region = attributes.region
    row.postal_code = attributes.postal_code
    row.city = attributes.city
    row.street = attributes.street
    row.latitude = attributes.latitude
    row.longitude = attributes.longitude
    row.time_zone = attributes.time_zone
    row.backlog_zone = attributes.backlog_zone
    row.capabilities = list(attributes.capabilities)
    row.capacity_per_day = attributes.capacity_per_day
    row.handling_cost = attributes.handling_cost
    row.channels = list(attributes.channels)
    row.countries = list(attributes.countries)
    row.closed_on = [day.isoformat() for day in attributes.closed_on]
    row.attributes = ATTRIBUTES.dump_python(attributes, mode="json")


READ_MODEL: Final = ReadModel(
    name="locations",
    version=2,
    events=frozenset({LocationRegistered, LocationChanged, LocationSuspended, LocationResumed}),
    tables=(LOCATIONS,),
    views=("locations",),
    fold=fold,
)
