"""What answers about routing decisions look like."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from api.http.money import MoneyView
from api.http.numbers import Number
from api.http.order_shapes import AsOf
from domain.routing.plan import FulfilmentMode, RoutingCause
from domain.routing.request import Method

_AS_IS = ConfigDict(from_attributes=True)


class PlaceView(BaseModel):
    """A location; a channel's key sees names of those that its order comes from."""

    model_config = _AS_IS

    location_id: str
    name: str


class SentView(BaseModel):
    """Goods of a line."""

    model_config = _AS_IS

    line_id: str
    sku: str
    quantity: Number
    unit: str


class ChosenView(BaseModel):
    """What a location sends, how and when; null where nobody knows."""

    location: PlaceView
    lines: list[SentView]
    mode: FulfilmentMode | None
    carrier: str | None
    service: str | None
    leaves: date | None
    ship_by: datetime | None
    arrives: date | None
    parcels: int | None
    shipping_cost: MoneyView | None
    distance_km: Number | None


class CriterionView(BaseModel):
    """A criterion's value in its unit: less is better."""

    model_config = _AS_IS

    criterion: str
    value: Number
    unit: str


class RunnerUpView(BaseModel):
    """A plan that lost, and by how much of which criterion."""

    model_config = _AS_IS

    locations: list[PlaceView]
    figures: list[CriterionView]
    lost_by: str
    difference: Number | None


class ExcludedView(BaseModel):
    """Locations that a rule keeps out; `locations` is empty for a channel's key."""

    model_config = _AS_IS

    reason: str
    why: str
    count: int
    locations: list[PlaceView]


class ShortView(BaseModel):
    """What of a line was not found; `waits` for goods, the rest is unassigned."""

    model_config = _AS_IS

    line: SentView
    waits: Number
    why: str
    elsewhere: str | None


class RoutedGroupView(BaseModel):
    """How a delivery group was routed, as values and as sentences.

    `figures` are in the policy's order. `considered` could send some of it, `without_stock`
    have nothing of it free, `with_too_little` have some that may not be sent alone.
    """

    group_id: str
    title: str
    method: Method
    policy: str
    policy_applies: str
    chosen: list[ChosenView]
    figures: list[CriterionView]
    runners_up: list[RunnerUpView]
    excluded: list[ExcludedView]
    considered: list[PlaceView]
    without_stock: list[PlaceView]
    with_too_little: list[PlaceView]
    short: list[ShortView]
    sentences: list[str]


class CorrectedView(BaseModel):
    """Stock that the facts had wrong: what they said, and what was truly free."""

    model_config = _AS_IS

    item_id: str
    sku: str
    location: PlaceView
    facts_said: Number
    truly_free: Number


class DifferenceView(BaseModel):
    """Something that the event and the decision made again do not agree on."""

    what: str
    recorded: str | None
    recomputed: str | None


class DecisionView(BaseModel):
    """A routing decision, made again from the log and compared with its event.

    `verified` only where both are equal; `differences` say where not, `obstacle` why it could
    not be made again. `gap` is 0 for a proven optimum. `reference` names content by hash.
    """

    position: str
    decided_at: datetime
    cause: RoutingCause
    verified: bool
    obstacle: str | None
    differences: list[DifferenceView]
    engine: str
    facts_position: str
    gap: Number
    reference: dict[str, str]
    summary: str
    sentences: list[str]
    groups: list[RoutedGroupView]
    excluded: list[ExcludedView]
    corrected: list[CorrectedView]
    corrected_locations: list[PlaceView]


class DecisionPage(BaseModel):
    """An order's routing decisions, the oldest first; `next` is the next page's cursor."""

    as_of: AsOf
    decisions: list[DecisionView]
    next: str | None
