"""Where the embedded server keeps what, below one folder of its own."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from eventstore.embedded.account import ROOT_UID, Account
from eventstore.embedded.errors import EmbeddedPostgresError

SOCKET_PATH_LIMIT = 103
"""Bytes that a Unix socket's path may have everywhere (Linux allows 107)."""

UNSAFE_IN_PATHS = frozenset("\"$`\\\n'")
"""Characters that pg_ctl passes on to a shell or to a configuration file unquoted."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The server's own folder and what stands in it.

    The folder, the configuration and the locks are ours; only `cluster`, `log` and `socket` belong
    to the account that runs the server, each closed to everybody else.
    """

    home: Path

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls the data directory."""
        return self.home / "data"

    @property
    def partial_cluster(self) -> Path:
        """Where a cluster is being made; it takes its final name only when complete."""
        return self.home / "data.partial"

    @property
    def pid_file(self) -> Path:
        """The running server's note of its process and port."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """The server's messages."""
        return self.home / "log" / "server.log"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket: inside, or below /tmp where the path would be too long."""
        inside = self.home / "socket"
        if len(os.fsencode(inside / ".s.PGSQL.65535")) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        # Safe below /tmp: Account.own_private refuses a folder that another account made.
        return Path(f"/tmp/taktstock-{digest}")  # noqa: S108

    @property
    def config(self) -> Path:
        """Our postgresql.conf, written anew at each start."""
        return self.home / "postgresql.conf"

    @property
    def access(self) -> Path:
        """Our pg_hba.conf: who may connect, and how."""
        return self.home / "pg_hba.conf"

    @property
    def password(self) -> Path:
        """The password for TCP connections, readable by us alone."""
        return self.home / "password"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts or stops the server."""
        return self.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.home / "users.lock"

    @property
    def programs(self) -> Path:
        """Copies of PostgreSQL's programs, where the account cannot reach the installed ones."""
        return self.home / "programs"

    def make(self) -> None:
        """Make the server's own folder; refuse one that holds anything else."""
        if UNSAFE_IN_PATHS & set(str(self.home)):
            raise EmbeddedPostgresError(
                f"{self.home} has a quote, backslash, dollar or newline in its path; name another."
            )
        make_path(self.home)
        if not self.start_lock.exists():
            if any(path != self.start_lock for path in self.home.iterdir()):
                raise EmbeddedPostgresError(
                    f"{self.home} is not empty and not an embedded server's; name an empty folder."
                )
            self.home.chmod(_MODE)

    def open_to(self, account: Account) -> None:
        """Make the account's own folders, reachable for it and closed to all others."""
        account.check_usable()
        if not account.can_enter(self.home):
            raise EmbeddedPostgresError(
                f"The account {account.name}, which runs PostgreSQL, cannot enter {self.home}: "
                "name a folder outside private homes in TAKTSTOCK_DATA_DIR."
            )
        account.own_private(self.log.parent)
        account.own_private(self.socket)


def make_path(path: Path) -> None:
    """Make the folder and those above it; as root other accounts may pass, but not look."""
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(_MODE)


_MODE = 0o711 if os.geteuid() == ROOT_UID else 0o700
