"""Why a command on a stock item is refused."""

from domain.base.errors import Conflict, NotFound


class InsufficientStock(Conflict):
    """Less is free than is wanted."""

    code = "insufficient-stock"
    title = "Not enough stock"


class UnknownReservation(NotFound):
    """The stock item holds no such reservation."""

    code = "unknown-reservation"
    title = "Unknown reservation"


class UnknownExpectedReceipt(NotFound):
    """No receipt of that id is expected."""

    code = "unknown-expected-receipt"
    title = "Unknown expected receipt"


class KitHoldsNoStock(Conflict):
    """A kit has no stock of its own: its components have."""

    code = "kit-holds-no-stock"
    title = "A kit holds no stock of its own"
