"""Backlog: what each location has to do."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BaseModel

from api.http.access import administrator
from api.http.limits import MAX_SKUS
from api.http.numbers import Number
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.services import Wired
from domain.base.text import Code
from projections.backlog.queries import backlog

routes: Final = router("backlog")


class LocationBacklog(BaseModel):
    """A location's work; `days_of_work` is null where its capacity has no limit."""

    location_id: str
    name: str | None
    backlog_zone: str | None
    suspended: bool
    open_fulfilments: int
    units_allocated: Number
    units_in_transit: Number
    capacity_per_day: int | None
    days_of_work: Number | None
    oldest_ship_by: datetime | None


class Backlog(BaseModel):
    """The locations asked for, by id."""

    locations: list[LocationBacklog]


@routes.get("/backlog", dependencies=[Depends(administrator), up_to_date("backlog", "locations")])
def get_backlog(
    services: Wired,
    location: Annotated[list[Code], Query(max_length=MAX_SKUS, description="Of these only.")] = [],  # noqa: B006 - FastAPI copies it
    zone: Annotated[Code | None, Query(description="A backlog zone.")] = None,
) -> Backlog:
    """Return open fulfilments, units and the oldest promise of every location."""
    found = backlog(services.datastore, locations=location or None, zone=zone)
    return Backlog(
        locations=[
            LocationBacklog(
                location_id=one.location_id,
                name=one.name,
                backlog_zone=one.backlog_zone,
                suspended=one.suspended,
                open_fulfilments=one.open_fulfilments,
                units_allocated=one.units_allocated,
                units_in_transit=one.units_in_transit,
                capacity_per_day=one.capacity_per_day,
                days_of_work=one.days_of_work,
                oldest_ship_by=one.oldest_ship_by,
            )
            for one in found
        ]
    )
