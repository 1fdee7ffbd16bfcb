"""The kind of route that every resource uses: the key first, then the body."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.http.access import authenticate
from api.http.body import JsonRequest
from api.http.errors import NotJson


class KeyedRoute(APIRoute):
    """A route that asks for a valid key before it reads a body, and takes JSON only."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the checks before it."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def checked(request: Request) -> Response:
            request.state.principal = await authenticate(request, request.app.state.services.keys)
            if takes_body and not _is_json(request):
                raise NotJson("Send the header Content-Type: application/json.")
            return await handle(JsonRequest(request.scope, request.receive))

        return checked


def router(tag: str) -> APIRouter:
    """Return a router for one resource under `/v1`."""
    return APIRouter(prefix="/v1", tags=[tag], route_class=KeyedRoute)


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
