"""Settings come from the environment, and each mistake names its variable and the way out."""

import base64
import os
from pathlib import Path
from stat import S_IMODE

import pytest

from eventstore.places import open_places
from eventstore.settings import SettingsError, load_settings

KEY = base64.b64encode(bytes(range(32))).decode()
URL = "postgresql://oms:sesame@one,two/taktstock?target_session_attrs=read-write"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Give each test an environment without settings, but for a folder of its own."""
    for name in os.environ:
        if name == "DATABASE_URL" or name.startswith("TAKTSTOCK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TAKTSTOCK_DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def test_the_default_is_one_partition_on_the_embedded_server() -> None:
    """Nothing has to be set: partition and schema are called main."""
    settings = load_settings()
    assert settings.needs_embedded
    assert {name: place.schema_name for name, place in settings.partitions.items()} == {
        "main": "main"
    }


def test_a_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """The embedded default finds the same key at every start, in a file of mode 0600."""
    first = load_settings().wrapping_key
    assert len(first) == 32
    assert load_settings().wrapping_key == first
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["key-encryption-key"]
    assert S_IMODE((tmp_path / "data" / "key-encryption-key").stat().st_mode) == 0o600


def test_a_database_of_ones_own_needs_a_key(environment: pytest.MonkeyPatch) -> None:
    """Without the key nothing is made up; the error names the variable and how to make one."""
    environment.setenv("DATABASE_URL", URL)
    with pytest.raises(SettingsError, match="TAKTSTOCK_KEY_ENCRYPTION_KEY must be set when"):
        load_settings()


def test_partitions_share_the_database_unless_they_name_one(
    environment: pytest.MonkeyPatch,
) -> None:
    """Each partition is reached at its own URL, else at the common one, whole as it was given."""
    environment.setenv("DATABASE_URL", URL)
    environment.setenv("TAKTSTOCK_KEY_ENCRYPTION_KEY", KEY)
    environment.setenv(
        "TAKTSTOCK_PARTITIONS",
        '{"main": {"schema": "main"}, "b2b": {"schema": "main", "database_url": "host=three"}}',
    )
    settings = load_settings()
    assert settings.wrapping_key == bytes(range(32))
    with open_places(settings) as places:
        assert {name: (place.conninfo, place.schema) for name, place in places.items()} == {
            "main": (URL, "main"),
            "b2b": ("host=three", "main"),
        }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DATABASE_URL", "sesame and more", "DATABASE_URL: .* must be a libpq connection string"),
        ("TAKTSTOCK_POOL_MAX_SIZE", "many", "TAKTSTOCK_POOL_MAX_SIZE: .* valid integer"),
        ("TAKTSTOCK_POOL_MAX_SIZE", "0", "TAKTSTOCK_POOL_MAX_SIZE: .* greater than or equal to 1"),
        ("TAKTSTOCK_POOL_MIN_SIZE", "50", "POOL_MIN_SIZE must not be above TAKTSTOCK_POOL_MAX_S"),
        ("TAKTSTOCK_DATABASE_URL", "host=a", "is no setting; did you mean DATABASE_URL?"),
        ("TAKTSTOCK_POOL_MAXSIZE", "9", "is no setting; did you mean TAKTSTOCK_POOL_MAX_SIZE?"),
        (
            "TAKTSTOCK_KEY_ENCRYPTION_KEY",
            "sesame",
            "KEY_ENCRYPTION_KEY: .* must be 32 random bytes",
        ),
        ("TAKTSTOCK_PARTITIONS", "main", "TAKTSTOCK_PARTITIONS: .* must be JSON such as"),
        ("TAKTSTOCK_PARTITIONS", "{}", "TAKTSTOCK_PARTITIONS: .* at least one partition"),
        (
            "TAKTSTOCK_PARTITIONS",
            '{"Main_1": {"schema": "main"}}',
            "TAKTSTOCK_PARTITIONS: .* 'Main_1': a partition's name is",
        ),
        (
            "TAKTSTOCK_PARTITIONS",
            '{"main": {"schema": "pg_main"}}',
            r"TAKTSTOCK_PARTITIONS\[main\]\[schema\]: .* a schema is",
        ),
        (
            "TAKTSTOCK_PARTITIONS",
            '{"a": {"schema": "one"}, "b": {"schema": "one"}}',
            "TAKTSTOCK_PARTITIONS: .* the same schema of the same database",
        ),
    ],
)
def test_a_mistake_names_its_variable(
    environment: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """The message says which variable is wrong and what it must be, and repeats no secret."""
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert "sesame" not in str(caught.value)


def test_secrets_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    """Neither the key nor a password appears where settings are printed."""
    environment.setenv("DATABASE_URL", URL)
    environment.setenv("TAKTSTOCK_KEY_ENCRYPTION_KEY", KEY)
    shown = repr(load_settings())
    assert "sesame" not in shown
    assert KEY not in shown
