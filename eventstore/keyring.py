"""The keys of persons: made when first needed, destroyed when a person is erased."""

import os
from collections.abc import Collection, Mapping
from typing import Any

from psycopg import Connection

from eventstore.datastore import Datastore
from eventstore.sealing import KEY_BYTES, unwrap, wrap


class Keyring:
    """Reads and makes the keys of one partition; keeps none in memory."""

    def __init__(self, datastore: Datastore, key_encryption_key: bytes) -> None:
        """Take the key from settings that wraps every person's key."""
        self._wrapping_key = key_encryption_key
        self._insert = datastore.statement(
            "INSERT INTO {keys}.subject_keys (subject_id, wrapped_key) "
            "SELECT * FROM unnest(%s::text[], %s::bytea[]) ON CONFLICT DO NOTHING"
        )
        self._select = datastore.statement(
            "SELECT subject_id, wrapped_key FROM {keys}.subject_keys WHERE subject_id = ANY(%s)"
        )
        self._destroy = datastore.statement(
            "INSERT INTO {keys}.subject_keys (subject_id, destroyed_at) "
            "SELECT s, clock_timestamp() FROM unnest(%s::text[]) AS s "
            "ON CONFLICT (subject_id) DO UPDATE SET wrapped_key = NULL, "
            "destroyed_at = coalesce(subject_keys.destroyed_at, clock_timestamp())"
        )

    def find(self, connection: Connection[Any], subjects: Collection[str]) -> dict[str, bytes]:
        """Return the keys of those persons who have one; erased ones are left out."""
        if not subjects:
            return {}
        with connection.cursor(row_factory=_pair) as cursor:
            rows = cursor.execute(self._select, [list(subjects)]).fetchall()
        return {
            subject: unwrap(wrapped, by=self._wrapping_key, subject_id=subject)
            for subject, wrapped in rows
            if wrapped is not None
        }

    def make(self, connection: Connection[Any], subjects: Collection[str]) -> Mapping[str, bytes]:
        """Return the keys of persons, made where there were none; erased ones are left out."""
        found = self.find(connection, subjects)
        fresh = [subject for subject in subjects if subject not in found]
        if not fresh:
            return found
        wrapped = [
            wrap(os.urandom(KEY_BYTES), by=self._wrapping_key, subject_id=subject)
            for subject in fresh
        ]
        connection.execute(self._insert, [fresh, wrapped])
        return found | self.find(connection, fresh)

    def destroy(self, connection: Connection[Any], subjects: Collection[str]) -> None:
        """Destroy keys, inside the transaction that records the erasure."""
        connection.execute(self._destroy, [list(subjects)])


def _pair(_cursor: object) -> Any:
    return lambda values: (values[0], values[1])
