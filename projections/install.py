"""Making what read models need before the first event is folded."""

import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from psycopg import Cursor
from psycopg.sql import SQL, Identifier, Literal

from eventstore.datastore import Datastore
from projections.database import Rows, transaction
from projections.generation import Generation
from projections.read_model import ReadModel
from projections.tracking import TrackingTable

_ABOUT: Final = "The tracked position of every set of read model tables; readers see the live one."
_TRACKING: Final = files("projections").joinpath("tracking.sql")


def install(datastore: Datastore, models: Iterable[ReadModel]) -> None:
    """Make the tracking tables, and the tables and views of read models that have none.

    Safe to run from several processes at once. A read model whose live tables are of another
    version is left alone: `rebuild` brings the new version in.
    """
    tracking = TrackingTable(datastore.schema)
    with transaction(datastore) as cursor:
        lock_names(cursor, f"read models {datastore.schema}")
        cursor.execute("SET LOCAL client_min_messages TO warning")
        _make_tracking(cursor, datastore)
        present = {row.name for row in tracking.all(cursor) if row.state == "live"}
        for model in models:
            if model.name not in present:
                _first(cursor, tracking, Generation(model, datastore.schema, f"v{model.version}"))


def lock_names(cursor: Cursor[Any], name: str) -> None:
    """Wait for the lock of that name and hold it until the transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _make_tracking(cursor: Rows, datastore: Datastore) -> None:
    """Make what all read models share; its digest stands in a comment, to do it only once."""
    text = _TRACKING.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    [(made,)] = cursor.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')",
        [Identifier(datastore.schema, "read_models").as_string(cursor)],
    ).fetchall()
    if made is not None and digest in made:
        return
    cursor.execute(
        SQL(text).format(schema=Identifier(datastore.schema), schema_text=Literal(datastore.schema))
    )
    cursor.execute(
        SQL("COMMENT ON TABLE {} IS {}").format(
            Identifier(datastore.schema, "read_models"), Literal(f"{_ABOUT} Made by {digest}.")
        )
    )


def _first(cursor: Cursor[Any], tracking: TrackingTable, generation: Generation) -> None:
    model = generation.model
    tracking.remove(cursor, model.name, generation.label)
    generation.drop(cursor)
    generation.create(cursor)
    generation.create_views(cursor)
    tracking.add(cursor, generation, "live")
