"""The embedded server as the rest of Taktstock sees it."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from eventstore.embedded import access
from eventstore.embedded.account import choose_account
from eventstore.embedded.cluster import Cluster, StopMode
from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.folders import Folders
from eventstore.embedded.locks import SharedLock, exclusive
from eventstore.embedded.programs import find_programs

DEFAULT_VERSION = 18
ANY_PORT = 0
"""As `port`: take any free one."""


class EmbeddedPostgres:
    """A PostgreSQL server of our own, whose data lives in one folder.

    Starting attaches to the server that already runs on the folder, or launches one; several
    processes may do so at once. As a context manager it stops the server at the end, unless another
    process still uses it. A server whose starter was killed runs on until somebody starts and stops
    it again. Without a port it has a private Unix socket only; with one it also listens on loopback
    and `conninfo` carries a password.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        version: int = DEFAULT_VERSION,
        bin_dir: Path | None = None,
        port: int | None = None,
        account: str | None = None,
        start_timeout: float = 300,
    ) -> None:
        self.folders = Folders(data_dir.resolve())
        self._version = version
        self._bin_dir = bin_dir
        self._port = port
        self._account = account
        # Generous, since recovery after a crash may have minutes of log to replay.
        self._timeout = start_timeout
        self._cluster: Cluster | None = None
        self._conninfo: str | None = None
        self._use: SharedLock | None = None

    @property
    def conninfo(self) -> str:
        """The libpq connection string of the started server."""
        if self._conninfo is None:
            raise EmbeddedPostgresError("The embedded server has not been started.")
        return self._conninfo

    @property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs in use, such as `pgbench` and `psql`."""
        return self._found_cluster().programs

    def start(self) -> Self:
        """Attach to the running server, or launch it, and wait until it takes connections.

        Raises:
            EmbeddedPostgresError: it cannot be started; says why, with the end of the server's log.
        """
        deadline = time.monotonic() + self._timeout
        self.folders.make()
        with exclusive(self.folders.start_lock, timeout=self._timeout):
            cluster = self._found_cluster()
            cluster.initialise()
            if cluster.process() is None:
                self._launch(cluster, deadline)
            else:
                access.wait_until_ready(cluster, timeout=deadline - time.monotonic())
            self._conninfo = self._choose_conninfo(cluster)
            self._use = self._use or SharedLock(self.folders.users_lock)
        return self

    def stop(self, mode: StopMode = "fast") -> None:
        """Stop the server, whoever uses it; do nothing where none runs."""
        if not self.folders.cluster.exists():
            return
        with exclusive(self.folders.start_lock, timeout=self._timeout):
            self._leave()
            if self._found_cluster().process() is not None:
                self._found_cluster().stop(mode, timeout=self._timeout)

    def release(self) -> None:
        """Stop the server if no other process uses it."""
        with exclusive(self.folders.start_lock, timeout=self._timeout):
            last = self._leave()
            if last and self._found_cluster().process() is not None:
                self._found_cluster().stop("fast", timeout=self._timeout)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def _found_cluster(self) -> Cluster:
        if self._cluster is None:
            account = choose_account(wanted=self._account, cluster=self.folders.cluster)
            self.folders.open_to(account)
            programs = find_programs(
                version=self._version, bin_dir=self._bin_dir, account=account, to=self.folders
            )
            self._cluster = Cluster(folders=self.folders, account=account, programs=programs)
        return self._cluster

    def _launch(self, cluster: Cluster, deadline: float) -> None:
        port = access.free_port() if self._port == ANY_PORT else self._port
        try:
            cluster.launch(port=port, timeout=deadline - time.monotonic())
        except EmbeddedPostgresError:
            # One whose starter was killed at this very moment may have come first.
            if cluster.process() is None:
                raise
            access.wait_until_ready(cluster, timeout=deadline - time.monotonic())

    def _choose_conninfo(self, cluster: Cluster) -> str:
        port = cluster.port()
        if self._port is None:
            return access.over_socket(self.folders, port=port)
        if self._port not in {ANY_PORT, port} or not access.listens_on_tcp(cluster):
            raise EmbeddedPostgresError(
                f"The server that already runs on {self.folders.home} does not listen on port "
                f"{self._port or 'any'} of loopback; stop it first."
            )
        access.set_password(cluster)
        return access.over_tcp(self.folders, port=port)

    def _leave(self) -> bool:
        """Stop using the server, and tell whether nobody else uses it."""
        use, self._use, self._conninfo = self._use, None, None
        return use is not None and use.leave()
