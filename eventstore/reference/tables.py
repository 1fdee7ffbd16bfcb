"""CSV tables of reference data: every mistake is told with its file, line and column."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from domain.base.country import COUNTRIES
from domain.base.money import CURRENCIES
from domain.base.text import clean_line
from eventstore.errors import BadReferenceData

_GZIP: Final = b"\x1f\x8b"
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_DECIMAL: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a table: its file, the line on which it ends, and its texts by column."""

    file: str
    line: int
    values: Mapping[str, str]

    def fail(self, column: str, problem: str) -> BadReferenceData:
        """Return the error that says what is wrong with a column here, and the way out."""
        return BadReferenceData(problem, file=self.file, line=self.line, column=column)

    def text(self, column: str) -> str:
        """Return a column's text, empty where the table has no such column."""
        return self.values.get(column, "")

    def required(self, column: str) -> str:
        """Return a column's text; it must not be blank."""
        value = self.text(column)
        if not value:
            raise self.fail(column, "is blank; fill it")
        return value

    def whole(self, column: str, default: int | None = None) -> int:
        """Return a whole number from 0; a blank one is the default, where there is one."""
        value = self.text(column)
        if not value and default is not None:
            return default
        if not _WHOLE.fullmatch(value):
            raise self.fail(column, f"{value[:40]!r} is no whole number; write one like 250")
        return int(value)

    def decimal(self, column: str) -> Decimal:
        """Return a decimal number from 0."""
        value = self.text(column)
        if not _DECIMAL.fullmatch(value):
            raise self.fail(column, f"{value[:40]!r} is no number; write one like 4.90")
        return Decimal(value)

    def country(self, column: str) -> str:
        """Return an ISO 3166-1 code in capitals."""
        value = self.text(column).upper()
        if value not in COUNTRIES:
            raise self.fail(column, f"{value[:40]!r} is no country code; write one like DE")
        return value

    def currency(self, column: str) -> str:
        """Return an ISO 4217 code in capitals."""
        value = self.text(column).upper()
        if value not in CURRENCIES:
            raise self.fail(column, f"{value[:40]!r} is no currency; write one like EUR")
        return value

    def yes(self, column: str) -> bool:
        """Return whether a column says yes; blank is no."""
        value = self.text(column).lower()
        if value not in {"", "yes", "no", "true", "false"}:
            raise self.fail(column, f"{value[:40]!r} is neither yes nor no")
        return value in {"yes", "true"}


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, gzipped or not.

    Raises:
        BadReferenceData: it cannot be read.
    """
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadReferenceData("is missing; name a file that is there", file=str(path)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise BadReferenceData(f"cannot be read: {error}", file=str(path)) from error
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 at byte {error.start}; save it as UTF-8"
        raise BadReferenceData(problem, file=str(path)) from error


def read_rows(
    text: str, file: str, required: Sequence[str], optional: Collection[str] | None = None
) -> Iterator[Row]:
    """Yield the records of a table with a header; blank lines are passed over.

    With `optional`, no other columns may be there: a name spelt wrong is no silent default.

    Raises:
        BadReferenceData: a column is missing or unknown, or a record is not as the header.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, file, required, optional)
        for fields in reader:
            if fields:
                yield _row(file, reader.line_num, header, fields)
    except csv.Error as error:
        problem = f"is not readable as CSV: {error}"
        raise BadReferenceData(problem, file=file, line=reader.line_num) from error


def _check_header(
    header: list[str], file: str, required: Sequence[str], optional: Collection[str] | None
) -> None:
    for column in required:
        if column not in header:
            problem = f"has no column {column!r}; it needs {', '.join(required)}"
            raise BadReferenceData(problem, file=file)
    if optional is not None:
        for name in header:
            if name not in required and name not in optional:
                known = ", ".join([*required, *optional])
                raise BadReferenceData(f"has an unknown column {name!r}; use {known}", file=file)


def _row(file: str, line: int, header: list[str], fields: list[str]) -> Row:
    if len(fields) != len(header):
        problem = f"has {len(fields)} fields where the header has {len(header)}"
        raise BadReferenceData(problem, file=file, line=line)
    row = Row(file, line, dict(zip(header, fields, strict=True)))
    try:
        return Row(file, line, {name: clean_line(value) for name, value in row.values.items()})
    except ValueError as error:
        raise BadReferenceData(str(error), file=file, line=line) from error
