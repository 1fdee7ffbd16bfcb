"""Positions as clients see them: opaque texts that name their partition; and waiting for them."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import Depends, Query

from api.http.errors import FieldError, InvalidRequest, PositionNotReached
from api.http.services import Wired

_LARGEST: Final = 2**62


def position_number(text: str, partition: str, *, field: str) -> int:
    """Return the position that a text stands for.

    Raises:
        InvalidRequest: it was not given out by this partition.
    """
    name, _, digits = text.rpartition("-")
    if name == partition and digits.isascii() and digits.isdigit() and len(digits) < 20:  # noqa: PLR2004 - more than any position has
        return min(int(digits), _LARGEST)
    message = "must be a position that an answer gave, unchanged"
    raise InvalidRequest([FieldError(field, message, "position")])


def up_to_date(*models: str) -> Any:
    """Return the dependency of a query on these read models: `?after=` waits for a position.

    Waits in the event loop and not in a thread, so that waiting never starves work.
    """

    async def waited(
        services: Wired,
        after: Annotated[
            str | None,
            Query(max_length=100, description="Wait until the answer shows this position."),
        ] = None,
    ) -> None:
        if after is None:
            return
        position = position_number(after, services.partition, field="after")
        longest = services.limits.wait_seconds
        if not await services.watch.wait_for(position, models, timeout=longest):
            detail = f"Not reached within {longest:g} s; ask again with the same position."
            raise PositionNotReached(detail, field="after")

    waiting: Callable[..., Coroutine[Any, Any, None]] = waited
    return Depends(waiting)
