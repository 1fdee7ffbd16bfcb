"""The answer to a fault of our own: 500, logged, on a connection that stays usable."""

from traceback import format_exception
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems

log: Final = structlog.get_logger(__name__)


class LastResort:
    """Answers what nothing else handles; the framework's own way closes the connection."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around all of the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an answer that has begun can only be cut off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        # Whatever broke, this caller gets a problem document and the connection stays usable.
        except Exception as error:
            if begun:
                raise
            # As text: some renderers of exceptions show local variables, and with them persons.
            log.error(  # noqa: TRY400 - the traceback goes along as text
                "request failed",
                method=scope["method"],
                path=scope["path"],
                exception="".join(format_exception(error)),
            )
            response = problems.respond(Request(scope), problems.fault_problem())
            await response(scope, receive, send)
