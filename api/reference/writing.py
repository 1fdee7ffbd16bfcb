"""Writes tables of reference data as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eventstore.errors import BadReferenceData


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV text, the same text for the same rows."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def write_tables(folder: Path, tables: Mapping[str, str]) -> None:
    """Write a bundle's tables into a folder, made if need be.

    Raises:
        BadReferenceData: one of them is there already, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in tables.items():
            with (folder / name).open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    except FileExistsError as error:
        problem = "is there already; name a folder without it"
        raise BadReferenceData(problem, file=str(error.filename)) from error
    except OSError as error:
        raise BadReferenceData(f"cannot be written: {error.strerror}", file=str(folder)) from error
