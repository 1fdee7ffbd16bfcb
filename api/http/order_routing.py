"""Why an order was routed as it was: each decision made again from the log and explained."""

from typing import Final

from api.http.access import Anyone
from api.http.moments import Asked
from api.http.orders import events_of
from api.http.paging import Asked as Paged
from api.http.routing import router
from api.http.routing_shapes import DecisionPage
from api.http.routing_views import decision_view
from api.http.services import Wired
from domain.handlers.explaining.decided import decisions_of
from projections.paging import decode_cursor, page_of

routes: Final = router("orders")


@routes.get("/orders/{order_id}/routing")
def get_order_routing(
    order_id: str, services: Wired, principal: Anyone, moment: Asked, paging: Paged
) -> DecisionPage:
    """Return an order's routing decisions, explained, proven equal to what was recorded."""
    events = events_of(order_id, services, principal, moment)
    [after] = decode_cursor(paging.cursor, (int,)) if paging.cursor else [0]
    later = [decided for decided in decisions_of(events) if decided.position > after]
    page = page_of(later, paging.limit, lambda last: (last.position,))
    return DecisionPage(
        as_of=moment.as_of(services, events),
        decisions=[
            decision_view(
                services.decisions.remade(decided),
                services.position_text,
                in_full=principal.is_administrator,
            )
            for decided in page.items
        ],
        next=page.next_cursor,
    )
