"""Sending commands from an endpoint: id from the idempotency key, position in the answer."""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypedDict
from uuid import UUID, uuid4

from fastapi import Depends, Header, Response
from pydantic import BaseModel, Field

from api.http.access import Anyone, Principal
from api.http.limits import MAX_KEY
from api.http.services import Services, Wired
from domain.base.errors import Refusal
from domain.base.messages import Command
from eventstore.batches import bind_batch
from eventstore.oms import Answer, command_id

KeyText = Annotated[str, Field(min_length=1, max_length=MAX_KEY, pattern=r"^[!-~]+$")]


class Accepted(BaseModel):
    """A command was done; wait for its effects by `?after=` with this position."""

    position: str


class Stamp(TypedDict):
    """What every command carries beside its fields."""

    id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends one principal's commands under one idempotency key."""

    services: Services
    principal: Principal
    key: str | None
    response: Response

    def stamp(self, *, key: str | None = None) -> Stamp:
        """Return the id and instant of a command under `key`, or under this request's."""
        key = key or self.key
        if key is None:
            return {"id": uuid4(), "now": self.services.clock()}
        owner = self.principal.caller.principal
        identity = command_id(self.services.partition, owner, key)
        return {"id": identity, "now": self.services.clock()}

    def do(self, command: Command) -> Answer:
        """Do a command, put its position into the response's header, and return its answer."""
        answer = self.services.oms.do(
            command,
            caller=self.principal.caller,
            key=self.key,
            timeout=self.services.limits.command_seconds,
        )
        self.announce(answer.position, repeated=answer.repeated)
        return answer

    def accept(self, command: Command, *, within: str = "") -> Accepted:
        """Do a command whose answer is its position alone.

        `within` is the part of the command that is the request's whole body: a refusal's
        field `item.sku` is the body's `sku`.
        """
        try:
            answer = self.do(command)
        except Refusal as refusal:
            if within and refusal.field is not None:
                refusal.field = refusal.field.removeprefix(f"{within}.")
            raise
        return Accepted(position=self.services.position_text(answer.position))

    def line_key(self, number: int) -> str:
        """Return the key of a line of a batch: no client can send one with a space."""
        return f"{self.key} {number}"

    def bind(self, digest: bytes) -> None:
        """Take this request's key for a batch with this digest.

        Raises:
            KeyReused: the key came before with something else.
        """
        principal, key = self.principal.caller.principal, self.key or ""
        identity = command_id(self.services.partition, principal, key)
        bind_batch(
            self.services.datastore,
            principal=principal,
            key=key,
            digest=digest,
            command_id=identity,
        )

    def submit(self, command: Command, *, key: str) -> Future[Answer]:
        """Queue a command under a key of its own."""
        return self.services.oms.submit(command, caller=self.principal.caller, key=key)

    def announce(self, position: int, *, repeated: bool) -> None:
        """Set the headers that tell the position and whether the answer is a stored one."""
        self.response.headers["Taktstock-Position"] = self.services.position_text(position)
        if repeated:
            self.response.headers["Idempotency-Replayed"] = "true"


async def _posting(
    services: Wired,
    principal: Anyone,
    response: Response,
    key: Annotated[
        KeyText,
        Header(
            alias="Idempotency-Key",
            description="A fresh UUID for each new request; a repeat under it is done once.",
        ),
    ],
) -> Sender:
    return Sender(services, principal, key, response)


async def _putting(
    services: Wired,
    principal: Anyone,
    response: Response,
    key: Annotated[KeyText | None, Header(alias="Idempotency-Key")] = None,
) -> Sender:
    return Sender(services, principal, key, response)


Posting = Annotated[Sender, Depends(_posting)]
"""Sends commands of a POST, which must carry the header `Idempotency-Key`."""

Putting = Annotated[Sender, Depends(_putting)]
"""Sends commands of a PUT, which may."""
