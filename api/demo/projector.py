"""The read models' process, run beside the demo as it runs beside the API."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from api.cli.supervise import end_with_parent
from eventstore.places import Place


@contextmanager
def projections_running(environment: Mapping[str, str]) -> Iterator[None]:
    """Run `python -m projections` with these variables on top of our own, and end it after."""
    process = subprocess.Popen(
        [sys.executable, "-m", "projections"],
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - started from the main thread alone
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def settings_of(place: Place) -> dict[str, str]:
    """Return the variables that lead another process to a partition."""
    return {
        "DATABASE_URL": place.conninfo,
        "TAKTSTOCK_PARTITIONS": f'{{"{place.name}": {{"schema": "{place.schema}"}}}}',
        "TAKTSTOCK_KEY_ENCRYPTION_KEY": base64.b64encode(place.key).decode(),
    }
