"""What a job is, and what it may work with."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Final
from uuid import UUID

from domain.base.messages import Command
from eventstore.errors import Unavailable
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
        return self.wait(
            self.submit(
                command,
                job=job,
                key=key,
                correlation_id=correlation_id,
                causation_id=causation_id,
            )
        )

    def submit(
        self,
        command: Command,
        *,
        job: str,
        key: str,
        correlation_id: UUID | None = None,
        causation_id: UUID | None = None,
    ) -> Future[Answer]:
        """Queue a command of a job, and return its future answer: `wait` for it.

        Raises:
            Dismissed: this process no longer runs the partition's jobs.
            Busy: too much is waiting.
        """
        self.check()
        caller = Caller(
            principal=PRINCIPAL,
            actor=f"{PRINCIPAL}:{job}",
            correlation_id=correlation_id,
            causation_id=causation_id,
        )
        return self.partition.oms.submit(command, caller=caller, key=key)

    def wait(self, answer: Future[Answer]) -> Answer:
        """Return the answer of a queued command.

        Raises:
            Refusal: a business rule said no.
            LogError: it was not done, or nobody knows; the next run tries under the same key.
        """
        try:
            return answer.result(_ANSWER_WITHIN)
        except TimeoutError as error:
            msg = f"no answer within {_ANSWER_WITHIN} s; the next run repeats the command"
            raise Unavailable(msg) from error


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
