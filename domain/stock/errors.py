"""Why a command on a stock item is refused."""

from domain.base.errors import AlreadyExists, Conflict, Invalid, NotFound


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


class ReservationExists(AlreadyExists):
    """The stock item holds a reservation of that id."""

    code = "reservation-exists"
    title = "The reservation exists"


class NotEnoughReserved(Conflict):
    """The reservation holds less than is to leave."""

    code = "not-enough-reserved"
    title = "The reservation holds less"


class ReservationOfOrder(Conflict):
    """The reservation belongs to an order and changes only through it."""

    code = "reservation-of-order"
    title = "The reservation belongs to an order"


class ReservationOfBasket(Conflict):
    """The reservation belongs to a basket hold and changes only through it."""

    code = "reservation-of-basket"
    title = "The reservation belongs to a basket hold"


class TooManyExpectedReceipts(Conflict):
    """As many receipts are expected of the item there as may be; `limit` says how many."""

    code = "too-many-expected-receipts"
    title = "Too many expected receipts"


class CountInTheFuture(Invalid):
    """Nobody can have counted yet what is to be counted."""

    code = "count-in-the-future"
    title = "The count lies in the future"
