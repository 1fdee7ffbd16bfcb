"""Asks what locations have to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from eventstore.datastore import Datastore
from projections.database import fetch

_BACKLOG: Final = """
SELECT location_id, name, backlog_zone, suspended, open_fulfilments, units_allocated,
       units_in_transit, capacity_per_day, days_of_work, oldest_ship_by, position
FROM {schema}.backlog
WHERE (%(locations)s::text[] IS NULL OR location_id = ANY(%(locations)s))
  AND (%(zone)s::text IS NULL OR backlog_zone = %(zone)s)
ORDER BY location_id
"""


_MOVES: Final = """
SELECT location_id, suspended, moves_work, suspended_at, suspension, suspended_position,
       moved_orders, moved_units, waiting_orders, waiting_units, staying
FROM {schema}.location_moves
WHERE (%(locations)s::text[] IS NULL OR location_id = ANY(%(locations)s))
ORDER BY location_id
"""


@dataclass(frozen=True, slots=True)
class LocationMoves:
    """How far a location's work has moved since it was last suspended.

    `staying` has orders and units by the reason why they could not move.
    """

    location_id: str
    suspended: bool
    moves_work: bool
    suspended_at: datetime
    suspension: UUID
    suspended_position: int
    moved_orders: int
    moved_units: Decimal
    waiting_orders: int
    waiting_units: Decimal
    staying: dict[str, dict[str, int | float]]


@dataclass(frozen=True, slots=True)
class LocationBacklog:
    """What a location has to do; `days_of_work` is None where its capacity has no limit."""

    location_id: str
    name: str | None
    backlog_zone: str | None
    suspended: bool
    open_fulfilments: int
    units_allocated: Decimal
    units_in_transit: Decimal
    capacity_per_day: int | None
    days_of_work: Decimal | None
    oldest_ship_by: datetime | None
    position: int


def backlog(
    datastore: Datastore,
    *,
    locations: Collection[str] | None = None,
    zone: str | None = None,
) -> list[LocationBacklog]:
    """Return the backlog of all locations, or of these, or of one backlog zone, by location."""
    asked = {"locations": None if locations is None else list(locations), "zone": zone}
    return fetch(datastore, LocationBacklog, _BACKLOG, asked)


def moves(datastore: Datastore, *, locations: Collection[str] | None = None) -> list[LocationMoves]:
    """Return how far work has moved from locations that were ever suspended, by location."""
    asked = {"locations": None if locations is None else list(locations)}
    return fetch(datastore, LocationMoves, _MOVES, asked)
