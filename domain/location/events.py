"""What happened to a location."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.base.messages import Event

LocationKind = Literal["warehouse", "store", "dropship"]
Capability = Literal["ship", "pickup", "hazardous", "bulky", "oversize", "export"]


@dataclass(frozen=True, slots=True)
class LocationAttributes:
    """Where a location is and what it can do.

    Latitude and longitude in degrees; `cut_off` is local time HH:MM; `open_days` are ISO
    weekdays (1 Monday to 7 Sunday), `closed_on` single days without work; `capacity_per_day`
    in fulfilments; `handling_cost` per fulfilment in the policy's currency; no `channels` or
    `countries` (that it sends to) means every one.
    """

    name: str
    kind: LocationKind
    country: str
    time_zone: str
    region: str | None = None
    postal_code: str | None = None
    city: str | None = None
    street: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    backlog_zone: str | None = None
    capabilities: tuple[Capability, ...] = ("ship",)
    open_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    holiday_calendar: str | None = None
    cut_off: str = "14:00"
    handling_hours: int = 0
    capacity_per_day: int | None = None
    handling_cost: Decimal = Decimal(0)
    priority: int = 0
    channels: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    closed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationRegistered(Event):
    """A location became known and open."""

    attributes: LocationAttributes


@dataclass(frozen=True, slots=True)
class LocationChanged(Event):
    """A location's attributes were replaced."""

    attributes: LocationAttributes


@dataclass(frozen=True, slots=True)
class LocationSuspended(Event):
    """A location takes no new work; with `move_work` what it has not shipped goes elsewhere."""

    reason: str
    move_work: bool = False


@dataclass(frozen=True, slots=True)
class LocationResumed(Event):
    """A location takes work again."""
