"""Rows and files made up for the demo's tests."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from api.demo.rows import Row

HEADER = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
GOOD: Mapping[str, str] = {
    "InvoiceNo": "600001",
    "StockCode": "85123A",
    "Description": "WHITE LANTERN",
    "Quantity": "6",
    "InvoiceDate": "2011-08-01 08:26:00",
    "UnitPrice": "2.55",
    "CustomerID": "17850",
    "Country": "United Kingdom",
}
NOON = datetime(2011, 8, 1, 12, 0, tzinfo=UTC)


def row(  # noqa: PLR0913 - one keyword for each column that a test may care about
    invoice: str = "600001",
    stock_code: str = "85123A",
    quantity: int = 6,
    unit_price: str = "2.55",
    *,
    line: int = 2,
    description: str = "WHITE LANTERN",
    occurred_at: datetime = NOON,
    customer: str | None = "17850",
    country: str = "United Kingdom",
) -> Row:
    """Return a row that is goods unless told otherwise."""
    price = Decimal(unit_price)
    return Row(
        line, invoice, stock_code, description, quantity, occurred_at, price, customer, country
    )


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write rows given as changes to a good one, as gzip where the name ends so."""
    with (
        gzip.open(path, "wt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open("w", encoding="utf-8", newline="") as stream
    ):
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        writer.writerows({**GOOD, **changes} for changes in rows)
    return path
