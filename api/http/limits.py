"""How much one request may ask for."""

from dataclasses import dataclass
from typing import Final

MAX_BATCH_LINES: Final = 1000
MAX_PAGE: Final = 200
MAX_SKUS: Final = 200
MAX_KEY: Final = 150
"""Characters of an idempotency key; the log takes 200, which leaves room for line numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation may set: bytes, seconds, events."""

    body_bytes: int = 1024 * 1024
    command_seconds: float = 30.0
    wait_seconds: float = 10.0
    ready_lag_events: int = 10_000
    ready_seconds: float = 3.0
    threads: int = 64
