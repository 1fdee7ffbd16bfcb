"""What can be wrong with the demo's files, as one family.

DemoDataError              the demo cannot go on with this data
├── FileUnreadableError    missing, no permission, not gzip, cut short
├── ColumnMissingError     the header lacks a column
├── RowError               one line: says which line, which column and why
├── InvoiceError           rows that contradict each other about their invoice
└── UnknownCountryError    a country name without a code
"""

from pathlib import Path


class DemoDataError(Exception):
    """The demo's data cannot be used; the message says where and why."""


class FileUnreadableError(DemoDataError):
    """A file is missing or cannot be read to its end."""

    def __init__(self, path: Path, problem: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {problem}")
        self.path = path


class ColumnMissingError(DemoDataError):
    """The header of a file lacks a column that is needed."""

    def __init__(self, path: Path, column: str) -> None:
        """Name the file and the column."""
        super().__init__(f"{path}: line 1: no column {column!r} in the header")
        self.path = path
        self.column = column


class RowError(DemoDataError):
    """One line of a file is malformed."""

    def __init__(self, path: Path, line: int, column: str | None, problem: str) -> None:
        """Name the file, the line (the header is line 1) and the column, where there is one."""
        where = f"line {line}" if column is None else f"line {line}, column {column!r}"
        super().__init__(f"{path}: {where}: {problem}")
        self.path = path
        self.line = line
        self.column = column


class InvoiceError(DemoDataError):
    """Rows of one invoice contradict each other or lie too far apart."""

    def __init__(self, invoice: str, line: int, problem: str) -> None:
        """Name the invoice and the line that does not fit."""
        super().__init__(f"line {line}: invoice {invoice}: {problem}")
        self.invoice = invoice
        self.line = line


class UnknownCountryError(DemoDataError):
    """A country of the file has no code in the demo's table."""

    def __init__(self, name: str) -> None:
        """Name the country as the file writes it."""
        super().__init__(f"country {name!r} has no ISO 3166 code in the demo's table")
        self.name = name
