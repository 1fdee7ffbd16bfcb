"""Real processes of the command line, for tests of what only processes can show."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from eventstore.embedded.access import free_port

PATIENCE = 30.0


@contextmanager
def program(
    *words: str, environment: Mapping[str, str], output: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `taktstock` with some words; at the end tell it to end and check that it ends well."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", *words],
            env={"PATH": os.environ["PATH"], **environment},
            stdout=file,
            stderr=file,
        )
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE)
    assert code == 0, output.read_text()


@contextmanager
def api_process(environment: Mapping[str, str], output: Path) -> Iterator[str]:
    """Run an API process and yield its address; the caller waits until it answers."""
    port = free_port()
    with program("serve", "--port", str(port), environment=environment, output=output):
        yield f"http://127.0.0.1:{port}"


def wait_until(condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Wait until a condition holds; fail where it does not in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def answers(address: str, path: str = "/health/live") -> bool:
    """Say whether an API answers with success."""
    try:
        return httpx.get(address + path, timeout=5).is_success
    except httpx.TransportError:
        return False
