"""What the engine answers: a plan with its reasons."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

FulfilmentMode = Literal[
    "ship-from-warehouse", "ship-from-store", "dropship", "pickup", "reserve", "transfer"
]
"""How goods reach the customer: `transfer` travels to the store where they are picked up."""

RoutingCause = Literal["placed", "unassigned", "refused", "suspended", "changed"]
"""Why an order was routed: `unassigned` since stock was lost or short, `changed` by somebody."""


@dataclass(frozen=True, slots=True)
class PlannedAllocation:
    """`quantity` of a line, in the line's unit, from one location."""

    group_id: str
    line_id: str
    location_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Shortage:
    """`quantity` of a line that no location has."""

    group_id: str
    line_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of one criterion, in its unit: units, fulfilments, kilometres, money, hours."""

    criterion: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Alternative:
    """A group's plan that lost: its figures, and the first criterion in which it is worse."""

    locations: tuple[str, ...]
    figures: tuple[Figure, ...]
    lost_by: str
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class ExclusionCount:
    """How many candidate locations a hard constraint excluded."""

    reason: str
    locations: int


@dataclass(frozen=True, slots=True)
class CorrectedCell:
    """A fact that loaded stock proved wrong: the true free quantity of an item at a location."""

    item_id: str
    location_id: str
    free: Decimal


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """The version of a policy that a delivery group was routed by: `nearest/3`.

    Events from before groups had policies of their own name one for all, with the group "".
    """

    group_id: str
    policy: str


@dataclass(frozen=True, slots=True)
class LocationWork:
    """How many fulfilments were open at a location, as the decision saw it."""

    location_id: str
    open_fulfilments: int


@dataclass(frozen=True, slots=True)
class AskedShare:
    """How much of a line's share of a delivery group was to be routed, in the line's unit."""

    line_id: str
    group_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class BookedDay:
    """How many fulfilments were booked on a working day of a location with a capacity."""

    location_id: str
    day: date
    booked: int


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """What the event keeps of a decision, enough to recompute its full explanation.

    `gap` is 0 for a proven optimum, else the proven distance from it (0 to 1) of a search
    cut short by its limit. `work` is kept where a policy looks at open work, which the log
    cannot tell for a position; locations without any are left out. `days` are those that the
    plan looked at, with what counted as booked; a day that is left out had nothing booked.
    Items are as they stood just before the event, stock at `facts_position` but for the cells
    in `corrected`, locations at `locations_position` (None: the same) but for
    `corrected_locations`, which are as they stood just before the event. `asked` is kept where
    an order was routed again: what was to be routed of it then.
    """

    engine: str
    policies: tuple[GroupPolicy, ...]
    facts_position: int
    figures: tuple[Figure, ...]
    runners_up: tuple[Alternative, ...] = ()
    exclusions: tuple[ExclusionCount, ...] = ()
    corrected: tuple[CorrectedCell, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    gap: Decimal = Decimal(0)
    work: tuple[LocationWork, ...] = ()
    days: tuple[BookedDay, ...] = ()
    locations_position: int | None = None
    corrected_locations: tuple[str, ...] = ()
    asked: tuple[AskedShare, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedFulfilment:
    """How and when a group's goods leave a location, and when they are there.

    `leaves` is the location's working day on which they go or are ready, `ship_by` the end of
    that day's work; `arrives` is the day in the destination's calendar. What is not known is
    None: without carriers there is no service, no parcel count and no `shipping_cost` (in the
    policy's currency). `booked`: the location has a capacity, and a place of that day is taken.
    """

    group_id: str
    location_id: str
    mode: FulfilmentMode
    carrier: str | None = None
    service: str | None = None
    leaves: date | None = None
    ship_by: datetime | None = None
    arrives: date | None = None
    parcels: int | None = None
    shipping_cost: Decimal | None = None
    booked: bool = False


@dataclass(frozen=True, slots=True)
class RoutingPlan:
    """Allocations, what is short, and why; a fulfilment for each group and location used."""

    allocations: tuple[PlannedAllocation, ...]
    shortages: tuple[Shortage, ...]
    decision: RoutingDecision
    fulfilments: tuple[PlannedFulfilment, ...] = ()
