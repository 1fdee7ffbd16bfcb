"""Comparing two sets of tables row by row, inside one transaction."""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from projections.generation import Generation
from projections.table import Table


def differing(
    cursor: Cursor[tuple[Any, ...]],
    table: Table[Any],
    *,
    left: Composable,
    right: Composable,
    limit: int,
) -> tuple[int, list[tuple[Any, ...]]]:
    """Return how many keys have no row, or another row, on the other side, and the first few.

    `left` and `right` are tables or subqueries with the columns that folds write.
    """
    columns = SQL(", ").join(map(Identifier, table.columns))
    rows = cursor.execute(
        SQL(
            "SELECT count(*) OVER (), d.* FROM (SELECT DISTINCT {key} FROM ("
            "(SELECT {columns} FROM {left} AS l EXCEPT SELECT {columns} FROM {right} AS r) "
            "UNION ALL "
            "(SELECT {columns} FROM {right} AS r EXCEPT SELECT {columns} FROM {left} AS l)"
            ") AS one_sided) AS d ORDER BY {key} LIMIT {limit}"
        ).format(
            key=SQL(", ").join(map(Identifier, table.key)),
            columns=columns,
            left=left,
            right=right,
            limit=limit,
        )
    ).fetchall()
    return (rows[0][0], [row[1:] for row in rows]) if rows else (0, [])


def missing(
    cursor: Cursor[tuple[Any, ...]],
    table: Table[Any],
    *,
    wanted: Composable,
    present: Composable,
) -> list[tuple[Any, ...]]:
    """Return the keys of rows that stand in `wanted` and not in `present`."""
    key = SQL(", ").join(map(Identifier, table.key))
    return cursor.execute(
        SQL(
            "SELECT {key} FROM {wanted} AS w EXCEPT SELECT {key} FROM {present} AS p "
            "WHERE ({key}) IN (SELECT {key} FROM {wanted} AS w) ORDER BY {key}"
        ).format(key=key, wanted=wanted, present=present)
    ).fetchall()


def differences(cursor: Cursor[tuple[Any, ...]], left: Generation, right: Generation) -> int:
    """Return how many rows of two generations of one version differ."""
    return sum(
        differing(cursor, table, left=left.place(table), right=right.place(table), limit=1)[0]
        for table in left.model.tables
    )


def under(place: Composable, columns: tuple[str, ...], keys: Sequence[tuple[str, ...]]) -> Composed:
    """Return a subquery of the rows under given first key columns."""
    return SQL("(SELECT * FROM {} WHERE ({}) IN ({}))").format(
        place,
        SQL(", ").join(map(Identifier, columns)),
        SQL(", ").join(SQL("({})").format(SQL(", ").join(map(Literal, key))) for key in keys),
    )
