"""Folding in batches: rows are read in one query, changed in memory, written by one statement."""

from collections.abc import Callable, Iterable
from itertools import starmap
from typing import Any, Generic, TypeVar

from psycopg import Cursor

from projections.table import Table
from projections.table_sql import Key, TableSql

R = TypeVar("R")


class Rows(Generic[R]):
    """The rows of one table that a batch touches, by key."""

    def __init__(self, cursor: Cursor[tuple[Any, ...]], sql: TableSql[R]) -> None:
        """Start with no row loaded."""
        self._cursor = cursor
        self._sql = sql
        self._make = sql.table.row
        self._prefix = len(sql.table.group)
        self._grouped = self._prefix < len(sql.table.key)
        self._loaded: set[Key] = set()
        self._rows: dict[Key, R] = {}
        self._groups: dict[Key, dict[Key, R]] = {}
        self._changed: dict[Key, R] = {}
        self._removed: set[Key] = set()

    def load(self, groups: Iterable[Key]) -> None:
        """Read all rows under these first key columns in one query, but for those at hand."""
        wanted = set(groups) - self._loaded
        if not wanted:
            return
        self._loaded |= wanted
        for row in starmap(self._make, self._sql.select(self._cursor, wanted)):
            key = self._sql.key(row)
            if key not in self._rows and key not in self._removed:
                self._keep(key, row)

    def get(self, *key: Any) -> R | None:
        """Return a row to be read, None where there is none."""
        row = self._rows.get(key)
        if row is None and key[: self._prefix] not in self._loaded:
            self.load([key[: self._prefix]])
            row = self._rows.get(key)
        return row

    def group(self, *group: Any) -> list[R]:
        """Return all rows under these first key columns, to be read."""
        if group not in self._loaded:
            self.load([group])
        return list(self._groups.get(group, {}).values())

    def known(self, *key: Any) -> R | None:
        """Return a row to be changed, None where there is none."""
        row = self.get(*key)
        if row is not None:
            self._changed[key] = row
        return row

    def change(self, *key: Any) -> R:
        """Return a row to be changed, made of its key alone where there is none."""
        row = self.get(*key)
        if row is None:
            row = self._make(*key)
            self._keep(key, row)
        self._changed[key] = row
        return row

    def put(self, row: R) -> None:
        """Write a row, in place of one with the same key."""
        key = self._sql.key(row)
        self._keep(key, row)
        self._changed[key] = row

    def remove(self, *key: Any) -> None:
        """Remove the row of that key, if there is one."""
        if self.get(*key) is None:
            return
        del self._rows[key]
        if self._grouped:
            del self._groups[key[: self._prefix]][key]
        self._changed.pop(key, None)
        self._removed.add(key)

    def replace_group(self, group: Key, rows: Iterable[R]) -> None:
        """Let these be the only rows under the first key columns."""
        keep = {self._sql.key(row): row for row in rows}
        for old in self.group(*group):
            if self._sql.key(old) not in keep:
                self.remove(*self._sql.key(old))
        for row in keep.values():
            self.put(row)

    def changed(self) -> Iterable[R]:
        """Return the rows that will be written."""
        return self._changed.values()

    def flush(self) -> None:
        """Write what was changed by one upsert, and what was removed by one delete."""
        gone = self._removed - self._changed.keys()
        if gone:
            self._sql.delete(self._cursor, gone)
        if self._changed:
            self._sql.upsert(self._cursor, list(self._changed.values()))

    def _keep(self, key: Key, row: R) -> None:
        self._rows[key] = row
        if self._grouped:
            self._groups.setdefault(key[: self._prefix], {})[key] = row


class Tables:
    """The tables of one read model for one batch: `tables[ORDERS].change(order_id)`."""

    def __init__(
        self, cursor: Cursor[tuple[Any, ...]], sql_of: Callable[[Table[Any]], TableSql[Any]]
    ) -> None:
        """Touch no table yet."""
        self._cursor = cursor
        self._sql_of = sql_of
        self._rows: dict[str, Rows[Any]] = {}

    def __getitem__(self, table: Table[R]) -> Rows[R]:
        """Return the rows of a table."""
        rows = self._rows.get(table.name)
        if rows is None:
            rows = self._rows[table.name] = Rows(self._cursor, self._sql_of(table))
        return rows

    def flush(self) -> None:
        """Write every table's changes."""
        for rows in self._rows.values():
            rows.flush()
