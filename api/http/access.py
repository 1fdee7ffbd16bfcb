"""Who calls: the key's role and scope, checked before the body is read."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from api.http.errors import Forbidden, Unauthenticated
from api.keys import ApiKey, ApiKeys
from domain.channel.errors import UnknownChannel
from eventstore.oms import Caller

_MAX_TOKEN: Final = 300

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="ApiKey",
    description="A key made by `taktstock keys create`: `Authorization: Bearer tk_…`.",
)


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a key; an administrator's scope is everything."""

    key: ApiKey

    @property
    def is_administrator(self) -> bool:
        """Say whether every object is this principal's."""
        return self.key.role == "administrator"

    @property
    def caller(self) -> Caller:
        """Return who the log names: the key owns idempotency keys, its name is the actor."""
        return Caller(
            principal=f"key:{self.key.key_id}", actor=f"key:{self.key.key_id} {self.key.name}"
        )

    @property
    def channels(self) -> list[str] | None:
        """Return the channels in scope; None for all."""
        return None if self.is_administrator else list(self.key.channels)

    def sees_channel(self, channel_id: str) -> bool:
        """Say whether a channel and its orders are this principal's."""
        return self.is_administrator or channel_id in self.key.channels

    def must_see_channel(self, channel_id: str) -> None:
        """Raise what an unknown channel raises, where a channel is somebody else's."""
        if not self.sees_channel(channel_id):
            raise UnknownChannel(f"No channel {channel_id!r} is open", field="channel_id")


async def authenticate(request: Request, keys: ApiKeys) -> Principal:
    """Return the holder of the request's key.

    Raises:
        Unauthenticated: there is no key, or it opens nothing.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the header Authorization: Bearer tk_….")
    token = token.strip()[:_MAX_TOKEN]
    key = keys.remembered(token) or await run_in_threadpool(keys.check, token)
    if key is None:
        raise Unauthenticated("The key is unknown or revoked; make one by taktstock keys create.")
    return Principal(key)


async def principal(request: Request, _: Annotated[object, Security(bearer)]) -> Principal:
    """Return the holder of the key, which the route has checked already."""
    found: Principal = request.state.principal
    return found


async def administrator(found: Annotated[Principal, Depends(principal)]) -> Principal:
    """Return the holder of the key where it is an administrator's.

    Raises:
        Forbidden: it is not.
    """
    if not found.is_administrator:
        raise Forbidden("This needs a key with the role administrator.")
    return found


Anyone = Annotated[Principal, Depends(principal)]
Administrator = Annotated[Principal, Depends(administrator)]
