"""The kind of route that every resource uses: the key first, then the body."""

from collections.abc import Callable, Collection, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.http.access import authenticate
from api.http.body import JsonRequest
from api.http.errors import NotJson
from api.http.faults import invalid_request


class KeyedRoute(APIRoute):
    """A route that asks for a valid key before it reads a body, takes JSON, ignores nothing."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the checks before it."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None
        named = {field.alias for field in get_flat_params(self.dependant)}

        async def checked(request: Request) -> Response:
            request.state.principal = await authenticate(request, request.app.state.services.keys)
            if takes_body and not _is_json(request):
                raise NotJson("Send the header Content-Type: application/json.")
            _refuse_unknown(request, named)
            return await handle(JsonRequest(request.scope, request.receive))

        return checked


def _refuse_unknown(request: Request, named: Collection[str]) -> None:
    """Raise for a misspelt parameter, which would otherwise do nothing in silence."""
    unknown = [name for name in request.query_params if name not in named]
    if unknown:
        found = [{"type": "extra_forbidden", "loc": (name,)} for name in unknown]
        raise invalid_request(found)


def router(tag: str) -> APIRouter:
    """Return a router for one resource under `/v1`."""
    return APIRouter(prefix="/v1", tags=[tag], route_class=KeyedRoute)


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
