"""The rows of what locations have to do."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.base.quantity import ZERO
from domain.base.streams import category_of
from projections.table import ByStream, Table

Allocations = dict[str, list[int | float]]
"""[units allocated and not shipped, units in transit] by allocation id."""


@dataclass(slots=True)
class LocationRow:
    """What a location has to do; sums over its fulfilments.

    `suspension` is the event of its last suspension, at `suspended_position` of the log;
    `moved_orders` and `moved_units` count what has moved elsewhere since.
    """

    location_id: str
    name: str | None = None
    backlog_zone: str | None = None
    capacity_per_day: int | None = None
    suspended: bool = False
    open_fulfilments: int = 0
    units_allocated: Decimal = ZERO
    units_in_transit: Decimal = ZERO
    position: int = 0
    moves_work: bool = False
    suspended_at: datetime | None = None
    suspension: UUID | None = None
    suspended_position: int | None = None
    moved_orders: int = 0
    moved_units: Decimal = ZERO


@dataclass(slots=True)
class FulfilmentRow:
    """The part of an order that one location has, while any of it is not delivered.

    `stays` says why it could not move from the location; `position` is that of the last event
    that changed what is allocated.
    """

    order_id: str
    location_id: str
    units_allocated: Decimal = ZERO
    units_in_transit: Decimal = ZERO
    ship_by: datetime | None = None
    allocations: Allocations = field(default_factory=dict)
    stays: str | None = None
    position: int = 0


LOCATIONS: Final = Table("backlog", LocationRow, ("location_id",))
FULFILMENTS: Final = Table(
    "backlog_fulfilments",
    FulfilmentRow,
    ("order_id", "location_id"),
    load_by=1,
    by_stream=ByStream(
        lambda stream: (stream,) if category_of(stream) == "order" else None,
        lambda row: (row.order_id,),
    ),
)
