"""`Oms`: the one door for commands."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final
from uuid import UUID, uuid5

from domain.base.handling import Handler
from domain.base.messages import Command
from eventstore.commands import digest_of
from eventstore.errors import Unavailable
from eventstore.writer.queue import TicketQueue
from eventstore.writer.tickets import Answer, Caller, Ticket

__all__ = ["Answer", "Caller", "Oms", "command_id"]

_NAMESPACE: Final = UUID("5b0a4c57-44a8-5d6e-9f3b-6f2f2a6b7c11")
LONGEST_KEY: Final = 200


def command_id(partition: str, principal: str, key: str) -> UUID:
    """Return the id of a command that came under an idempotency key: always the same."""
    return uuid5(_NAMESPACE, f"{partition}\n{principal}\n{key}")


class Oms:
    """Takes commands of one partition and answers once they are durable.

    Knows no order: a handler from the catalogue says which streams and facts it needs.
    """

    def __init__(
        self,
        queue: TicketQueue,
        handlers: Mapping[type[Command], Handler[Any]],
        *,
        digest_secret: bytes,
    ) -> None:
        """Queue commands for the writer of the partition."""
        self._queue = queue
        self._handlers = handlers
        self._secret = digest_secret

    def do(
        self,
        command: Command,
        *,
        caller: Caller,
        key: str | None = None,
        timeout: float = 30.0,
    ) -> Answer:
        """Do a command and return its answer, waiting at most `timeout` seconds.

        Under the same principal and `key` it is done once: a repeat gets the same answer.

        Raises:
            Refusal: a business rule said no.
            KeyReused: the key was used for another command.
            Busy: too much is waiting.
            Unavailable: no answer in time; the outcome is unknown, the key may be repeated.
        """
        try:
            return self.submit(command, caller=caller, key=key).result(timeout)
        except TimeoutError as error:
            msg = f"no answer within {timeout} s; repeat the command under the same key"
            raise Unavailable(msg) from error

    def submit(self, command: Command, *, caller: Caller, key: str | None = None) -> Future[Answer]:
        """Queue a command and return its future answer; the same errors come from it.

        Raises:
            Busy: too much is waiting.
            ValueError: the key has no or more than 200 characters.
        """
        if key is not None and not 1 <= len(key) <= LONGEST_KEY:
            msg = f"an idempotency key has 1 to {LONGEST_KEY} characters"
            raise ValueError(msg)
        ticket = Ticket(
            command=command,
            handler=self._handlers[type(command)],
            caller=caller,
            key=str(command.id) if key is None else key,
            digest=b"" if key is None else digest_of(command, self._secret),
        )
        self._queue.put(ticket)
        return ticket.future
