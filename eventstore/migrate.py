"""Plain numbered SQL migrations, each applied once, in order, under a lock."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from eventstore.errors import MigrationError

FOLDER: Final = Path(__file__).parent / "migrations"
_NAME: Final = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """A numbered step; `text` may name `{schema}` and `{keys}`."""

    number: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """Return the steps in order.

    Raises:
        MigrationError: a file is named otherwise, or two have one number.
    """
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            msg = f"{path.name}: name migrations NNNN_words.sql"
            raise MigrationError(msg)
        number = int(match[1])
        if number in found:
            msg = f"{path.name}: number {number} is taken by {found[number].name}"
            raise MigrationError(msg)
        found[number] = Migration(number, path.name, path.read_text(encoding="utf-8"))
    return [found[number] for number in sorted(found)]


def migrate(datastore: Datastore, folder: Path = FOLDER) -> list[str]:
    """Bring a partition's schema up to date; return the names of the steps applied now.

    Safe to run from several processes at once: one applies, the others wait and find it done.

    Raises:
        MigrationError: a step applied before was altered, or the database is newer.
    """
    applied: list[str] = []
    with datastore.connect() as connection:
        connection.execute(
            "SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"migrate {datastore.schema}"]
        )
        done = _done(connection, datastore)
        steps = migrations(folder)
        _check(done, steps)
        for step in steps:
            if step.number not in done:
                _apply(connection, datastore, step)
                applied.append(step.name)
    return applied


def _done(connection: Connection[Any], datastore: Datastore) -> dict[int, tuple[str, str]]:
    with connection.transaction():
        for schema in (datastore.schema, datastore.keys_schema):
            connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema)))
        connection.execute(
            datastore.sql(
                "CREATE TABLE IF NOT EXISTS {schema}.migrations (number integer PRIMARY KEY, "
                "name text NOT NULL, digest text NOT NULL, "
                "applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
            )
        )
        rows = connection.execute(
            datastore.sql("SELECT number, name, digest FROM {schema}.migrations")
        ).fetchall()
    return {number: (name, digest) for number, name, digest in rows}


def _check(done: dict[int, tuple[str, str]], steps: list[Migration]) -> None:
    known = {step.number: step for step in steps}
    for number, (name, digest) in sorted(done.items()):
        if number not in known:
            msg = f"the database has migration {name}, which this version does not know; upgrade"
            raise MigrationError(msg)
        if known[number].digest != digest:
            msg = f"migration {name} was altered after it was applied; restore it, add a new one"
            raise MigrationError(msg)


def _apply(connection: Connection[Any], datastore: Datastore, step: Migration) -> None:
    text = step.text.replace("{schema}", Identifier(datastore.schema).as_string(connection))
    text = text.replace("{keys}", Identifier(datastore.keys_schema).as_string(connection))
    with connection.transaction():
        connection.execute(text.encode())
        connection.execute(
            datastore.sql(
                "INSERT INTO {schema}.migrations (number, name, digest) VALUES (%s,%s,%s)"
            ),
            [step.number, step.name, step.digest],
        )
