"""The HTTP application: routers, limits, problem documents, the OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.http import (
    channels,
    health,
    items,
    locations,
    order_events,
    orders,
    pages,
    problems,
    stock,
    subjects,
)
from api.http.body import BodyLimit
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
    problems.install(app)
    for module in (items, channels, locations, stock, orders, order_events, subjects):
        app.include_router(module.routes)
    app.include_router(health.routes)
    app.include_router(pages.routes)
    app.openapi = documented(app)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Give commands and queries as many threads as the settings say."""
    limits = app.state.services.limits
    anyio.to_thread.current_default_thread_limiter().total_tokens = limits.threads
    yield
