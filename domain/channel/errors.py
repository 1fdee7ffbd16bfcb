"""Why a command on a channel is refused."""

from domain.base.errors import AlreadyExists, NotFound


class UnknownChannel(NotFound):
    """No channel has that id."""

    code = "unknown-channel"
    title = "Unknown channel"


class ChannelExists(AlreadyExists):
    """A channel with that id is open."""

    code = "channel-exists"
    title = "The channel exists"
