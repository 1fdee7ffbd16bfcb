"""What happened to the stock of an item at a location (stream `stock:ITEM@LOCATION`)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from domain.base.messages import Event
from domain.base.quantity import ONE

Condition = Literal["sellable", "damaged", "quarantine"]
CountKind = Literal["count", "feed"]


@dataclass(frozen=True, slots=True)
class StockReceived(Event):
    """Goods arrived `at`; `expected_id` names the expected receipt that they belong to."""

    quantity: Decimal
    condition: Condition
    reference: str | None
    expected_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptExpected(Event):
    """Goods are announced for `due`; a later one of the same id replaces it."""

    expected_id: str
    quantity: Decimal
    due: datetime
    reference: str | None


@dataclass(frozen=True, slots=True)
class ExpectedReceiptCancelled(Event):
    """Announced goods will not come."""

    expected_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class StockAdjusted(Event):
    """On hand changed by `change` (negative: a till sale, damage, theft) of one condition."""

    change: Decimal
    condition: Condition
    reason: str
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StockCounted(Event):
    """Sellable stock was counted, or reported by a feed, as it stood at `as_of`.

    `counted` is the figure given; `change` is what it corrects on hand by, after later
    movements are re-applied on it.
    """

    kind: CountKind
    counted: Decimal
    as_of: datetime
    source: str
    sequence: int
    change: Decimal


@dataclass(frozen=True, slots=True)
class StockCountIgnored(Event):
    """A count was older than what is known and changed nothing."""

    kind: CountKind
    counted: Decimal
    as_of: datetime
    source: str
    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class SafetyStockSet(Event):
    """From now on `quantity` is kept from being promised."""

    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DemandForecastSet(Event):
    """From now on `units_per_day` are forecast to be asked of the item here, on average."""

    units_per_day: Decimal


@dataclass(frozen=True, slots=True)
class StockReserved(Event):
    """`quantity` is held for a line of an order; the stream of the order is `order`."""

    reservation_id: str
    order: str
    line_id: str
    quantity: Decimal
    priority: int
    promise: datetime | None


@dataclass(frozen=True, slots=True)
class ReservationReleased(Event):
    """`quantity` of a reservation is free again."""

    reservation_id: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class ReservationLost(Event):
    """`quantity` of a reservation has no stock behind it any more."""

    reservation_id: str
    order: str
    line_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class StockShipped(Event):
    """`quantity` of a reservation left the building: on hand and reserved fall."""

    reservation_id: str
    quantity: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class ShortfallRecorded(Event):
    """Less is on hand than is reserved or was sold: `quantity` short now (0: none any more)."""

    quantity: Decimal
    cause: str


@dataclass(frozen=True, slots=True)
class BackorderQueued(Event):
    """`quantity` waits for goods; `promise` is what the pegged receipts allow, if any do.

    It is served in multiples of `step`, its order line's.
    """

    backorder_id: str
    order: str
    line_id: str
    quantity: Decimal
    priority: int
    promise: datetime | None
    step: Decimal = ONE


@dataclass(frozen=True, slots=True)
class BackorderServed(Event):
    """`quantity` of a backorder got stock and became the reservation `reservation_id`."""

    backorder_id: str
    order: str
    line_id: str
    quantity: Decimal
    reservation_id: str
    priority: int
    promise: datetime | None


@dataclass(frozen=True, slots=True)
class BackorderWithdrawn(Event):
    """`quantity` of a backorder waits no longer."""

    backorder_id: str
    quantity: Decimal
    reason: str
