"""An explanation: what a routing decision came to and why, as values and as sentences."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from domain.routing.plan import FulfilmentMode, RoutingCause
from domain.routing.request import Method


@dataclass(frozen=True, slots=True)
class Named:
    """A location by its id and what people call it; the id again where nobody knows it."""

    location_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """`quantity` of a line in the item's `unit`."""

    line_id: str
    sku: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ChosenLocation:
    """What a location sends and how; what is not known is None.

    `distance_km` as the crow flies; `shipping_cost` in the policy's currency. On `full_days` it
    would have left, had all places of theirs not been taken.
    """

    location: Named
    lines: tuple[Sent, ...]
    mode: FulfilmentMode | None = None
    carrier: str | None = None
    service: str | None = None
    leaves: date | None = None
    ship_by: datetime | None = None
    arrives: date | None = None
    parcels: int | None = None
    shipping_cost: Decimal | None = None
    distance_km: Decimal | None = None
    full_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """What a plan is judged by in one criterion: less is better."""

    criterion: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A plan that lost, by which criterion, and by how much of it where that is known."""

    locations: tuple[Named, ...]
    figures: tuple[CriterionValue, ...]
    lost_by: str
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class ExcludedLocations:
    """Locations that a rule keeps out; after an engine of another version only their number."""

    reason: str
    why: str
    count: int
    locations: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ShortLine:
    """What of a line was not found: `waits` for goods, the rest is unassigned; and why.

    `elsewhere` tells what is free where a rule forbids to take it, None where nothing is.
    """

    line: Sent
    waits: Decimal
    why: str
    elsewhere: str | None


@dataclass(frozen=True, slots=True)
class CorrectedCellView:
    """Stock of an item at a location: what the facts said, and what was truly free."""

    item_id: str
    sku: str
    location: Named
    facts_said: Decimal
    truly_free: Decimal


@dataclass(frozen=True, slots=True)
class GroupExplanation:
    """How one delivery group was routed.

    `considered` could send some of it and were not chosen, `without_stock` have nothing of it
    free, `with_too_little` have some that may not be sent alone.
    """

    group_id: str
    title: str
    method: Method
    policy: str
    policy_applies: str
    weighed: bool
    currency: str | None
    chosen: tuple[ChosenLocation, ...]
    figures: tuple[CriterionValue, ...]
    runners_up: tuple[RunnerUp, ...]
    excluded: tuple[ExcludedLocations, ...]
    considered: tuple[Named, ...]
    without_stock: tuple[Named, ...]
    with_too_little: tuple[Named, ...]
    short: tuple[ShortLine, ...]
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A routing decision in full; `sentences` tell what concerns all groups."""

    cause: RoutingCause
    summary: str
    groups: tuple[GroupExplanation, ...]
    corrected: tuple[CorrectedCellView, ...]
    corrected_locations: tuple[Named, ...]
    gap: Decimal
    facts_position: int
    engine: str
    reference: tuple[tuple[str, str], ...]
    excluded: tuple[ExcludedLocations, ...] = ()
    sentences: tuple[str, ...] = field(default=())
