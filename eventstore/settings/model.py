"""What can be set, with its default and its limits."""

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Final, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from eventstore.settings.key import decode_key

PREFIX: Final = "TAKTSTOCK_"
DATABASE_URL: Final = "DATABASE_URL"
DEFAULT_PARTITION: Final = "main"

_PARTITION_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,31}")
_SCHEMA_NAME: Final = re.compile(r"(?!pg_)[a-z][a-z0-9_]{0,47}")


def default_data_dir() -> Path:
    """Return where data lives when nobody says otherwise: never in root's home."""
    if os.geteuid() == 0:
        return Path("/var/lib/taktstock")
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "taktstock"


class PartitionPlace(BaseModel):
    """Where a partition lives: its schema, and its database where that is not the common one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_name: str = Field(alias="schema")
    database_url: str | None = Field(default=None, repr=False)

    @field_validator("schema_name")
    @classmethod
    def _check_schema(cls, name: str) -> str:
        if _SCHEMA_NAME.fullmatch(name) is None:
            raise ValueError("a schema is 1 to 48 of a-z, 0-9 and _, and begins with a letter")
        return name

    @field_validator("database_url")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        return _checked_conninfo(url)


class Settings(BaseSettings):
    """Everything that differs between installations; `load_settings` reads it.

    Each field is the environment variable of its name with `TAKTSTOCK_` before it, except the
    common `DATABASE_URL`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    database_url: str | None = Field(default=None, validation_alias=DATABASE_URL, repr=False)
    """A whole libpq connection string, several hosts allowed; without it the embedded server."""

    partitions: Annotated[dict[str, PartitionPlace], NoDecode] = {
        DEFAULT_PARTITION: PartitionPlace(schema_name=DEFAULT_PARTITION)
    }
    """As JSON: `{"main": {"schema": "main", "database_url": "..."}}`, the URL being optional."""

    data_dir: Path = Field(default_factory=default_data_dir)
    """The embedded server's data and the generated key."""

    embedded_account: str | None = None
    """Who runs the embedded server when we are root; else `postgres`, else `nobody`."""

    embedded_port: int | None = Field(default=None, ge=0, le=65_535)
    """A loopback port for the embedded server, 0 for any free one; without it no TCP at all."""

    embedded_start_timeout: float = Field(default=300, gt=0)
    """Seconds; recovery after a crash may take minutes."""

    key_encryption_key: SecretStr | None = None
    """32 bytes in base64 that wrap every person's key; made once for the embedded server."""

    pool_min_size: int = Field(default=1, ge=0, le=100)
    pool_max_size: int = Field(default=10, ge=1, le=1_000)
    """Connections of one process to one partition."""

    connect_timeout: int = Field(default=5, ge=2, le=60)
    """Seconds for one host; short, so that the next one is tried soon."""

    queue_limit: int = Field(default=5_000, ge=1, le=1_000_000)
    """Commands that may wait for the writer before a process answers that it is busy."""

    group_max_commands: int = Field(default=64, ge=1, le=10_000)
    """Commands decided and committed together by one writer."""

    group_max_milliseconds: int = Field(default=50, ge=1, le=10_000)
    """How long a group may take commands in before it commits."""

    @property
    def needs_embedded(self) -> bool:
        """Tell whether some partition has no database but the embedded one."""
        return self.database_url is None and any(
            place.database_url is None for place in self.partitions.values()
        )

    @property
    def all_embedded(self) -> bool:
        """Tell whether no partition has a database but the embedded one."""
        return self.database_url is None and all(
            place.database_url is None for place in self.partitions.values()
        )

    @property
    def wrapping_key(self) -> bytes:
        """The bytes of `key_encryption_key`, which `load_settings` has made sure of."""
        if self.key_encryption_key is None:
            raise ValueError(f"{PREFIX}KEY_ENCRYPTION_KEY is not set")
        return decode_key(self.key_encryption_key.get_secret_value())

    @field_validator("key_encryption_key")
    @classmethod
    def _check_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            decode_key(key.get_secret_value())
        return key

    @field_validator("database_url")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        return _checked_conninfo(url)

    @field_validator("partitions", mode="before")
    @classmethod
    def _parse_partitions(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError('must be JSON such as {"main": {"schema": "main"}}') from error

    @field_validator("partitions")
    @classmethod
    def _check_partitions(cls, partitions: dict[str, PartitionPlace]) -> dict[str, PartitionPlace]:
        if not partitions:
            raise ValueError("must name at least one partition")
        for name in partitions:
            if _PARTITION_NAME.fullmatch(name) is None:
                raise ValueError(
                    f"{name!r}: a partition's name is 1 to 32 of a-z and 0-9 and begins with a "
                    "letter"
                )
        places = {(place.database_url, place.schema_name) for place in partitions.values()}
        if len(places) < len(partitions):
            raise ValueError("two partitions name the same schema of the same database")
        return partitions

    @model_validator(mode="after")
    def _check_pool(self) -> Self:
        if self.pool_min_size > self.pool_max_size:
            raise ValueError(f"{PREFIX}POOL_MIN_SIZE must not be above {PREFIX}POOL_MAX_SIZE")
        return self


def _checked_conninfo(url: str | None) -> str | None:
    if url is not None:
        try:
            conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            # libpq's own words would repeat the password.
            raise ValueError(
                "must be a libpq connection string, such as postgresql://user:password@host/name "
                "or host=a,b dbname=name target_session_attrs=read-write"
            ) from None
    return url
