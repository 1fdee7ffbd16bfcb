"""Migrations: each applied once, in order, by one of many; never altered."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from eventstore.datastore import Datastore
from eventstore.errors import MigrationError
from eventstore.migrate import migrate, migrations


@pytest.fixture
def datastore(postgres: str, schema: str) -> Iterator[Datastore]:
    """Return a partition that was not migrated."""
    with closing(Datastore(postgres, schema)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one step."""
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE {schema}.a (x int);")
    return tmp_path


def test_the_shipped_steps_apply_once(datastore: Datastore) -> None:
    """The first run applies every step, the second none."""
    names = [step.name for step in migrations()]
    assert migrate(datastore) == names
    assert migrate(datastore) == []


def test_of_many_at_once_one_applies(datastore: Datastore, folder: Path) -> None:
    """Eight processes starting together apply a step once."""
    with ThreadPoolExecutor(8) as pool:
        applied = list(pool.map(lambda _: migrate(datastore, folder), range(8)))
    assert sorted(applied, reverse=True) == [["0001_first.sql"], *[[]] * 7]


def test_a_failing_step_leaves_nothing_behind(datastore: Datastore, folder: Path) -> None:
    """A step is one transaction: when it fails, the ones before stay and it can be mended."""
    second = folder / "0002_second.sql"
    second.write_text("CREATE TABLE {schema}.b (x int); SELECT 1/0;")
    with pytest.raises(Exception, match="division by zero"):
        migrate(datastore, folder)
    second.write_text("CREATE TABLE {schema}.b (x int);")
    assert migrate(datastore, folder) == ["0002_second.sql"]


def test_an_altered_step_is_refused(datastore: Datastore, folder: Path) -> None:
    """A step that was changed after it was applied is named."""
    migrate(datastore, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE {schema}.a (x bigint);")
    with pytest.raises(MigrationError, match=r"0001_first\.sql was altered"):
        migrate(datastore, folder)


def test_a_newer_database_is_refused(datastore: Datastore, folder: Path) -> None:
    """A database with a step that this program does not know is not touched."""
    (folder / "0002_second.sql").write_text("SELECT 1;")
    migrate(datastore, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match="upgrade"):
        migrate(datastore, folder)


@pytest.mark.parametrize("name", ["first.sql", "0001_other.sql"])
def test_misnamed_steps_are_refused(folder: Path, name: str) -> None:
    """A name without a number, or a number twice, is named."""
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=name):
        migrations(folder)
