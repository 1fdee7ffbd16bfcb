"""Why a command on an order is refused."""

from domain.base.errors import AlreadyExists, Conflict, Invalid, NotFound


class UnknownOrder(NotFound):
    """No order has that number."""

    code = "unknown-order"
    title = "Unknown order"


class OrderExists(AlreadyExists):
    """The channel sent an order of that number before."""

    code = "order-exists"
    title = "The order exists"


class UnknownLine(NotFound):
    """The order has no such line."""

    code = "unknown-line"
    title = "Unknown order line"


class UnknownAllocation(NotFound):
    """The order has no such allocation."""

    code = "unknown-allocation"
    title = "Unknown allocation"


class UnknownGroup(NotFound):
    """The order has no such delivery group."""

    code = "unknown-delivery-group"
    title = "Unknown delivery group"


class NoChoiceAwaited(Conflict):
    """The delivery group waits for no choice: nobody refused to hand it out."""

    code = "no-choice-awaited"
    title = "There is nothing to choose"


class NotHeld(Conflict):
    """The order's routing is not held."""

    code = "not-held"
    title = "The order is not held"


class NothingToCancel(Conflict):
    """Less can still be cancelled than is asked."""

    code = "not-cancellable"
    title = "It can no longer be cancelled"


class NotEnoughAllocated(Conflict):
    """An allocation holds less than is to be shipped or refused, or less is on its way."""

    code = "not-enough-allocated"
    title = "The allocation holds less"


class CannotDeliverThere(Conflict):
    """The channel does not sell to that country, or no such store exists."""

    code = "cannot-deliver-there"
    title = "The channel does not deliver there"


class WrongCurrency(Invalid):
    """The order's currency is not the channel's, or an amount has too many decimals."""

    code = "wrong-currency"
    title = "The currency does not fit"


class WrongAmounts(Invalid):
    """Discounts exceed what they are taken off, or tax does not fit."""

    code = "wrong-amounts"
    title = "The amounts do not fit"


class InvalidOrder(Invalid):
    """The order contradicts itself: its groups, shares or ids do not fit together."""

    code = "invalid-order"
    title = "The order contradicts itself"
