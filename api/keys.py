"""API keys: 256 random bits, kept as SHA-256, remembered for seconds."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psycopg.rows import class_row

from eventstore.datastore import Datastore

Role = Literal["administrator", "channel"]

SECRET_BYTES: Final = 32
_ID_BYTES: Final = 6
_PREFIX: Final = "tk"
_REMEMBER_SECONDS: Final = 5.0
_REMEMBER_AT_MOST: Final = 10_000
_SELECT: Final = (
    "SELECT key_id, secret_sha256, name, role, channels, locations, created_at, revoked_at "
    "FROM {schema}.api_keys "
)
_INSERT: Final = (
    "INSERT INTO {schema}.api_keys (key_id, secret_sha256, name, role, channels, locations) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
_REVOKE: Final = (
    "UPDATE {schema}.api_keys SET revoked_at = clock_timestamp() "
    "WHERE key_id = %s AND revoked_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret: whom it names and what it opens."""

    key_id: str
    secret_sha256: bytes
    name: str
    role: Role
    channels: Sequence[str]
    locations: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None


class ApiKeys:
    """Makes, checks and revokes the keys of one partition."""

    def __init__(
        self,
        datastore: Datastore,
        partition: str,
        *,
        remember_seconds: float = _REMEMBER_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep checked keys for `remember_seconds`: so long a revoked one may still open."""
        self._datastore = datastore
        self._partition = partition
        self._remember_seconds = remember_seconds
        self._monotonic = monotonic
        self._remembered: dict[str, tuple[ApiKey, float]] = {}

    def create(
        self,
        name: str,
        role: Role,
        *,
        channels: Sequence[str] = (),
        locations: Sequence[str] = (),
    ) -> tuple[ApiKey, str]:
        """Make a key and return it with its token, which is shown this once.

        Raises:
            ValueError: a key for channels names none.
        """
        if role == "channel" and not channels:
            raise ValueError("A key with the role channel needs at least one channel.")
        key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_hex(SECRET_BYTES)
        row = [key_id, _digest(secret), name, role, list(channels), list(locations)]
        self._execute(_INSERT, row)
        (key,) = self._find(key_id)
        return key, f"{_PREFIX}_{self._partition}_{key_id}_{secret}"

    def all(self) -> list[ApiKey]:
        """Return every key, the oldest first, revoked ones too."""
        return self._fetch(_SELECT + "ORDER BY created_at, key_id", [])

    def revoke(self, key_id: str) -> bool:
        """Revoke a key and say whether it was open; other processes notice within seconds."""
        self._remembered.pop(key_id, None)
        return self._execute(_REVOKE, [key_id]) == 1

    def remembered(self, token: str) -> ApiKey | None:
        """Return the key of a token checked within the last seconds, without any I/O."""
        parts = self._parse(token)
        if parts is None:
            return None
        key, until = self._remembered.get(parts[0], (None, 0.0))
        if key is None or until < self._monotonic():
            return None
        return key if _opens(key, parts[1]) else None

    def check(self, token: str) -> ApiKey | None:
        """Return the key of a token, or None where it opens nothing."""
        parts = self._parse(token)
        if parts is None:
            return None
        key_id, secret = parts
        found = self._find(key_id)
        if not found or not _opens(found[0], secret):
            return None
        if len(self._remembered) >= _REMEMBER_AT_MOST:
            self._remembered.clear()
        self._remembered[key_id] = (found[0], self._monotonic() + self._remember_seconds)
        return found[0]

    def _parse(self, token: str) -> tuple[str, str] | None:
        """Return (id, secret) of a token of this partition; a partition's name may have `_`."""
        prefix, _, rest = token.partition("_")
        parts = rest.rsplit("_", 2)
        if prefix != _PREFIX or len(parts) != 3 or parts[0] != self._partition:  # noqa: PLR2004
            return None
        return (parts[1], parts[2]) if parts[1].isascii() and parts[1].isalnum() else None

    def _find(self, key_id: str) -> list[ApiKey]:
        return self._fetch(_SELECT + "WHERE key_id = %s", [key_id])

    def _fetch(self, text: str, parameters: Sequence[Any]) -> list[ApiKey]:
        with (
            self._datastore.get_connection() as connection,
            connection.cursor(row_factory=class_row(ApiKey)) as cursor,
        ):
            return cursor.execute(self._datastore.sql(text), parameters).fetchall()

    def _execute(self, text: str, parameters: Sequence[Any]) -> int:
        with self._datastore.get_connection() as connection:
            return connection.execute(self._datastore.sql(text), parameters).rowcount


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _opens(key: ApiKey, secret: str) -> bool:
    same = hmac.compare_digest(key.secret_sha256, _digest(secret))
    return same and key.revoked_at is None
