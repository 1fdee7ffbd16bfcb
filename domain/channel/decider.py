"""What may happen to a channel."""

from dataclasses import dataclass

from domain.base.messages import Event
from domain.channel.commands import ChannelInput
from domain.channel.errors import ChannelExists, UnknownChannel
from domain.channel.events import ChannelChanged, ChannelOpened, ChannelSettings


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it stands; no settings: nobody opened it."""

    settings: ChannelSettings | None = None


def evolve(channel: Channel, event: Event) -> Channel:
    """Return the channel after an event."""
    del channel
    match event:
        case ChannelOpened(settings) | ChannelChanged(settings):
            return Channel(settings)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a channel")


def settings_of(form: ChannelInput) -> ChannelSettings:
    """Return what an input says; sources, countries and methods named twice count once."""
    values = dict(form)
    for name in ("sources", "countries", "payment_methods"):
        values[name] = tuple(dict.fromkeys(values[name]))
    return ChannelSettings(**values)


def open_channel(channel_id: str, channel: Channel, settings: ChannelSettings) -> tuple[Event, ...]:
    """Let a channel send orders.

    Raises:
        ChannelExists: it may already.
    """
    if channel.settings is not None:
        raise ChannelExists(f"Channel {channel_id!r} is open", field="channel_id")
    return (ChannelOpened(settings),)


def change(channel_id: str, channel: Channel, settings: ChannelSettings) -> tuple[Event, ...]:
    """Replace a channel's rules; nothing happens where they stay the same.

    Raises:
        UnknownChannel: nobody opened it.
    """
    if channel.settings is None:
        raise UnknownChannel(f"No channel {channel_id!r} is open", field="channel_id")
    return () if channel.settings == settings else (ChannelChanged(settings),)
