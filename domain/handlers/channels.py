"""Opening and changing channels."""

from collections.abc import Iterable
from typing import Any

from domain.base.handling import Decision, Handler, Json, View
from domain.base.streams import StreamId, channel_stream, location_stream
from domain.channel import decider
from domain.channel.commands import ChangeChannel, ChannelInput, OpenChannel
from domain.location.decider import check_known


def _streams(channel_id: str, form: ChannelInput) -> Iterable[StreamId]:
    return (channel_stream(channel_id), *map(location_stream, form.sources))


def _check_sources(form: ChannelInput, view: View) -> None:
    for source in form.sources:
        check_known(source, view.state(location_stream(source)), field="channel.sources")


class OpenChannelHandler(Handler[OpenChannel]):
    """Lets a channel send orders."""

    def streams(self, command: OpenChannel) -> Iterable[StreamId]:
        """Read the channel and the locations it sells from."""
        return _streams(command.channel_id, command.channel)

    def decide(self, command: OpenChannel, plan: Any, view: View) -> Decision:
        """Open the channel; its sources must be registered."""
        del plan
        stream = channel_stream(command.channel_id)
        settings = decider.settings_of(command.channel)
        events = decider.open_channel(command.channel_id, view.state(stream), settings)
        _check_sources(command.channel, view)
        return Decision({stream: events}, {"channel_id": command.channel_id, "changed": True})


class ChangeChannelHandler(Handler[ChangeChannel]):
    """Replaces a channel's rules."""

    def streams(self, command: ChangeChannel) -> Iterable[StreamId]:
        """Read the channel and the locations it sells from."""
        return _streams(command.channel_id, command.channel)

    def decide(self, command: ChangeChannel, plan: Any, view: View) -> Decision:
        """Change the channel; its sources must be registered."""
        del plan
        stream = channel_stream(command.channel_id)
        settings = decider.settings_of(command.channel)
        events = decider.change(command.channel_id, view.state(stream), settings)
        _check_sources(command.channel, view)
        outcome: dict[str, Json] = {"channel_id": command.channel_id, "changed": bool(events)}
        return Decision({stream: events} if events else {}, outcome)
