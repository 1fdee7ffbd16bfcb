"""An invoice as the demo understands it: lines, charges, and what became of each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from api.demo.classify import ChargeKind, RowClass
from domain.base.money import to_minor
from domain.base.text import sku_key

CURRENCY = "GBP"


def shelf_sku(stock_code: str) -> str:
    """Return the one spelling of a stock code: compared without case, written in upper case."""
    return sku_key(stock_code).upper()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """Units of one SKU at one price of GBP per unit; the price may have more than two decimals."""

    sku: str
    description: str
    quantity: int
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """The line's amount in GBP, rounded half up to the penny."""
        return to_minor(self.unit_price * self.quantity, CURRENCY)


@dataclass(frozen=True, slots=True)
class DraftCharge:
    """An amount for the order as a whole in GBP, from one row of the file."""

    stock_code: str
    kind: ChargeKind
    description: str
    quantity: int
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """The charge's amount in GBP, rounded half up to the penny."""
        return to_minor(self.unit_price * self.quantity, CURRENCY)


@dataclass(frozen=True, slots=True)
class Invoice:
    """All rows of one invoice number.

    `country` is the file's name of it; `customer` is None for a guest; `occurred_at` is the
    first row's instant in UTC; `rows` counts the rows, `rows_by_class` says what they are.
    """

    number: str
    customer: str | None
    country: str
    occurred_at: datetime
    lines: tuple[DraftLine, ...]
    charges: tuple[DraftCharge, ...]
    rows: int
    rows_by_class: Mapping[RowClass, int]

    @property
    def is_order(self) -> bool:
        """Whether there is anything to order: goods, or charges alone."""
        return bool(self.lines or self.charges)

    @property
    def is_credit(self) -> bool:
        """Whether this is a credit note, kept aside until returns exist."""
        return RowClass.CREDIT in self.rows_by_class

    @property
    def units(self) -> int:
        """Units of goods ordered."""
        return sum(line.quantity for line in self.lines)
