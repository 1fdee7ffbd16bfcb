"""Connections to one partition: its database and its schema."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Composed, Identifier


class Datastore(PostgresDatastore):
    """The library's datastore on a whole libpq conninfo, in one schema.

    The library passes host and port apart and sets session state on connecting; here the
    conninfo stays whole (several hosts, `target_session_attrs`) and sessions stay plain.
    """

    def __init__(
        self,
        conninfo: str,
        schema: str,
        *,
        pool_size: int = 2,
        max_pool_size: int = 10,
        connect_timeout: int = 5,
    ) -> None:
        """Prepare a pool of `pool_size` to `max_pool_size` connections; opens on first use."""
        self.conninfo = make_conninfo(conninfo, connect_timeout=connect_timeout)
        self.schema = schema
        self.keys_schema = f"{schema}_keys"
        self.pool_open_timeout = None
        self.pre_ping = False
        self.single_row_tracking = True
        self.lock_timeout = 0
        self.idle_in_transaction_session_timeout = 0
        self.originator_id_type = "text"
        self.enable_db_functions = False
        self.db_type_names: set[str] = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}
        self.pool = ConnectionPool(
            self.conninfo,
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=pool_size,
            max_size=max_pool_size,
            open=False,
            timeout=float(connect_timeout),
            reconnect_timeout=float(connect_timeout),
        )

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """Return nothing to do: sessions carry no state."""
        return lambda _connection: None

    def connect(self, *, autocommit: bool = True) -> Connection[Any]:
        """Return a connection of its own, outside the pool, for locks that must be held."""
        return Connection.connect(self.conninfo, autocommit=autocommit)

    def sql(self, text: str) -> Composed:
        """Return SQL with `{schema}` and `{keys}` replaced by this partition's schemas."""
        return SQL(text).format(schema=Identifier(self.schema), keys=Identifier(self.keys_schema))

    def statement(self, text: str) -> bytes:
        """Return the same as bytes: a driver keeps those, where composing costs at every call."""
        return self.sql(text).as_bytes()

    def close(self) -> None:
        """Close the pool."""
        with suppress(AttributeError):
            self.pool.close()
