"""Partitions for tests: a migrated schema each, with a writer of its own."""

import base64
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import SecretStr

from domain.base.messages import Command
from domain.routing.facts import FactsSource
from eventstore.datastore import Datastore
from eventstore.main import Partition, open_partition
from eventstore.oms import Answer, Caller
from eventstore.places import Place
from eventstore.settings import Settings

KEY: Final = bytes(range(32))
NOON: Final = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TESTER: Final = Caller(principal="test", actor="tester")
_NAMESPACE: Final = UUID("00000000-0000-5000-8000-000000000001")
_numbers = itertools.count(1)


def fresh_id() -> UUID:
    """Return a command id that no other test of this run has."""
    return uuid5(_NAMESPACE, str(next(_numbers)))


def settings_for_tests(**overrides: Any) -> Settings:
    """Return settings for a test's processes."""
    return Settings(key_encryption_key=SecretStr(base64.b64encode(KEY).decode()), **overrides)


def place(conninfo: str, schema: str) -> Place:
    """Return where a test's partition is."""
    return Place(name="main", conninfo=conninfo, schema=schema, key=KEY)


@contextmanager
def partition(
    conninfo: str,
    schema: str,
    *,
    facts: Callable[[Datastore], FactsSource] | None = None,
    **overrides: Any,
) -> Iterator[Partition]:
    """Open a migrated partition with a writer."""
    with open_partition(
        place(conninfo, schema), settings_for_tests(**overrides), facts=facts, migrate=True
    ) as opened:
        yield opened


def do(
    opened: Partition,
    command_type: type[Command],
    /,
    *,
    now: datetime = NOON,
    key: str | None = None,
    caller: Caller = TESTER,
    **fields: Any,
) -> Answer:
    """Do a command with a fresh id, at noon unless told otherwise."""
    command = command_type(id=fresh_id(), now=now, **fields)
    return opened.oms.do(command, caller=caller, key=key)


WAREHOUSE: Final[Mapping[str, Any]] = {
    "name": "Warehouse",
    "kind": "warehouse",
    "country": "GB",
    "time_zone": "Europe/London",
    "postal_code": "LE1",
    "latitude": 52.63,
    "longitude": -1.13,
}
"""A plain location."""
