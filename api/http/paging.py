"""Pages of lists: a limit and an opaque cursor in, a part of the list and the next cursor out."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Query

from api.http.limits import MAX_PAGE

_USUAL: Final = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is asked for."""

    limit: int
    cursor: str | None


async def _paging(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Entries at most.")] = _USUAL,
    cursor: Annotated[
        str | None, Query(max_length=1000, description="`next` of the page before.")
    ] = None,
) -> Paging:
    return Paging(limit, cursor or None)


Asked = Annotated[Paging, Depends(_paging)]
