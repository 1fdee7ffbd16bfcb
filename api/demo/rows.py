"""Reads invoice rows in the columns of the UK Online Retail data set."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from api.demo.tables import Record, read_records

SHOP_ZONE = ZoneInfo("Europe/London")

_COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_PRICE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an invoice.

    `line` counts the lines of the file, the header being line 1; `unit_price` is in GBP;
    `description` may be blank; `customer` is None for a guest; `occurred_at` is in UTC.
    """

    line: int
    invoice: str
    stock_code: str
    description: str
    quantity: int
    occurred_at: datetime
    unit_price: Decimal
    customer: str | None
    country: str


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a `.csv` or `.csv.gz` file in its order, in constant memory.

    Raises FileUnreadableError, ColumnMissingError, or RowError naming line and column.
    """
    return (_row(record) for record in read_records(path, _COLUMNS))


def _row(record: Record) -> Row:
    return Row(
        line=record.line,
        invoice=record.required("InvoiceNo"),
        stock_code=record.required("StockCode"),
        description=" ".join(record.values["Description"].split()),
        quantity=int(_matching(record, "Quantity", _WHOLE, "a whole number")),
        occurred_at=_instant(record, "InvoiceDate"),
        unit_price=Decimal(_matching(record, "UnitPrice", _PRICE, "a price like 2.55")),
        customer=record.values["CustomerID"] or None,
        country=record.required("Country"),
    )


def _matching(record: Record, column: str, pattern: re.Pattern[str], wanted: str) -> str:
    value = record.required(column)
    if not pattern.fullmatch(value):
        raise record.fail(column, f"{value[:40]!r} is not {wanted}")
    return value


def _instant(record: Record, column: str) -> datetime:
    """Read the shop's local time; in the hour that autumn repeats, its first pass is meant."""
    value = _matching(record, column, _LOCAL_TIME, "a local time like 2010-12-01 08:26:00")
    try:
        local = datetime.fromisoformat(value)
        return local.replace(tzinfo=SHOP_ZONE).astimezone(UTC)
    except ValueError as error:
        raise record.fail(column, f"{value!r} is no date and time of the calendar") from error
