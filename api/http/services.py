"""What endpoints work with, made once by `main.py` and handed to the app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.http.limits import Limits
from api.keys import ApiKeys
from domain.routing.facts import FactsSource
from eventstore.datastore import Datastore
from eventstore.oms import Oms
from eventstore.reader import LogReader
from projections.decisions import PastDecisions
from projections.waiting import PositionWatch


@dataclass(frozen=True, slots=True)
class Services:
    """One partition as the API sees it; `clock` gives the instant a command is decided at."""

    partition: str
    oms: Oms
    reader: LogReader
    facts: FactsSource
    datastore: Datastore
    keys: ApiKeys
    watch: PositionWatch
    limits: Limits
    clock: Callable[[], datetime]
    decisions: PastDecisions

    def position_text(self, position: int) -> str:
        """Return a position as clients see it: opaque, and naming its partition."""
        return f"{self.partition}-{position}"


async def services(request: Request) -> Services:
    """Return the services of the request's app."""
    found: Services = request.app.state.services
    return found


Wired = Annotated[Services, Depends(services)]
