"""What can be asked of stock; every command names the item by SKU and the location by id."""

from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from domain.base.messages import Command, Instant
from domain.base.quantity import Quantity, QuantityChange, QuantityOrZero
from domain.base.text import Code, ExternalId, Line, Sku
from domain.stock.events import Condition

Sequence = Annotated[int, Field(ge=0, le=2**62)]


class StockCommand(Command):
    """A command on one item at one location."""

    sku: Sku
    location_id: Code


class ReceiveStock(StockCommand):
    """Goods arrived; backorders are served from them at once."""

    command_type: ClassVar[str] = "ReceiveStock"

    quantity: Quantity
    condition: Condition = "sellable"
    reference: Line | None = None
    expected_id: Code | None = None


class ExpectReceipt(StockCommand):
    """Goods are announced; the same `expected_id` again replaces the announcement."""

    command_type: ClassVar[str] = "ExpectReceipt"

    expected_id: Code
    quantity: Quantity
    due: Instant
    reference: Line | None = None


class CancelExpectedReceipt(StockCommand):
    """Announced goods will not come."""

    command_type: ClassVar[str] = "CancelExpectedReceipt"

    expected_id: Code
    reason: Line


class AdjustStock(StockCommand):
    """On hand changed: a till sale, damage, theft, a find."""

    command_type: ClassVar[str] = "AdjustStock"

    change: QuantityChange
    condition: Condition = "sellable"
    reason: Line
    reference: Line | None = None

    @field_validator("change")
    @classmethod
    def _not_zero(cls, value: QuantityChange) -> QuantityChange:
        if value == 0:
            msg = "must not be 0; leave the line out"
            raise ValueError(msg)
        return value


class CountStock(StockCommand):
    """Sellable stock was counted as it stood at `as_of`; `sequence` orders counts of a source."""

    command_type: ClassVar[str] = "CountStock"

    counted: QuantityOrZero
    as_of: Instant
    source: Code = "count"
    sequence: Sequence = 0


class FeedStock(StockCommand):
    """A warehouse system reports sellable stock as it stood at `as_of`."""

    command_type: ClassVar[str] = "FeedStock"

    counted: QuantityOrZero
    as_of: Instant
    source: Code
    sequence: Sequence


class SetSafetyStock(StockCommand):
    """Keep a quantity from being promised."""

    command_type: ClassVar[str] = "SetSafetyStock"

    quantity: QuantityOrZero


class ReserveStock(StockCommand):
    """Hold a quantity for something outside an order, such as a display or a quotation."""

    command_type: ClassVar[str] = "ReserveStock"

    reservation_id: ExternalId
    quantity: Quantity
    purpose: Line


class ReleaseStock(StockCommand):
    """Give a held quantity back; releasing what is released already changes nothing."""

    command_type: ClassVar[str] = "ReleaseStock"

    reservation_id: ExternalId
    reason: Line


class ShipStock(StockCommand):
    """A held quantity left the building."""

    command_type: ClassVar[str] = "ShipStock"

    reservation_id: ExternalId
    quantity: Quantity
