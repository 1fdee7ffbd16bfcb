"""What a job is, and what it may work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Final
from uuid import UUID

from domain.base.messages import Command
from eventstore.main import Partition
from eventstore.oms import Answer, Caller

PRINCIPAL: Final = "scheduler"
"""Whose idempotency keys the jobs' commands have."""

_ANSWER_WITHIN: Final = 10.0
"""Seconds."""

Figures = Mapping[str, int | float | str | bool | None]
"""What a run did, as it is logged."""


class Dismissed(Exception):
    """This process no longer runs the partition's jobs: what a job had begun ends here."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a job works with: an open partition, for as long as this process runs its jobs."""

    partition: Partition
    dismissed: Event

    def check(self) -> None:
        """Check that this process still runs the partition's jobs; call it between steps.

        Raises:
            Dismissed: it does not.
        """
        if self.dismissed.is_set():
            raise Dismissed(self.partition.name)

    def do(
        self,
        command: Command,
        *,
        job: str,
        key: str,
        correlation_id: UUID | None = None,
        causation_id: UUID | None = None,
    ) -> Answer:
        """Do a command of a job under an idempotency key.

        Raises:
            Dismissed: this process no longer runs the partition's jobs.
            Refusal: a business rule said no.
            LogError: it was not done; the next run tries again under the same key.
        """
        self.check()
        caller = Caller(
            principal=PRINCIPAL,
            actor=f"{PRINCIPAL}:{job}",
            correlation_id=correlation_id,
            causation_id=causation_id,
        )
        return self.partition.oms.do(command, caller=caller, key=key, timeout=_ANSWER_WITHIN)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done on the clock.

    `does` says it in words. `run` gets the instant of its run, does one bounded piece of work
    and returns figures; it may be repeated at any time and on any process. A run that raises
    is logged, and the next one comes at its time.
    """

    name: str
    does: str
    every: timedelta
    run: Callable[[Desk, datetime], Figures]
