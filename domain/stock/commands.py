"""What can be asked of stock; every command names the item by SKU and the location by id."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.base.messages import Command, Instant
from domain.base.quantity import Quantity, QuantityChange, QuantityOrZero
from domain.base.text import Code, ExternalId, Line, Sku
from domain.stock.events import Condition

Sequence = Annotated[int, Field(ge=0, le=2**62)]


class StockInput(BaseModel):
    """What a stock command is about; subclasses hold its fields without id and instant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    location_id: Code


class StockCommand(Command, StockInput):
    """A command on one item at one location."""


class ReceiptInput(StockInput):
    """Goods arrived; backorders are served from them at once."""

    quantity: Quantity
    condition: Condition = "sellable"
    reference: Line | None = None
    expected_id: Code | None = None


class ReceiveStock(ReceiptInput, StockCommand):
    """Goods arrived; backorders are served from them at once."""

    command_type: ClassVar[str] = "ReceiveStock"


class ExpectedReceiptInput(StockInput):
    """Goods are announced; the same `expected_id` again replaces the announcement."""

    expected_id: Code
    quantity: Quantity
    due: Instant
    reference: Line | None = None


class ExpectReceipt(ExpectedReceiptInput, StockCommand):
    """Goods are announced; the same `expected_id` again replaces the announcement."""

    command_type: ClassVar[str] = "ExpectReceipt"


class ExpectedReceiptCancellationInput(StockInput):
    """Announced goods will not come."""

    expected_id: Code
    reason: Line


class CancelExpectedReceipt(ExpectedReceiptCancellationInput, StockCommand):
    """Announced goods will not come."""

    command_type: ClassVar[str] = "CancelExpectedReceipt"


class AdjustmentInput(StockInput):
    """On hand changed: a till sale, damage, theft, a find."""

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


class AdjustStock(AdjustmentInput, StockCommand):
    """On hand changed: a till sale, damage, theft, a find."""

    command_type: ClassVar[str] = "AdjustStock"


class CountInput(StockInput):
    """Sellable stock was counted as it stood at `as_of`; `sequence` orders counts of a source."""

    counted: QuantityOrZero
    as_of: Instant
    source: Code = "count"
    sequence: Sequence = 0


class CountStock(CountInput, StockCommand):
    """Sellable stock was counted as it stood at `as_of`; `sequence` orders counts of a source."""

    command_type: ClassVar[str] = "CountStock"


class FeedInput(StockInput):
    """A warehouse system reports sellable stock as it stood at `as_of`."""

    counted: QuantityOrZero
    as_of: Instant
    source: Code
    sequence: Sequence


class FeedStock(FeedInput, StockCommand):
    """A warehouse system reports sellable stock as it stood at `as_of`."""

    command_type: ClassVar[str] = "FeedStock"


class SafetyStockInput(StockInput):
    """Keep a quantity from being promised."""

    quantity: QuantityOrZero


class SetSafetyStock(SafetyStockInput, StockCommand):
    """Keep a quantity from being promised."""

    command_type: ClassVar[str] = "SetSafetyStock"


class DemandForecastInput(StockInput):
    """What will be asked of an item at a location, a day on average."""

    units_per_day: QuantityOrZero


class SetDemandForecast(DemandForecastInput, StockCommand):
    """What will be asked of an item at a location, a day on average."""

    command_type: ClassVar[str] = "SetDemandForecast"


class HoldInput(StockInput):
    """Hold a quantity for something outside an order, such as a display or a quotation."""

    reservation_id: ExternalId
    quantity: Quantity
    purpose: Line


class ReserveStock(HoldInput, StockCommand):
    """Hold a quantity for something outside an order, such as a display or a quotation."""

    command_type: ClassVar[str] = "ReserveStock"


class HoldReleaseInput(StockInput):
    """Give a held quantity back; releasing what is released already changes nothing."""

    reservation_id: ExternalId
    reason: Line


class ReleaseStock(HoldReleaseInput, StockCommand):
    """Give a held quantity back; releasing what is released already changes nothing."""

    command_type: ClassVar[str] = "ReleaseStock"


class HoldShipmentInput(StockInput):
    """A held quantity left the building."""

    reservation_id: ExternalId
    quantity: Quantity


class ShipStock(HoldShipmentInput, StockCommand):
    """A held quantity left the building."""

    command_type: ClassVar[str] = "ShipStock"
