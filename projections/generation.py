"""A generation: one set of a read model's tables, beside which another can be built."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier

from projections.columns import Column
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import Table
from projections.table_sql import TableSql

R = TypeVar("R")

SCRATCH: Final = "pg_temp"
"""The schema of tables that vanish with their transaction's connection."""


@dataclass(frozen=True)
class Generation:
    """The tables of `model` in `schema`; `label` (`v1`, `v1_2`) ends their names."""

    model: ReadModel
    schema: str
    label: str
    _sql: dict[str, TableSql[Any]] = field(default_factory=dict, compare=False)

    @property
    def names(self) -> list[str]:
        """Return the names of its tables."""
        return [f"{table.name}_{self.label}" for table in self.model.tables]

    def place(self, table: Table[Any]) -> Identifier:
        """Return where a table of this generation stands."""
        return Identifier(self.schema, f"{table.name}_{self.label}")

    def create(self, cursor: Cursor[Any]) -> None:
        """Make the empty tables."""
        cursor.execute(self._fill(self.model.tables_sql))

    def create_views(self, cursor: Cursor[Any]) -> None:
        """Make the views on these tables, in place of views with the same columns."""
        cursor.execute(self._fill(self.model.views_sql))

    def drop(self, cursor: Cursor[Any]) -> None:
        """Drop the tables; fails while a view stands on them."""
        drop_tables(cursor, self.schema, self.names)

    def tables(self, cursor: Cursor[tuple[Any, ...]]) -> Tables:
        """Return the tables for one batch."""
        return Tables(cursor, lambda table: self.sql_of(cursor, table))

    def sql_of(self, cursor: Cursor[tuple[Any, ...]], table: Table[R]) -> TableSql[R]:
        """Return the statements of a table that was made."""
        sql = self._sql.get(table.name)
        if sql is None:
            sql = TableSql(table, self.place(table), self._columns(cursor, table))
            self._sql[table.name] = sql
        return sql

    def _columns(self, cursor: Cursor[tuple[Any, ...]], table: Table[Any]) -> list[Column]:
        types = dict(
            cursor.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
                "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
                [self.place(table).as_string(cursor)],
            ).fetchall()
        )
        return [Column(name, types[name]) for name in table.columns]

    def _fill(self, text: str) -> Composed:
        names = {table.name: self.place(table) for table in self.model.tables}
        return SQL(text).format(schema=Identifier(self.schema), **names)


def drop_tables(cursor: Cursor[Any], schema: str, names: Iterable[str]) -> None:
    """Drop tables; fails while a view stands on one."""
    places = SQL(", ").join(Identifier(schema, name) for name in names)
    cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(places))
