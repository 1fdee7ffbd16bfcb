"""Channels: where orders come from, and the rules they come under."""

from typing import Final

from fastapi import Depends
from pydantic import BaseModel

from api.http.access import Anyone, administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.forms import fields_of
from api.http.paging import Asked
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.sending import Accepted, Posting, Putting
from api.http.services import Wired
from domain.base.streams import channel_stream
from domain.base.text import Code
from domain.channel.commands import ChangeChannel, ChannelInput, OpenChannel
from domain.channel.decider import Channel
from domain.channel.errors import UnknownChannel
from domain.channel.events import ChannelSettings
from projections.channels import queries

routes: Final = router("channels")


class ChannelOpening(ChannelInput):
    """A channel under an id of the caller's choice."""

    channel_id: Code


class ChannelView(ChannelInput):
    """A channel as it stands."""

    channel_id: str


class ChannelPage(BaseModel):
    """Channels by id; `next` is the cursor of the next page, null on the last."""

    channels: list[ChannelView]
    next: str | None


class ChannelAccepted(Accepted):
    """A channel was opened or changed."""

    channel_id: str


@routes.post("/channels", status_code=201, dependencies=[Depends(administrator)])
def open_channel(body: ChannelOpening, sender: Posting) -> ChannelAccepted:
    """Let a channel send orders."""
    channel = build(ChannelInput, **fields_of(body, ChannelInput))
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


@routes.get("/channels", dependencies=[up_to_date("channels")])
def list_channels(services: Wired, principal: Anyone, paging: Asked) -> ChannelPage:
    """Return a page of the channels that are the key's to see."""
    if principal.channels is not None:
        own = [queries.channel(services.datastore, one) for one in sorted(principal.channels)]
        views = [channel_view(one.channel_id, one) for one in own if one is not None]
        return ChannelPage(channels=views, next=None)
    page = queries.list_channels(services.datastore, limit=paging.limit, cursor=paging.cursor)
    views = [channel_view(one.channel_id, one) for one in page.items]
    return ChannelPage(channels=views, next=page.next_cursor)


def channel_view(channel_id: str, settings: ChannelSettings | queries.FoundChannel) -> ChannelView:
    """Return a channel as clients see it; what was once recorded is not validated again."""
    fields = fields_of(settings, ChannelInput)
    return ChannelView.model_construct(channel_id=channel_id, **fields)
