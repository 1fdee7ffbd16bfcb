"""One cluster and the process that serves it: made, launched, found, stopped."""

import os
import secrets
import shlex
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from eventstore.embedded.account import Account
from eventstore.embedded.config import pg_hba_conf, postgresql_conf
from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.folders import Folders

SUPERUSER = "taktstock"
DATABASE = "taktstock"
MAINTENANCE_DATABASE = "postgres"
PORT_LINE = 3
"""Where the pid file names the port, counted from 0."""

LOG_TAIL_LINES = 20
LOG_LIMIT_BYTES = 16 * 1024 * 1024
OLD_BACKENDS = "pre-existing shared memory block"
"""What a new server says while the last processes of a killed one are still ending."""

OLD_BACKENDS_PATIENCE = 30
"""Seconds to wait for them."""

StopMode = Literal["fast", "immediate"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """PostgreSQL's data in its folder, the account that owns it and the programs that serve it."""

    folders: Folders
    account: Account
    programs: Path

    def initialise(self) -> None:
        """Make the cluster unless it exists; a half-made one is thrown away, never used."""
        for left in self.folders.home.glob(f"{self.folders.partial_cluster.name}*"):
            shutil.rmtree(left, ignore_errors=True)
        if self.folders.cluster.exists():
            self._check_version()
            return
        # A name of its own each time: an initdb whose starter was killed may still be writing.
        partial = self.folders.partial_cluster.with_suffix(f".partial-{secrets.token_hex(4)}")
        self.account.own_private(partial)
        self._run(
            "initdb",
            f"--pgdata={partial}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            # The same order of texts on every machine and in every version of PostgreSQL.
            "--locale=C",
            "--data-checksums",
            # Our own access file replaces this one, which lets nobody in.
            "--auth=reject",
        )
        self._create_database(partial)
        partial.rename(self.folders.cluster)
        _sync(self.folders.home)

    def process(self) -> psutil.Process | None:
        """Return the process that serves this cluster, None where no living one does.

        A pid file outlives a killed server, and its number may by now be a zombie's or a
        stranger's: only a living process that was told to serve this cluster is the server.
        """
        try:
            process = psutil.Process(self._noted_pid())
            # Its working folder would say the same, but root in a container may not look at it.
            serves = str(self.folders.cluster) in process.cmdline()
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if serves else None

    def port(self) -> int:
        """Return the port of the running server, from its pid file."""
        lines = self.folders.pid_file.read_text(encoding="utf-8").splitlines()
        return int(lines[PORT_LINE])

    def launch(self, *, port: int | None, timeout: float) -> None:
        """Start the server and wait until it has recovered and takes connections.

        Raises:
            EmbeddedPostgresError: it ended, or was not ready in time; says what its log says.
        """
        self.folders.config.write_text(postgresql_conf(self.folders, port=port), encoding="utf-8")
        self.folders.access.write_text(pg_hba_conf(tcp=port is not None), encoding="utf-8")
        for path in (self.folders.config, self.folders.access):
            path.chmod(0o644)
        self._forget_stranger()
        if self._log_size() > LOG_LIMIT_BYTES:
            self.folders.log.rename(self.folders.log.with_suffix(".log.old"))
        began = time.monotonic()
        patience = min(timeout, OLD_BACKENDS_PATIENCE)
        while True:
            logged = self._log_size()
            try:
                self._pg_ctl_start(timeout - (time.monotonic() - began))
            except EmbeddedPostgresError:
                waited = time.monotonic() - began
                if OLD_BACKENDS not in self._log_since(logged) or waited > patience:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self, mode: StopMode, *, timeout: float) -> None:
        """Stop the server and wait until it has ended."""
        self._run(
            "pg_ctl", "stop", "--wait", f"--timeout={int(timeout)}", f"--mode={mode}", *self._data()
        )

    def log_tail(self) -> str:
        """Return the last lines of the server's log."""
        return "\n".join(self._log_since(0).splitlines()[-LOG_TAIL_LINES:])

    def _noted_pid(self) -> int:
        return int(self.folders.pid_file.read_text(encoding="utf-8").split("\n", 1)[0])

    def _forget_stranger(self) -> None:
        """Remove a pid file whose number now belongs to a zombie or to another program.

        PostgreSQL would take either for a running server. What it can judge itself is left to it.
        """
        with suppress(FileNotFoundError, ValueError):
            if psutil.pid_exists(self._noted_pid()) and self.process() is None:
                self.folders.pid_file.unlink()

    def _create_database(self, data: Path) -> None:
        """Make the database without a server, so that nothing of a killed starter goes on."""
        said = self._run(
            "postgres",
            "--single",
            "-D",
            str(data),
            MAINTENANCE_DATABASE,
            input_text=f"CREATE DATABASE {DATABASE}\n",
        )
        if "ERROR:" in said:
            raise EmbeddedPostgresError(f"The database cannot be made: {said.strip()}")

    def _pg_ctl_start(self, timeout: float) -> None:
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={max(1, int(timeout))}",
            f"--log={self.folders.log}",
            f"--options=-c config_file={shlex.quote(str(self.folders.config))}",
            *self._data(),
        )

    def _data(self) -> Sequence[str]:
        return (f"--pgdata={self.folders.cluster}", "--silent")

    def _check_version(self) -> None:
        found = (self.folders.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
        programs = self.account.run([self.programs / "postgres", "--version"]).stdout.split()[2]
        if programs.split(".")[0] != found:
            raise EmbeddedPostgresError(
                f"{self.folders.cluster} was made by PostgreSQL {found} and cannot be served by "
                f"PostgreSQL {programs}: use that version, or dump there and load here."
            )

    def _run(self, program: str, *arguments: str, input_text: str = "") -> str:
        """Run a program as the account and return what it said, raise where it failed."""
        result = self.account.run([self.programs / program, *arguments], input_text=input_text)
        if result.returncode != 0:
            raise EmbeddedPostgresError(
                f"{program} failed (as {self.account.name}): {result.stdout.strip()}\n"
                f"The last lines of {self.folders.log}:\n{self.log_tail()}"
            )
        return result.stdout

    def _log_size(self) -> int:
        return self.folders.log.stat().st_size if self.folders.log.exists() else 0

    def _log_since(self, offset: int) -> str:
        if not self.folders.log.exists():
            return "(there is no log yet)"
        with self.folders.log.open("rb") as log:
            log.seek(max(offset, self._log_size() - 65_536))
            return log.read().decode(errors="replace")


def _sync(folder: Path) -> None:
    """Make the folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
