"""How to connect to the server: connection strings, and the password for TCP."""

import os
import secrets
import socket
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from eventstore.embedded.cluster import DATABASE, MAINTENANCE_DATABASE, SUPERUSER, Cluster
from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.folders import Folders

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.05


def over_socket(folders: Folders, *, port: int, database: str = DATABASE) -> str:
    """Return the connection string over the private Unix socket."""
    return make_conninfo(host=str(folders.socket), port=port, user=SUPERUSER, dbname=database)


def over_tcp(folders: Folders, *, port: int) -> str:
    """Return the connection string over loopback, with the password in it."""
    return make_conninfo(
        host=LOOPBACK,
        port=port,
        user=SUPERUSER,
        password=folders.password.read_text(encoding="ascii"),
        dbname=DATABASE,
    )


def wait_until_ready(cluster: Cluster, *, timeout: float) -> None:
    """Wait until a server that somebody else launched takes connections.

    Raises:
        EmbeddedPostgresError: it ended, or was not ready in time; says what its log says.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            _maintenance(cluster).close()
        except (psycopg.OperationalError, FileNotFoundError) as error:
            ended = cluster.process() is None
            if ended or time.monotonic() > deadline:
                what = "ended" if ended else f"was not ready after {timeout:g} seconds"
                raise EmbeddedPostgresError(
                    f"The server on {cluster.folders.cluster} {what}: {error}\n"
                    f"The last lines of its log:\n{cluster.log_tail()}"
                ) from error
            time.sleep(POLL_SECONDS)
        else:
            return


def set_password(cluster: Cluster) -> None:
    """Set the password for TCP to that of our file; the log of the server never sees it."""
    with _maintenance(cluster) as connection:
        scrambled = connection.pgconn.encrypt_password(
            _password(cluster.folders.password).encode(), SUPERUSER.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(SUPERUSER), sql.Literal(scrambled.decode())
            )
        )


def listens_on_tcp(cluster: Cluster) -> bool:
    """Tell whether the running server takes TCP connections."""
    with _maintenance(cluster) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
    return row is not None and bool(row[0])


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _maintenance(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        over_socket(cluster.folders, port=cluster.port(), database=MAINTENANCE_DATABASE),
        autocommit=True,
        connect_timeout=10,
    )


def _password(path: Path) -> str:
    """Return the password, made at first use."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")
