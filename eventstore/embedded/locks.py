"""File locks between processes; the kernel drops them when their holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventstore.embedded.errors import EmbeddedPostgresError

POLL_SECONDS = 0.05


@contextmanager
def exclusive(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the lock alone for the length of the block, waiting for it at most `timeout` seconds."""
    deadline = time.monotonic() + timeout
    descriptor = _open(path)
    try:
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"Another process has held {path} for {timeout:g} seconds while it starts or "
                    "stops the server."
                )
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


class SharedLock:
    """A lock that many hold at once, and of which each can tell whether it is the last holder."""

    def __init__(self, path: Path) -> None:
        self._descriptor = _open(path)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Let go, and tell whether nobody else holds it."""
        try:
            return _try_lock(self._descriptor, fcntl.LOCK_EX)
        finally:
            os.close(self._descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
