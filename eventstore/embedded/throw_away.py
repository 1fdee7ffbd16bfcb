"""A server for one run: in a temporary folder, gone with the process that started it."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from eventstore.embedded.server import DEFAULT_VERSION, EmbeddedPostgres

SHELL = "/bin/sh"
WATCHER = """
read -r word
[ "$word" = leave ] && exit 0
pid=$(head -n 1 "$1" 2>/dev/null) && kill -QUIT "$pid"
waited=0
while [ -e "$1" ] && [ $waited -lt 300 ]; do sleep 0.1; waited=$((waited + 1)); done
rm -rf "$2" "$3"
"""
"""Reads from a pipe that ends when its writer dies, however it dies, and then cleans up."""


class ThrowAwayPostgres(EmbeddedPostgres):
    """An embedded server whose folder is temporary; as durable as any other while it lives.

    It is stopped and removed at the end of the block, and by a watching shell when this process
    dies before that, even by SIGKILL. After `keep` it stays.
    """

    def __init__(
        self,
        *,
        version: int = DEFAULT_VERSION,
        bin_dir: Path | None = None,
        port: int | None = None,
        account: str | None = None,
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="taktstock-"))
        super().__init__(folder, version=version, bin_dir=bin_dir, port=port, account=account)
        self._watcher: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Launch the server, under the eyes of the watcher."""
        folders = self.folders
        if self._watcher is None:
            self._watcher = subprocess.Popen(
                [SHELL, "-c", WATCHER, "watcher", folders.pid_file, folders.home, folders.socket],
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return super().start()

    def keep(self) -> None:
        """Let the server and its data outlive this process."""
        if self._watcher is not None:
            self._watcher.communicate(b"leave\n")
            self._watcher = None

    def close(self) -> None:
        """Stop the server and remove its data."""
        self.stop("immediate")
        shutil.rmtree(self.folders.socket, ignore_errors=True)
        shutil.rmtree(self.folders.home)
        self.keep()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._watcher is not None:
            self.close()
