"""What is asked of the routing engine: an order's open quantities by delivery group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Method = Literal["ship", "pickup", "reserve"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods go; coordinates in degrees, None where nobody knows them."""

    country: str
    region: str | None = None
    postal_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a line: `per_unit` of `item_id` for each unit of the line (1 unless a kit)."""

    item_id: str
    per_unit: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """An open quantity of an order line, in multiples of `step`; a kit has several parts.

    Lines of one `set_id` (a gift, a matching set) come whole from one location, or none does.
    """

    line_id: str
    parts: tuple[Part, ...]
    quantity: Decimal
    step: Decimal = Decimal(1)
    set_id: str | None = None


@dataclass(frozen=True, slots=True)
class RoutingGroup:
    """Lines that go one way to one place; `store` is set for pick-up and reserve in store."""

    group_id: str
    method: Method
    destination: Place
    lines: tuple[RoutingLine, ...]
    store: str | None = None
    service: str = "standard"
    requested_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoutingRequest:
    """An order's open demand, decided at `now`.

    `candidates` are the location ids of the channel, in its order. `split` is the channel's
    rule. `excluded` maps a location id to the reason why this order must not go there.
    Groups are decided in order, each on what the ones before left.
    """

    order: str
    channel_id: str
    now: datetime
    groups: tuple[RoutingGroup, ...]
    candidates: tuple[str, ...]
    split: Literal["quantities", "lines", "never"] = "quantities"
    whole_or_nothing: bool = False
    priority: int = 0
    customer_group: str | None = None
    excluded: Mapping[str, str] = field(default_factory=dict)
