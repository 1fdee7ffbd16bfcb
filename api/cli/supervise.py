"""Keeps child processes running: restarts what dies, more slowly each time, ends all at the end."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

import structlog

_TICK: Final = 0.2
_PR_SET_PDEATHSIG: Final = 1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to pause before a restart, in seconds, and to wait for an orderly end.

    The pause doubles with each death that follows within `steady` seconds of a start.
    """

    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0
    end: float = 15.0


class Child:
    """One program, started again and again."""

    def __init__(self, name: str, command: Sequence[str], patience: Patience) -> None:
        """Prepare; nothing runs yet."""
        self.name = name
        self.starts = 0
        self._command = list(command)
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = patience.first
        self._started = 0.0
        self._due = 0.0

    def keep_running(self) -> None:
        """Start the program if it does not run and its pause is over."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._process = None
            steady = now - self._started >= self._patience.steady
            self._pause = self._patience.first if steady else self._pause
            self._due = now + self._pause
            log.warning("process ended", process=self.name, code=code, restart_in=self._pause)
            self._pause = min(self._pause * 2, self._patience.longest)
        if now >= self._due:
            self._start(now)

    def tell_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_for_end(self, deadline: float) -> None:
        """Wait until it ended; kill it where it has not by the deadline."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process killed", process=self.name)
            self._process.kill()
            self._process.wait()

    def _start(self, now: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own programs, without a shell
            self._command,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - started from the main thread alone
        )
        self._started = now
        self.starts += 1


def supervise(
    commands: Mapping[str, Sequence[str]],
    stop: Event,
    *,
    patience: Patience | None = None,
    each_tick: Callable[[], object] = lambda: None,
) -> list[Child]:
    """Keep all programs running until `stop` is set, then end them; return what ran."""
    patience = patience or Patience()
    children = [Child(name, command, patience) for name, command in commands.items()]
    try:
        while not stop.is_set():
            for child in children:
                child.keep_running()
            each_tick()
            stop.wait(_TICK)
    finally:
        for child in children:
            child.tell_to_end()
        deadline = time.monotonic() + patience.end
        for child in children:
            child.wait_for_end(deadline)
    return children


def stop_on_signals() -> Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def end_with_parent() -> None:
    """Let the kernel end this child even where the parent is killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
