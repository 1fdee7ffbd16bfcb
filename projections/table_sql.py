"""The statements that read and write one table of one generation by arrays."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from psycopg import Cursor
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from projections.columns import Column
from projections.table import Table

R = TypeVar("R")
Key = tuple[Any, ...]


class TableSql(Generic[R]):
    """Reads, upserts and deletes rows of a table: one statement each, one array per column."""

    def __init__(self, table: Table[R], place: Identifier, columns: Sequence[Column]) -> None:
        """Build the statements for the table at `place`."""
        self.table = table
        self.key: Callable[[R], Key] = _key(table.key)
        self._values = attrgetter(*table.columns)
        self._columns = columns
        self._decoders = [(i, c.decode) for i, c in enumerate(columns) if c.decode is not None]
        self._keys = _named(columns, table.key)
        self._groups = _named(columns, table.group)
        self._all = _all(place, columns)
        select = SQL("{} WHERE ({}) IN (SELECT * FROM {})").format(
            self._all, _names(self._groups), _arrays(self._groups)
        )
        self._select = select.as_bytes()
        self._upsert = _upsert(place, columns, table.key).as_bytes()
        self._delete = _delete(place, self._keys).as_bytes()

    def select(
        self, cursor: Cursor[tuple[Any, ...]], groups: Collection[Key]
    ) -> Iterator[Sequence[Any]]:
        """Yield the values of all rows under these first key columns."""
        rows = cursor.execute(self._select, _literals(self._groups, groups), binary=True).fetchall()
        return iter(rows) if not self._decoders else map(self._decoded, rows)

    def draw(self, cursor: Cursor[tuple[Any, ...]], *, share: float, limit: int) -> list[R]:
        """Return rows that are not stale, drawn from a share (in per cent) of the blocks."""
        statement = SQL("{} TABLESAMPLE SYSTEM ({}) WHERE NOT stale ORDER BY random() LIMIT {}")
        rows = cursor.execute(
            statement.format(self._all, Literal(share), Literal(limit)), binary=True
        ).fetchall()
        return [self.table.row(*self._decoded(row)) for row in rows]

    def upsert(self, cursor: Cursor[tuple[Any, ...]], rows: Sequence[R]) -> None:
        """Write rows, whether they are new or not."""
        cursor.execute(self._upsert, _literals(self._columns, map(self._values, rows)))

    def delete(self, cursor: Cursor[tuple[Any, ...]], keys: Collection[Key]) -> None:
        """Remove the rows of these keys."""
        cursor.execute(self._delete, _literals(self._keys, keys))

    def _decoded(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for index, decode in self._decoders:
            values[index] = decode(values[index])
        return values


def _key(names: tuple[str, ...]) -> Callable[[Any], Key]:
    if len(names) > 1:
        return attrgetter(*names)
    value_of = attrgetter(names[0])
    return lambda row: (value_of(row),)


def _literals(columns: Sequence[Column], rows: Iterable[Key]) -> list[str]:
    """Return one array parameter per column."""
    values = zip(*rows, strict=True)
    return [column.literal(each) for column, each in zip(columns, values, strict=True)]


def _named(columns: Iterable[Column], names: tuple[str, ...]) -> list[Column]:
    found = {column.name: column for column in columns}
    return [found[name] for name in names]


def _names(columns: Iterable[Column]) -> Composed:
    return SQL(", ").join(Identifier(column.name) for column in columns)


def _arrays(columns: Iterable[Column]) -> Composable:
    casts = [SQL("%s::{}[]").format(SQL(column.sent)) for column in columns]
    return SQL("unnest({})").format(SQL(", ").join(casts))


def _all(place: Identifier, columns: Sequence[Column]) -> Composed:
    wanted = SQL(", ").join(
        SQL("{}::text").format(Identifier(column.name))
        if column.decode is not None
        else Identifier(column.name)
        for column in columns
    )
    return SQL("SELECT {} FROM {}").format(wanted, place)


def _upsert(place: Identifier, columns: Sequence[Column], key: tuple[str, ...]) -> Composed:
    values = SQL(", ").join(
        SQL("{}::{}").format(Identifier(column.name), SQL(column.type))
        if column.recast
        else Identifier(column.name)
        for column in columns
    )
    changes = SQL(", ").join(
        SQL("{0} = excluded.{0}").format(Identifier(column.name))
        for column in columns
        if column.name not in key
    )
    conflict = SQL("UPDATE SET {}").format(changes) if len(columns) > len(key) else SQL("NOTHING")
    return SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS u ({}) ON CONFLICT ({}) DO {}").format(
        place,
        _names(columns),
        values,
        _arrays(columns),
        _names(columns),
        SQL(", ").join(map(Identifier, key)),
        conflict,
    )


def _delete(place: Identifier, key: Sequence[Column]) -> Composed:
    return SQL("DELETE FROM {} WHERE ({}) IN (SELECT * FROM {})").format(
        place, _names(key), _arrays(key)
    )
