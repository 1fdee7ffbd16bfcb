"""What commands print: aligned tables for people, JSON for programs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, Final

import orjson

_GAP: Final = "  "
_NUMBER: Final = re.compile(r"-|-?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?|-?[0-9]+(\.[0-9]+)?")
"""A number, or the dash of a missing one."""


def print_json(value: Any) -> None:
    """Print a value, or dataclasses, as indented JSON."""
    print(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode())


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings, numbers to the right; nothing is cut off."""
    cells = [[_text(cell) for cell in row] for row in rows]
    wholes = [all(_NUMBER.fullmatch(row[at]) for row in cells) for at in range(len(headings))]
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    for row in ([*headings], *cells):
        padded = [
            cell.rjust(width) if whole else cell.ljust(width)
            for cell, width, whole in zip(row, widths, wholes, strict=True)
        ]
        print(_GAP.join(padded).rstrip())


def _text(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.1f}"
    if isinstance(cell, list | tuple):
        return ",".join(map(str, cell)) or "-"
    return str(cell)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
