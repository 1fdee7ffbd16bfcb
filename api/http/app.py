"""The HTTP application: routers, limits, problem documents, the OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.http import (
    availability,
    backlog,
    channels,
    health,
    holds,
    items,
    locations,
    order_events,
    order_list,
    order_routing,
    order_status,
    orders,
    pages,
    policies,
    problems,
    promises,
    rerouting,
    stock,
    subjects,
)
from api.http.body import BodyLimit
from api.http.last_resort import LastResort
from api.http.openapi import documented
from api.http.services import Services


def create_app(services: Services) -> FastAPI:
    """Return the application for one partition."""
    app = FastAPI(
        title="Taktstock",
        version=version("taktstock"),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.add_middleware(BodyLimit, max_bytes=services.limits.body_bytes)
    app.add_middleware(LastResort)
    problems.install(app)
    for module in _RESOURCES:
        app.include_router(module.routes)
    app.openapi = documented(app)  # type: ignore[method-assign]
    return app


_RESOURCES: Final = (
    items,
    channels,
    locations,
    stock,
    availability,
    orders,
    promises,
    holds,
    order_list,
    order_status,
    order_events,
    order_routing,
    rerouting,
    backlog,
    policies,
    subjects,
    health,
    pages,
)
"""Every module with an APIRouter called `routes`, in the order of the docs."""


def _operation_id(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Give commands and queries as many threads as the settings say."""
    limits = app.state.services.limits
    anyio.to_thread.current_default_thread_limiter().total_tokens = limits.threads
    yield
