"""Why a command on an item is refused."""

from domain.base.errors import AlreadyExists, Conflict, Invalid, NotFound


class UnknownItem(NotFound):
    """No item has that id or SKU."""

    code = "unknown-item"
    title = "Unknown item"


class ItemExists(AlreadyExists):
    """An item with that id is registered."""

    code = "item-exists"
    title = "The item exists"


class SkuTaken(Conflict):
    """Another item has that SKU or alias."""

    code = "sku-taken"
    title = "The SKU names another item"


class InvalidKit(Invalid):
    """A kit names itself, another kit, an unknown item, or shares that do not sum to 1."""

    code = "invalid-kit"
    title = "The kit is not valid"


class InvalidStep(Invalid):
    """A quantity is no multiple of the item's step."""

    code = "invalid-quantity-step"
    title = "The quantity is no multiple of the item's step"
