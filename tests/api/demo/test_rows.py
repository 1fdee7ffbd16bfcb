"""Reading the file: what a row holds, and what is said of one that cannot be read."""

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from api.demo.errors import ColumnMissingError, FileUnreadableError, RowError
from api.demo.rows import read_rows
from tests.api.demo.making import GOOD, HEADER, write_rows


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz"])
def test_a_row_is_read_whole(tmp_path: Path, name: str) -> None:
    """Plain and gzip files give the same typed row, summer time taken off."""
    (row,) = read_rows(write_rows(tmp_path / name, [{"Description": "WHITE  LANTERN "}]))
    assert row.line == 2
    assert (row.invoice, row.stock_code, row.description) == ("600001", "85123A", "WHITE LANTERN")
    assert (row.quantity, row.unit_price) == (6, Decimal("2.55"))
    assert row.occurred_at == datetime(2011, 8, 1, 7, 26, tzinfo=UTC)
    assert row.occurred_at.tzinfo is UTC
    assert (row.customer, row.country) == ("17850", "United Kingdom")


def test_a_guest_has_no_customer_and_a_row_may_lack_a_description(tmp_path: Path) -> None:
    """Blank customer and description are no faults."""
    (row,) = read_rows(write_rows(tmp_path / "rows.csv", [{"CustomerID": "", "Description": ""}]))
    assert row.customer is None
    assert row.description == ""


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2010-12-01 08:26:00", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("2011-03-27 00:59:00", datetime(2011, 3, 27, 0, 59, tzinfo=UTC)),
        ("2011-03-27 02:00:00", datetime(2011, 3, 27, 1, 0, tzinfo=UTC)),
        ("2011-10-30 01:30:00", datetime(2011, 10, 30, 0, 30, tzinfo=UTC)),
        ("2011-10-30 02:00:00", datetime(2011, 10, 30, 2, 0, tzinfo=UTC)),
    ],
)
def test_local_time_becomes_utc(tmp_path: Path, local: str, expected: datetime) -> None:
    """Winter time is UTC, summer time an hour ahead; a repeated hour means its first pass."""
    (row,) = read_rows(write_rows(tmp_path / "rows.csv", [{"InvoiceDate": local}]))
    assert row.occurred_at == expected


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("Quantity", "six", "not a whole number"),
        ("Quantity", "1.5", "not a whole number"),
        ("Quantity", "", "is blank"),
        ("Quantity", "9" * 5000, "not a whole number"),
        ("Quantity", "٣", "not a whole number"),
        ("UnitPrice", "NaN", "not a price"),
        ("UnitPrice", "1e3", "not a price"),
        ("UnitPrice", "2,55", "not a price"),
        ("InvoiceDate", "2011-02-30 10:00:00", "no date and time of the calendar"),
        ("InvoiceDate", "12/1/2010 8:26", "not a local time"),
        ("InvoiceDate", "2011-08-01", "not a local time"),
        ("InvoiceNo", " ", "is blank"),
        ("StockCode", "", "is blank"),
        ("Country", "", "is blank"),
        ("Description", "NUL\x00", "control character"),
        ("StockCode", "a\u2028b", "control character"),
    ],
)
def test_a_malformed_field_is_named(tmp_path: Path, column: str, value: str, problem: str) -> None:
    """The error names file, line and column; the good line before it was read."""
    rows = read_rows(write_rows(tmp_path / "rows.csv", [{}, {column: value}]))
    assert next(rows).line == 2
    with pytest.raises(RowError, match=problem) as caught:
        next(rows)
    assert (caught.value.line, caught.value.column) == (3, column)
    assert f"rows.csv: line 3, column '{column}'" in str(caught.value)


def test_bytes_that_are_not_utf_8_are_named_by_line_and_column(tmp_path: Path) -> None:
    """A pound sign in Latin-1 is found where it stands."""
    path = write_rows(tmp_path / "rows.csv", [{}, {"Description": "VOUCHER £20"}])
    path.write_bytes(path.read_bytes().replace("£".encode(), b"\xa3"))
    with pytest.raises(RowError, match="line 3, column 'Description': is not UTF-8"):
        list(read_rows(path))


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    """A spreadsheet's UTF-8 reads like any other."""
    path = write_rows(tmp_path / "rows.csv", [{}])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(list(read_rows(path))) == 1


@pytest.mark.parametrize("column", HEADER)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    """Without one of its columns, the file is not read at all."""
    path = tmp_path / "rows.csv"
    path.write_text(",".join(name for name in HEADER if name != column) + "\n")
    with pytest.raises(ColumnMissingError, match=f"no column '{column}'"):
        list(read_rows(path))


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    """Columns are found by name."""
    path = tmp_path / "rows.csv"
    names = ["Extra", *reversed(HEADER)]
    path.write_text(",".join(names) + "\n" + ",".join(GOOD.get(name, "x") for name in names))
    (row,) = read_rows(path)
    assert (row.invoice, row.country) == ("600001", "United Kingdom")


def test_a_short_line_names_the_first_column_it_lacks(tmp_path: Path) -> None:
    """A line cut in the middle says what is missing."""
    path = tmp_path / "rows.csv"
    path.write_text(",".join(HEADER) + "\n600001,85123A,LANTERN,6\n")
    with pytest.raises(RowError, match="line 2, column 'InvoiceDate': has 4 fields") as caught:
        list(read_rows(path))
    assert caught.value.column == "InvoiceDate"


def test_a_long_line_is_refused(tmp_path: Path) -> None:
    """A comma too many would move values into wrong columns."""
    path = tmp_path / "rows.csv"
    path.write_text(",".join(HEADER) + "\n" + ",".join(GOOD.values()) + ",more\n")
    with pytest.raises(RowError, match="line 2: has 9 fields where the header has 8"):
        list(read_rows(path))


def test_an_unclosed_quote_is_refused(tmp_path: Path) -> None:
    """Broken quoting names a line instead of swallowing the rest of the file."""
    path = tmp_path / "rows.csv"
    path.write_text(",".join(HEADER) + '\n600001,85123A,"LANTERN,6\n')
    with pytest.raises(RowError, match="line 2: not readable as CSV"):
        list(read_rows(path))


def test_an_empty_file_lacks_its_first_column(tmp_path: Path) -> None:
    """Nothing at all is not a file without rows."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"")
    with pytest.raises(ColumnMissingError, match="'InvoiceNo'"):
        list(read_rows(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path stands in the message."""
    with pytest.raises(FileUnreadableError, match=r"none\.csv: cannot be read"):
        list(read_rows(tmp_path / "none.csv"))


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    """Half a download does not pass as a smaller file."""
    whole = write_rows(tmp_path / "rows.csv.gz", [{"InvoiceNo": str(n)} for n in range(500)])
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(FileUnreadableError, match="cut short"):
        list(read_rows(whole))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Flipped bytes are found by gzip's own checks."""
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"x" * 1000)[:10] + b"\xff" * 50)
    with pytest.raises(FileUnreadableError, match="cannot be read"):
        list(read_rows(path))
