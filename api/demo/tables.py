"""Reads CSV files, plain or gzip, one record at a time."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from api.demo.errors import ColumnMissingError, FileUnreadableError, RowError
from domain.base.text import clean_line

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a table: where it ends in which file, and the texts asked for by column."""

    path: Path
    line: int
    values: Mapping[str, str]

    def fail(self, column: str, problem: str) -> RowError:
        """Return the error that says what is wrong with a column of this record."""
        return RowError(self.path, self.line, column, problem)

    def required(self, column: str) -> str:
        """Return a column's text; raise RowError where it is blank."""
        value = self.values[column]
        if not value:
            raise self.fail(column, "is blank")
        return value


def read_records(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    """Yield the records of a UTF-8 CSV file with a header, in constant memory.

    Texts are NFC and stripped; columns not asked for are passed over. Raises
    FileUnreadableError, ColumnMissingError, or RowError for a record of the wrong width, bytes
    that are not UTF-8, control characters or broken quoting.
    """
    lines = _lines(path)
    _, header = next(lines, (1, []))
    places = _places(path, columns, header)
    for line, fields in lines:
        if fields:
            yield _record(path, line, fields, places, len(header))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each record with the number of the line on which it ends."""
    with _opened(path) as stream:
        reader = csv.reader(stream, strict=True)
        try:
            for fields in reader:
                yield reader.line_num, fields
        except csv.Error as error:
            raise RowError(path, reader.line_num, None, f"not readable as CSV: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open as text; undecodable bytes become lone surrogates, so that a record can name them."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP_MAGIC
        opener = gzip.open if packed else open
        with opener(
            path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline=""
        ) as stream:
            yield stream
    except EOFError as error:
        raise FileUnreadableError(path, "the compressed data is cut short") from error
    except (OSError, zlib.error) as error:
        raise FileUnreadableError(path, f"cannot be read: {error}") from error


def _places(path: Path, columns: Sequence[str], header: list[str]) -> dict[str, int]:
    names = [name.strip() for name in header]
    for column in columns:
        if column not in names:
            raise ColumnMissingError(path, column)
    return {column: names.index(column) for column in columns}


def _record(
    path: Path, line: int, fields: list[str], places: Mapping[str, int], width: int
) -> Record:
    if len(fields) != width:
        problem = f"has {len(fields)} fields where the header has {width}"
        missing = next((column for column, at in places.items() if at >= len(fields)), None)
        raise RowError(path, line, missing, problem)
    return Record(
        path, line, {column: _text(path, line, column, fields[at]) for column, at in places.items()}
    )


def _text(path: Path, line: int, column: str, value: str) -> str:
    if value.isascii() and value.isprintable():
        return value.strip()
    try:
        return clean_line(value)
    except ValueError as error:
        raise RowError(path, line, column, _problem(value, error)) from error


def _problem(value: str, error: ValueError) -> str:
    undecoded = any("\udc80" <= character <= "\udcff" for character in value)
    return "is not UTF-8" if undecoded else str(error)
