"""Channels: where orders come from, and the rules they come under."""

from typing import Any, Final

from fastapi import Depends

from api.http.access import Anyone, administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.routing import router
from api.http.sending import Accepted, Posting, Putting
from api.http.services import Wired
from domain.base.streams import channel_stream
from domain.base.text import Code
from domain.channel.commands import ChangeChannel, ChannelInput, OpenChannel
from domain.channel.decider import Channel
from domain.channel.errors import UnknownChannel
from domain.channel.events import ChannelSettings

routes: Final = router("channels")


class ChannelOpening(ChannelInput):
    """A channel under an id of the caller's choice."""

    channel_id: Code


class ChannelView(ChannelInput):
    """A channel as it stands."""

    channel_id: str


class ChannelAccepted(Accepted):
    """A channel was opened or changed."""

    channel_id: str


@routes.post("/channels", status_code=201, dependencies=[Depends(administrator)])
def open_channel(body: ChannelOpening, sender: Posting) -> ChannelAccepted:
    """Let a channel send orders."""
    channel = build(ChannelInput, **_fields(body))
    command = build(OpenChannel, **sender.stamp(), channel_id=body.channel_id, channel=channel)
    position = sender.accept(command, within="channel").position
    sender.response.headers["Location"] = f"/v1/channels/{body.channel_id}"
    return ChannelAccepted(channel_id=body.channel_id, position=position)


@routes.put("/channels/{channel_id}", dependencies=[Depends(administrator)])
def change_channel(channel_id: Code, body: ChannelInput, sender: Putting) -> ChannelAccepted:
    """Replace a channel's rules."""
    command = build(ChangeChannel, **sender.stamp(), channel_id=channel_id, channel=body)
    return ChannelAccepted(
        channel_id=channel_id, position=sender.accept(command, within="channel").position
    )


@routes.get("/channels/{channel_id}")
def get_channel(channel_id: Code, services: Wired, principal: Anyone) -> ChannelView:
    """Return a channel, straight from the log."""
    channel = Channel()
    if principal.sees_channel(channel_id):
        channel = present_state(services.reader, channel_stream(channel_id))
    if channel.settings is None:
        raise UnknownChannel(f"No channel {channel_id!r} is open", field="channel_id")
    return channel_view(channel_id, channel.settings)


def channel_view(channel_id: str, settings: ChannelSettings) -> ChannelView:
    """Return a channel as clients see it; what was once recorded is not validated again."""
    fields: dict[str, Any] = {name: getattr(settings, name) for name in ChannelInput.model_fields}
    return ChannelView.model_construct(channel_id=channel_id, **fields)


def _fields(body: ChannelInput) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ChannelInput.model_fields}
