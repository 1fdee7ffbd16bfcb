"""Tracked positions: which events each generation of a read model has taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from projections.errors import Moved, Retired
from projections.generation import Generation

State = Literal["building", "live", "retired"]

_COLUMNS: Final = "name, generation, version, state, position, changed_position, parked, tables"


@dataclass(frozen=True, slots=True)
class Tracking:
    """Where a generation stands; `changed_position` is the last event that it used."""

    name: str
    generation: str
    version: int
    state: State
    position: int
    changed_position: int
    parked: int
    tables: Sequence[str]


class TrackingTable:
    """The tracking rows of one partition; always inside the caller's transaction."""

    def __init__(self, schema: str) -> None:
        """Prepare the statements of one partition's schema."""
        self._schema = schema
        self._all = self._select("ORDER BY name, generation")
        self._live = self._select("WHERE state = 'live'")
        self._lock = self._select("WHERE name = %s AND generation = %s FOR UPDATE")
        self._advance = self._sql(
            "UPDATE {} SET position = %s, changed_position = greatest(changed_position, %s) "
            "WHERE name = %s AND generation = %s AND position = %s"
        )

    def all(self, cursor: Cursor[tuple[Any, ...]]) -> Sequence[Tracking]:
        """Return every row, by name and generation."""
        return [Tracking(*row) for row in cursor.execute(self._all).fetchall()]

    def live(self, cursor: Cursor[tuple[Any, ...]]) -> dict[str, Tracking]:
        """Return the rows that readers see, by name."""
        rows = [Tracking(*row) for row in cursor.execute(self._live).fetchall()]
        return {row.name: row for row in rows}

    def lock(self, cursor: Cursor[tuple[Any, ...]], name: str, generation: str) -> Tracking:
        """Lock a row until the transaction ends.

        Raises:
            Retired: there is no such generation any more, or another took its place.
        """
        row = cursor.execute(self._lock, [name, generation]).fetchone()
        if row is None or row[3] == "retired":
            raise Retired(f"{name} {generation} is no longer in use")
        return Tracking(*row)

    def lock_at(
        self, cursor: Cursor[tuple[Any, ...]], name: str, generation: str, *, expected: int
    ) -> Tracking:
        """Lock a row that stands at the expected position.

        Raises:
            Moved: it stands elsewhere; another engine was faster.
            Retired: there is no such generation any more, or another took its place.
        """
        row = self.lock(cursor, name, generation)
        if row.position != expected:
            raise Moved(f"{name} {generation} is at {row.position}, not at {expected}")
        return row

    def advance(
        self, cursor: Cursor[tuple[Any, ...]], row: Tracking, *, to: int, changed: int
    ) -> None:
        """Move a locked row on from the position that it was locked at.

        Raises:
            Moved: it no longer stands there.
        """
        cursor.execute(self._advance, [to, changed, row.name, row.generation, row.position])
        if cursor.rowcount != 1:
            raise Moved(f"{row.name} {row.generation} is no longer at {row.position}")

    def add(self, cursor: Cursor[Any], generation: Generation, state: State) -> None:
        """Add the row of a generation, at position 0."""
        model = generation.model
        statement = (
            "INSERT INTO {} (name, generation, version, state, tables) VALUES (%s, %s, %s, %s, %s)"
        )
        values = [model.name, generation.label, model.version, state, generation.names]
        cursor.execute(self._sql(statement), values)

    def set_state(self, cursor: Cursor[Any], name: str, generation: str, state: State) -> None:
        """Make a generation live or retired."""
        cursor.execute(
            self._sql("UPDATE {} SET state = %s WHERE name = %s AND generation = %s"),
            [state, name, generation],
        )

    def remove(self, cursor: Cursor[Any], name: str, generation: str) -> None:
        """Forget a generation."""
        cursor.execute(
            self._sql("DELETE FROM {} WHERE name = %s AND generation = %s"), [name, generation]
        )

    def count_parked(self, cursor: Cursor[Any], row: Tracking, change: int) -> None:
        """Count events that were parked (or, below 0, replayed)."""
        cursor.execute(
            self._sql("UPDATE {} SET parked = parked + %s WHERE name = %s AND generation = %s"),
            [change, row.name, row.generation],
        )

    def _sql(self, text: str) -> bytes:
        return SQL(text).format(Identifier(self._schema, "read_models")).as_bytes()

    def _select(self, which: str) -> bytes:
        return self._sql(f"SELECT {_COLUMNS} FROM {{}} {which}")  # noqa: S608 - constants of this file
