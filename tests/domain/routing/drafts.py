"""Short ways to write facts, requests and what a plan allocates."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.item.events import ItemAttributes
from domain.location.events import LocationAttributes
from domain.routing.engine import route
from domain.routing.facts import ItemFacts, LocationFacts, RoutingFacts, StockFacts
from domain.routing.plan import RoutingPlan
from domain.routing.policy import Policy
from domain.routing.request import Part, Place, RoutingGroup, RoutingLine, RoutingRequest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE = Place("DE", latitude=50.0, longitude=8.0)


def location(
    name: str, *, east: float | None = 0.0, suspended: bool = False, **attributes: Any
) -> LocationFacts:
    """Return a location some degrees of longitude east of `HERE`; None: nobody knows where."""
    return LocationFacts(
        name,
        LocationAttributes(
            name=name,
            kind="warehouse",
            country="DE",
            time_zone="Europe/Berlin",
            latitude=None if east is None else 50.0,
            longitude=None if east is None else 8.0 + east,
            **{"capabilities": ("ship", "pickup"), **attributes},
        ),
        suspended=suspended,
    )


def facts(
    stock: Mapping[str, Mapping[str, int | str]],
    locations: Sequence[LocationFacts] | None = None,
    **more: Any,
) -> RoutingFacts:
    """Return facts from free stock by item and location; unnamed locations stand ever further."""
    if locations is None:
        names = sorted({name for held in stock.values() for name in held})
        locations = [location(name, east=float(n)) for n, name in enumerate(names)]
    items = {
        item: ItemFacts(
            item,
            ItemAttributes(sku=item, name=item),
            {name: StockFacts(Decimal(free)) for name, free in held.items()},
        )
        for item, held in stock.items()
    }
    return RoutingFacts(7, items, {each.location_id: each for each in locations}, **more)


def line(item: str | Mapping[str, int | str], wanted: int | str, **more: Any) -> RoutingLine:
    """Return a line of an item, or of a kit given as components per kit; its id names it."""
    per_unit = {item: 1} if isinstance(item, str) else item
    parts = tuple(Part(name, Decimal(each)) for name, each in per_unit.items())
    values = {"line_id": "+".join(per_unit), **more}
    return RoutingLine(parts=parts, quantity=Decimal(wanted), **values)


def group(*lines: RoutingLine, **more: Any) -> RoutingGroup:
    """Return lines to ship to `HERE`."""
    return RoutingGroup(
        **{"group_id": "g1", "method": "ship", "destination": HERE, "lines": lines, **more}
    )


def request(*parts: RoutingLine | RoutingGroup, of: RoutingFacts, **more: Any) -> RoutingRequest:
    """Return a request for lines (one group) or groups, over the facts' locations in order."""
    lines = [part for part in parts if isinstance(part, RoutingLine)]
    groups = tuple(part for part in parts if isinstance(part, RoutingGroup))
    return RoutingRequest(
        **{
            "order": "web:1",
            "channel_id": "web",
            "now": NOW,
            "groups": groups or (group(*lines),),
            "candidates": tuple(of.locations),
            **more,
        }
    )


def route_by(asked: RoutingRequest, known: RoutingFacts, policy: Policy) -> RoutingPlan:
    """Return the plan where every group is routed by one policy."""
    return route(asked, known, policies={each.group_id: policy for each in asked.groups})


def sent(plan: RoutingPlan) -> dict[tuple[str, str], int | Decimal]:
    """Return what is allocated by (line, location)."""
    found: dict[tuple[str, str], int | Decimal] = {}
    for one in plan.allocations:
        assert (one.line_id, one.location_id) not in found
        found[one.line_id, one.location_id] = one.quantity
    return found


def short(plan: RoutingPlan) -> dict[str, int | Decimal]:
    """Return what is short by line."""
    return {one.line_id: one.quantity for one in plan.shortages}


def figure(plan: RoutingPlan, criterion: str) -> Decimal:
    """Return one figure of the decision."""
    return next(one.value for one in plan.decision.figures if one.criterion == criterion)
