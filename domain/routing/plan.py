"""What the engine answers: a plan with its reasons."""

from dataclasses import dataclass
from decimal import Decimal


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
class RoutingDecision:
    """What the event keeps of a decision, enough to recompute its full explanation.

    `gap` is 0 for a proven optimum, else the proven distance from it (0 to 1) of a search
    cut short by its limit.
    """

    engine: str
    policy: str
    facts_position: int
    figures: tuple[Figure, ...]
    runners_up: tuple[Alternative, ...] = ()
    exclusions: tuple[ExclusionCount, ...] = ()
    corrected: tuple[CorrectedCell, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    gap: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedFulfilment:
    """The carrier service that a group's goods from a location are planned to go by."""

    group_id: str
    location_id: str
    carrier: str
    service: str


@dataclass(frozen=True, slots=True)
class RoutingPlan:
    """Allocations, what is short, and why; services where carriers are known."""

    allocations: tuple[PlannedAllocation, ...]
    shortages: tuple[Shortage, ...]
    decision: RoutingDecision
    fulfilments: tuple[PlannedFulfilment, ...] = ()
