"""Why a command on a basket hold is refused."""

from domain.base.errors import AlreadyExists, Conflict, NotFound


class UnknownHold(NotFound):
    """The channel holds no basket of that id."""

    code = "unknown-hold"
    title = "Unknown basket hold"


class HoldExists(AlreadyExists):
    """The channel held a basket under that id before."""

    code = "hold-exists"
    title = "The basket hold exists"


class HoldIsOver(Conflict):
    """The basket is held no longer; `ended` says how: expired, released or placed."""

    code = "hold-is-over"
    title = "The basket is held no longer"
