"""A PostgreSQL server that comes with Taktstock, for machines that have none."""

from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.folders import make_path
from eventstore.embedded.server import ANY_PORT, EmbeddedPostgres
from eventstore.embedded.throw_away import ThrowAwayPostgres

__all__ = [
    "ANY_PORT",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "ThrowAwayPostgres",
    "make_path",
]
