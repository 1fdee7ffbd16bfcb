"""Health for load balancers: alive, and ready to take commands and answer queries."""

import asyncio
from typing import Any, Final, Literal

import psycopg
from fastapi import APIRouter, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.http.broken import broken_invariants
from api.http.services import Services, Wired
from projections.catalogue import READ_MODELS
from projections.status import faults
from projections.waiting import positions

routes: Final = APIRouter(prefix="/health", tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether to send requests here, and what stands in the way where not."""

    status: Literal["ready", "not-ready"]
    log_writable: bool
    read_models: dict[str, int]
    """Events by which each read model is behind."""
    faults: list[str]
    warnings: list[str] = []
    """Invariants that do not hold: for people to look at. Every process would say the same, so
    that they keep none from being sent requests."""


@routes.get("/live")
async def live() -> Alive:
    """Say that the process answers."""
    return Alive()


@routes.get("/ready", responses={503: {"model": Readiness, "description": "Not ready"}})
async def ready(services: Wired, response: Response) -> Readiness:
    """Say whether the log can be written and the read models are right and up to date."""
    try:
        async with asyncio.timeout(services.limits.ready_seconds):
            found = await run_in_threadpool(_look, services)
    except TimeoutError:
        found = _not_ready(f"no answer within {services.limits.ready_seconds:g} s")
    if found.faults:
        response.status_code = 503
    return found


def _look(services: Services) -> Readiness:
    try:
        writable, head = _log(services)
        behind = {name: head - at for name, at in positions(services.datastore).items()}
        wrong = [f"the read model {fault}" for fault in faults(services.datastore, READ_MODELS)]
        warnings = broken_invariants(services.datastore)
    except psycopg.Error as error:
        return _not_ready(f"the database does not answer: {type(error).__name__}")
    slow = [name for name, lag in behind.items() if lag > services.limits.ready_lag_events]
    wrong += [f"the read model {name} is {behind[name]} events behind" for name in slow]
    if not writable:
        wrong.append("the database is read-only")
    return Readiness(
        status="not-ready" if wrong else "ready",
        log_writable=writable,
        read_models=behind,
        faults=wrong,
        warnings=warnings,
    )


def _log(services: Services) -> tuple[bool, int]:
    with services.datastore.pool.connection(timeout=services.limits.ready_seconds) as connection:
        row: Any = connection.execute(
            "SELECT NOT pg_is_in_recovery() "
            "AND current_setting('transaction_read_only') = 'off' AS writable"
        ).fetchone()
        return bool(row["writable"]), services.reader.head(conn=connection)


def _not_ready(fault: str) -> Readiness:
    return Readiness(status="not-ready", log_writable=False, read_models={}, faults=[fault])
