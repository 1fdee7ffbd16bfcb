"""The one server of a test run, and a schema of its own for each test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from eventstore.embedded import ThrowAwayPostgres

VERSION_VARIABLE = "TAKTSTOCK_TEST_PG"
SHIPPED = (18, 16)


def server_of_run() -> ThrowAwayPostgres:
    """Return the server that the environment asks for: 18 by default, 16, or an installed 15."""
    version = int(os.environ.get(VERSION_VARIABLE, "18"))
    return ThrowAwayPostgres(
        version=version, bin_dir=None if version in SHIPPED else installed(version)
    )


def installed(version: int) -> Path | None:
    """Return the programs of a PostgreSQL installed on this machine, from PATH or from Debian's."""
    on_path = shutil.which("postgres")
    candidates = [Path(f"/usr/lib/postgresql/{version}/bin")]
    if on_path is not None:
        candidates.insert(0, Path(on_path).resolve().parent)
    return next((folder for folder in candidates if _serves(folder, version)), None)


@contextmanager
def fresh_schema(conninfo: str) -> Iterator[str]:
    """Yield the name of a new, empty schema; drop it afterwards, with its schema of keys."""
    name = f"test_{uuid4().hex[:12]}"
    _execute(conninfo, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        for made in (name, f"{name}_keys"):
            drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(made))
            _execute(conninfo, drop)


def _serves(folder: Path, version: int) -> bool:
    program = folder / "postgres"
    if not program.is_file():
        return False
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split(".")[0] == str(version)


def _execute(conninfo: str, statement: sql.Composed) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        # A test that leaves a transaction open fails here instead of hanging.
        connection.execute("SET lock_timeout = '10s'")
        connection.execute(statement)
