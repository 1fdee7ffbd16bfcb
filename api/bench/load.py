"""Load from many callers for a while, counted by what they were answered."""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from domain.base.errors import Refusal
from eventstore.errors import LogError


@dataclass(slots=True)
class Load:
    """What callers were answered, and how long each answer took in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Return accepted answers per second."""
        return round(len(self.latencies) / self.seconds, 1)

    def percentile_ms(self, share: float) -> float:
        """Return a latency percentile of accepted answers, in milliseconds."""
        if len(self.latencies) < 2:  # noqa: PLR2004 - quantiles need two
            return 0.0
        cuts = statistics.quantiles(self.latencies, n=1000)
        return round(cuts[min(int(share * 1000) - 1, 998)] * 1000, 2)


def run(
    one: Callable[[int], object],
    *,
    callers: int,
    seconds: float | None = None,
    total: int | None = None,
) -> Load:
    """Call `one(number)` from `callers` threads, for `seconds` or `total` times."""
    load = Load()
    numbers = iter(range(total if total is not None else 10**9))
    started = time.perf_counter()
    ends = started + (seconds if seconds is not None else 10**6)

    def caller() -> None:
        for number in numbers:
            before = time.perf_counter()
            if before >= ends:
                return
            try:
                one(number)
            except Refusal as refusal:
                load.refused[refusal.code] += 1
            except LogError as error:
                load.errors[type(error).__name__] += 1
            else:
                load.latencies.append(time.perf_counter() - before)

    with ThreadPoolExecutor(callers) as pool:
        for future in [pool.submit(caller) for _ in range(callers)]:
            future.result()
    load.seconds = time.perf_counter() - started
    return load
