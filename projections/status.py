"""How far each read model is, and what keeps it from being right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor, errors
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from projections.database import query
from projections.read_model import ReadModel
from projections.tracking import State, Tracking, TrackingTable


@dataclass(frozen=True, slots=True)
class Status:
    """Where one generation of a read model stands.

    `lag_events` of the log are not folded yet; the oldest of them was recorded `lag_seconds`
    ago. `parked` events wait for a fix, on `stale_streams` streams.
    """

    name: str
    version: int
    generation: str
    state: State
    position: int
    head: int
    lag_events: int
    lag_seconds: float
    parked: int
    stale_streams: int

    @property
    def ready(self) -> bool:
        """Say whether nothing is parked."""
        return self.parked == 0


def status(datastore: Datastore) -> list[Status]:
    """Return the status of every generation, by read model."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT r.name, r.version, r.generation, r.state, r.position, h.head, "
                "greatest(h.head - r.position, 0), "
                "coalesce(greatest(extract(epoch FROM clock_timestamp() - e.recorded_at), 0), 0)"
                "::double precision, r.parked, "
                "CASE WHEN r.parked = 0 THEN 0 ELSE (SELECT count(DISTINCT p.stream_id) "
                "FROM {schema}.parked_events AS p "
                "WHERE p.name = r.name AND p.generation = r.generation) END "
                "FROM {schema}.read_models AS r "
                "CROSS JOIN (SELECT coalesce(max(notification_id), 0) AS head "
                "FROM {schema}.events) AS h "
                "LEFT JOIN {schema}.events AS e ON e.notification_id = r.position + 1 "
                "ORDER BY r.name, r.generation"
            )
        ).fetchall()
    return [Status(*row) for row in rows]


def faults(datastore: Datastore, models: Iterable[ReadModel]) -> list[str]:
    """Return in words what keeps these read models from being right; nothing when all is well.

    That is one that is missing, whose live tables are of another version, or that has parked
    events. Being behind the log is no fault.
    """
    try:
        with query(datastore) as cursor:
            live = TrackingTable(datastore.schema).live(cursor)
    except errors.UndefinedTable:
        live = {}
    found = ((model.name, _fault(model, live.get(model.name))) for model in models)
    return [f"{name}: {fault}" for name, fault in found if fault]


def not_usable(model: ReadModel, row: Tracking | None) -> str:
    """Say why the live row cannot be read as this model, empty when it can."""
    if row is None:
        return "missing: it has no live tables"
    if row.version != model.version:
        return f"its live tables are of version {row.version}, wanted is {model.version}"
    return ""


def _fault(model: ReadModel, row: Tracking | None) -> str:
    if fault := not_usable(model, row):
        return fault
    return f"{row.parked} events are parked" if row is not None and row.parked else ""


def seconds_behind(cursor: Cursor[tuple[Any, ...]], schema: str, position: int) -> float:
    """Return the age of the event after `position` in seconds, 0 where there is none."""
    row = cursor.execute(
        SQL(
            "SELECT greatest(extract(epoch FROM clock_timestamp() - recorded_at), 0)"
            "::double precision FROM {} WHERE notification_id = %s"
        ).format(Identifier(schema, "events")),
        [position + 1],
    ).fetchone()
    return row[0] if row else 0.0
