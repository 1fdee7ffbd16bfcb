"""What can be asked of channels."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.base.country import CountryCode
from domain.base.instants import TimeZone
from domain.base.messages import Command
from domain.base.money import Currency
from domain.base.text import Code, Line
from domain.channel.events import CaptureMode, Prices, SplitRule


class ChannelInput(BaseModel):
    """A channel's rules; no countries means every country."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    currency: Currency
    prices: Prices = "gross"
    time_zone: TimeZone = "UTC"
    sources: Annotated[tuple[Code, ...], Field(min_length=1, max_length=2000)]
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=300)] = ()
    capture_mode: CaptureMode = "ask"
    backorders: bool = False
    split: SplitRule = "quantities"
    payment_methods: Annotated[tuple[Code, ...], Field(max_length=30)] = ()
    dispatch_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 24


class OpenChannel(Command):
    """Let a channel send orders."""

    command_type: ClassVar[str] = "OpenChannel"

    channel_id: Code
    channel: ChannelInput


class ChangeChannel(Command):
    """Replace a channel's rules."""

    command_type: ClassVar[str] = "ChangeChannel"

    channel_id: Code
    channel: ChannelInput
