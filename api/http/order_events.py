"""An order's events for auditors: who did what, when it happened, when it was recorded, why."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from api.http.access import Anyone
from api.http.moments import Asked
from api.http.order_shapes import AsOf
from api.http.orders import events_of
from api.http.paging import Asked as Paged
from api.http.routing import router
from api.http.services import Services, Wired
from eventstore.recorded import RecordedEvent
from eventstore.registry import Registry
from projections.paging import decode_cursor, page_of

routes: Final = router("orders")
_REGISTRY: Final = Registry()


class EventView(BaseModel):
    """An event as it stands in the log; personal data is open to those who may read the order.

    In `payload` decimals are texts, as they are recorded.
    """

    position: str
    version: int
    event_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    command_id: UUID
    causation_id: UUID
    correlation_id: UUID
    payload: dict[str, Any]


class EventPage(BaseModel):
    """Events as recorded; `next` is the cursor of the next page, null on the last."""

    as_of: AsOf
    events: list[EventView]
    next: str | None


class _ClearSeal:
    """Writes personal data in clear: the reader has opened it, and the key may see it."""

    def seal(self, text: str) -> str:
        return text

    def open(self, token: str) -> str | None:
        return token


_CLEAR: Final = _ClearSeal()


@routes.get("/orders/{order_id}/events")
def list_order_events(
    order_id: str,
    services: Wired,
    principal: Anyone,
    moment: Asked,
    paging: Paged,
) -> EventPage:
    """Return an order's events with actor, cause and payload."""
    events = events_of(order_id, services, principal, moment)
    [after] = decode_cursor(paging.cursor, (int,)) if paging.cursor else [0]
    later = [event for event in events if event.version > after]
    page = page_of(later, paging.limit, lambda last: (last.version,))
    return EventPage(
        as_of=moment.as_of(services, events),
        events=[event_view(services, event) for event in page.items],
        next=page.next_cursor,
    )


def event_view(services: Services, event: RecordedEvent) -> EventView:
    """Return a recorded event as clients see it."""
    return EventView(
        position=services.position_text(event.position),
        version=event.version,
        event_id=event.event_id,
        type=event.type,
        schema_version=event.schema_version,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        actor=event.actor,
        command_id=event.command_id,
        causation_id=event.causation_id,
        correlation_id=event.correlation_id,
        payload=payload_of(event),
    )


def payload_of(event: RecordedEvent) -> dict[str, Any]:
    """Return an event's payload as recorded, with personal data as the reader opened it."""
    payload: dict[str, Any] = json.loads(_REGISTRY.encode(event.event, _CLEAR))
    return payload
