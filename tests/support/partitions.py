"""Partitions for tests: a migrated schema each, with a writer of its own."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from domain.base.messages import Command
from domain.catalogue import AGGREGATES, HANDLERS
from domain.routing.facts import FactsSource
from eventstore.datastore import Datastore
from eventstore.main import Partition, Place, open_partition
from eventstore.oms import Answer, Caller
from eventstore.settings import Settings

KEY: Final = bytes(range(32))
NOON: Final = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TESTER: Final = Caller(principal="test", actor="tester")
_NAMESPACE: Final = UUID("00000000-0000-5000-8000-000000000001")
_numbers = itertools.count(1)


def fresh_id() -> UUID:
    """Return a command id that no other test of this run has."""
    return uuid5(_NAMESPACE, str(next(_numbers)))


def place(conninfo: str, schema: str) -> Place:
    """Return where a test's partition is."""
    return Place(name="main", conninfo=conninfo, schema=schema, key=KEY)
