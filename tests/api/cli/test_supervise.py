"""Child processes are kept running, restarted with growing pauses, and ended together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from threading import Event

from api.cli.supervise import Patience, supervise

QUICK = Patience(first=0.05, longest=0.4, steady=60, end=5)
ONE_LINE = "import pathlib, sys, time; p = pathlib.Path(sys.argv[1]); "


PARENT = (
    "import sys; from threading import Event; from api.cli.supervise import supervise; "
    "supervise({'child': sys.argv[1:]}, Event())"
)


def program(text: str, file: Path) -> list[str]:
    """Return a command that runs a line of Python on a file."""
    return [sys.executable, "-c", ONE_LINE + text, str(file)]


def test_what_dies_is_started_again_more_slowly(tmp_path: Path) -> None:
    """A program that always ends is restarted after 0.05, 0.1, 0.2, 0.4, 0.4 ... seconds."""
    starts, stop = tmp_path / "starts", Event()
    starts.touch()
    line = "p.open('a').write(f'{time.time()}\\n')"

    def enough() -> None:
        if len(starts.read_text().splitlines()) >= 4:
            stop.set()

    began = time.monotonic()
    (child,) = supervise({"dying": program(line, starts)}, stop, patience=QUICK, each_tick=enough)
    assert child.starts >= 4
    assert time.monotonic() - began < 10
    times = [float(text) for text in starts.read_text().splitlines()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(pause >= least for pause, least in zip(pauses, (0.05, 0.1, 0.2), strict=False))


def test_all_end_when_told_to(tmp_path: Path) -> None:
    """SIGTERM lets a program end in order; one that will not is killed."""
    ended, stubborn, stop = tmp_path / "ended", tmp_path / "stubborn", Event()
    orderly = (
        "import signal; signal.signal(signal.SIGTERM, "
        "lambda *_: (p.write_text('in order'), sys.exit())); "
        "p.with_suffix('.up').touch(); time.sleep(60)"
    )
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "p.with_suffix('.up').touch(); time.sleep(60)"
    )

    def both_run() -> None:
        if ended.with_suffix(".up").exists() and stubborn.with_suffix(".up").exists():
            stop.set()

    began = time.monotonic()
    supervise(
        {"orderly": program(orderly, ended), "deaf": program(deaf, stubborn)},
        stop,
        patience=Patience(end=0.5),
        each_tick=both_run,
    )
    assert ended.read_text() == "in order"
    assert time.monotonic() - began < 10


def test_children_end_with_a_killed_parent(tmp_path: Path) -> None:
    """SIGKILL to the parent leaves no child behind."""
    child_pid = tmp_path / "pid"
    line = "import os; p.write_text(str(os.getpid())); time.sleep(60)"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PARENT,
            *program(line, child_pid),
        ]
    )
    _wait_for(lambda: child_pid.exists() and child_pid.read_text() != "")
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    pid = int(child_pid.read_text())
    _wait_for(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
