"""The account that the server's programs run as, since PostgreSQL refuses root."""

import contextlib
import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eventstore.embedded.errors import EmbeddedPostgresError

ROOT_UID = 0
PREFERRED_WHEN_ROOT = ("postgres", "nobody")
"""Tried in this order when root starts the server and no account is named."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this machine; it differs from ours only when we are root."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], *, input_text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run the command as this account and return its result, output and errors together.

        The environment is cut down to the search paths: our secrets and PG* variables are
        nothing to the server.
        """
        switched = self.uid != os.geteuid()
        return subprocess.run(
            command,
            user=self.uid if switched else None,
            group=self.gid if switched else None,
            extra_groups=[] if switched else None,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC"} | _search_paths(),
            umask=0o077,
            input=input_text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def check_usable(self) -> None:
        """Raise where we may not run programs as this account."""
        try:
            self.run(["/bin/sh", "-c", ":"])
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"Programs cannot be run as the account {self.name}: {error}. Start Taktstock as "
                "an ordinary account, or name a server of your own in DATABASE_URL."
            ) from error

    def can_run(self, program: Path) -> bool:
        """Tell whether this account can reach and start the program."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account can pass through the folder and all above it."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0

    def own_private(self, folder: Path) -> None:
        """Make the folder for this account alone, or check that it is so already."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid not in {self.uid, os.geteuid()}
            or stat.S_IMODE(found.st_mode) != stat.S_IRWXU
        ):
            raise EmbeddedPostgresError(
                f"{folder} must be a folder of the account {self.name} with mode 0700."
            )
        if found.st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)


def choose_account(*, wanted: str | None, cluster: Path) -> Account:
    """Return who shall run the server: ourselves, or when we are root another account.

    An existing cluster keeps its owner, so that an account installed later changes nothing.
    """
    if os.geteuid() != ROOT_UID:
        return _from(pwd.getpwuid(os.geteuid()))
    if cluster.exists():
        return _owner(cluster)
    for name in (wanted,) if wanted else PREFERRED_WHEN_ROOT:
        try:
            found = _from(pwd.getpwnam(name))
        except KeyError:
            continue
        if found.uid != ROOT_UID:
            return found
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and no other account was found for it: "
        "name an existing one in TAKTSTOCK_EMBEDDED_ACCOUNT."
    )


def _owner(cluster: Path) -> Account:
    uid = cluster.stat().st_uid
    try:
        return _from(pwd.getpwuid(uid))
    except KeyError as error:
        raise EmbeddedPostgresError(
            f"{cluster} belongs to account number {uid}, which does not exist on this machine."
        ) from error


def _from(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _search_paths() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
