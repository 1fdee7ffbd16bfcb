"""What happened to a channel."""

from dataclasses import dataclass
from typing import Literal

from domain.base.messages import Event

CaptureMode = Literal["ask", "told"]
"""`ask`: refuse what is short. `told`: it is sold already, always record."""
Prices = Literal["gross", "net"]
SplitRule = Literal["quantities", "lines", "never"]
"""How a delivery group may be split over locations."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """A channel's rules. `sources` are location ids; no `countries` means every country.

    `dispatch_hours`: hours from acceptance to the promised hand-over of goods on the shelf.
    """

    name: str
    currency: str
    prices: Prices
    time_zone: str
    sources: tuple[str, ...]
    countries: tuple[str, ...] = ()
    capture_mode: CaptureMode = "ask"
    backorders: bool = False
    split: SplitRule = "quantities"
    payment_methods: tuple[str, ...] = ()
    dispatch_hours: int = 24


@dataclass(frozen=True, slots=True)
class ChannelOpened(Event):
    """A channel may send orders."""

    settings: ChannelSettings


@dataclass(frozen=True, slots=True)
class ChannelChanged(Event):
    """A channel's rules were replaced."""

    settings: ChannelSettings
