"""What could be promised: an option is routed by the same engine, and nothing is reserved."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import inf
from typing import Final

from domain.routing.choosing import policy_of
from domain.routing.constraints import eligible
from domain.routing.distance import distances_from, point_of, spot_of
from domain.routing.facts import RoutingFacts, StockFacts
from domain.routing.plan import ExclusionCount, PlannedFulfilment, RoutingPlan
from domain.routing.request import Place, RoutingGroup, RoutingLine, RoutingRequest

ZERO: Final = Decimal(0)
TOO_LITTLE: Final = "too-little-stock"
NOT_TOGETHER: Final = "not-together"
"""There is enough in all, but not as the channel or policy wants it together."""
DEFAULT_LEVEL: Final = "standard"
_NONE: Final = StockFacts(free=ZERO)

Route = Callable[[RoutingRequest, RoutingFacts], RoutingPlan]


@dataclass(frozen=True, slots=True)
class LineOption:
    """What a line may have: `available` of it now, in its unit, and whether the rest can wait.

    `goods_due` is when announced goods cover the rest, behind all who wait already; None where
    too few are announced or nothing may wait.
    """

    line_id: str
    quantity: Decimal
    available: Decimal
    can_wait: bool
    goods_due: datetime | None


@dataclass(frozen=True, slots=True)
class Option:
    """Whether all of a basket could go one way now; if not, `reason` and `exclusions` say why.

    `fulfilments` are how it would go, as far as it can. `shipping_cost` is their sum in
    `currency`, the policy's; None where a price is not known.
    """

    possible: bool
    reason: str | None
    lines: tuple[LineOption, ...]
    exclusions: tuple[ExclusionCount, ...]
    fulfilments: tuple[PlannedFulfilment, ...]
    parcels: int | None
    shipping_cost: Decimal | None
    currency: str


def option(
    request: RoutingRequest, facts: RoutingFacts, route: Route, *, waiting: Collection[str]
) -> Option:
    """Return what routing finds for a request of one group; `waiting` are lines that may queue."""
    plan = route(request, facts)
    (group,) = request.groups
    short = {one.line_id: one.quantity for one in plan.shortages}
    policy = policy_of(request, group, facts.policies)
    transfers = policy.constraints.transfers
    places = eligible(request, group, facts, {}, policy) if short else ()
    if group.store is not None:
        places = tuple([place for place in places if place == group.store])
    return Option(
        possible=not short,
        reason=_reason(request, group, facts, plan, transfers=transfers) if short else None,
        lines=tuple(
            [
                _line(
                    line,
                    short.get(line.line_id, ZERO),
                    facts,
                    places if line.line_id in waiting else (),
                    request.now,
                )
                for line in group.lines
            ]
        ),
        exclusions=plan.decision.exclusions,
        fulfilments=plan.fulfilments,
        parcels=_parcels(plan.fulfilments),
        shipping_cost=_cost(plan.fulfilments),
        currency=policy.currency,
    )


def levels(facts: RoutingFacts) -> tuple[str, ...]:
    """Return the service levels that carriers offer, each once; `standard` without carriers."""
    found = dict.fromkeys(service.level for service in facts.reference.services)
    return tuple(found) or (DEFAULT_LEVEL,)


def stores(candidates: Iterable[str], place: Place | None, facts: RoutingFacts) -> tuple[str, ...]:
    """Return the candidates where goods are collected, nearest first; unknown distances last."""
    known = [
        facts.locations[location_id] for location_id in candidates if location_id in facts.locations
    ]
    collecting = [one for one in known if "pickup" in one.attributes.capabilities]
    here = None if place is None else point_of(place, facts.coordinates)
    if here is None:
        return tuple([one.location_id for one in collecting])
    points = [point_of(one.attributes, facts.coordinates) for one in collecting]
    far = distances_from(
        spot_of(here), [None if point is None else spot_of(point) for point in points]
    )
    order = sorted(range(len(far)), key=lambda n: inf if (mm := far[n]) is None else mm)
    return tuple([collecting[n].location_id for n in order])


def has_all(location_id: str, wanted: Mapping[str, Decimal], facts: RoutingFacts) -> bool:
    """Say whether a location alone has so much of every item free."""
    return all(
        _stock(facts, item_id, location_id).free >= quantity for item_id, quantity in wanted.items()
    )


def _reason(
    request: RoutingRequest,
    group: RoutingGroup,
    facts: RoutingFacts,
    plan: RoutingPlan,
    *,
    transfers: bool,
) -> str:
    """Return why something is short: too little anywhere, else what keeps most locations out."""
    places = request.candidates if group.store is None or transfers else (group.store,)
    wanted: dict[str, Decimal] = {}
    for line in group.lines:
        for part in line.parts:
            wanted[part.item_id] = wanted.get(part.item_id, ZERO) + line.quantity * part.per_unit
    for item_id, quantity in wanted.items():
        if sum((_stock(facts, item_id, place).free for place in places), ZERO) < quantity:
            return TOO_LITTLE
    exclusions = plan.decision.exclusions
    if not exclusions:
        return NOT_TOGETHER
    return max(exclusions, key=lambda one: one.locations).reason


def _line(
    line: RoutingLine,
    short: Decimal,
    facts: RoutingFacts,
    places: Sequence[str],
    now: datetime,
) -> LineOption:
    """Return what there is of a line; the rest may wait at `places`, one part of it each."""
    waits = places if short > ZERO else ()
    item_id = line.parts[0].item_id
    dues = [_goods_due(_stock(facts, item_id, place), short, now) for place in waits]
    return LineOption(
        line_id=line.line_id,
        quantity=line.quantity,
        available=line.quantity - short,
        can_wait=bool(waits),
        goods_due=min([due for due in dues if due is not None], default=None),
    )


def _goods_due(stock: StockFacts, short: Decimal, now: datetime) -> datetime | None:
    """Return when announced goods cover what waits already and what would wait behind it."""
    needed = stock.queued + short
    for due, quantity in sorted(stock.expected):
        needed -= quantity
        if needed <= ZERO:
            return max(due, now)
    return None


def _parcels(fulfilments: Sequence[PlannedFulfilment]) -> int | None:
    known = [one.parcels for one in fulfilments if one.parcels is not None]
    return sum(known) if known and len(known) == len(fulfilments) else None


def _cost(fulfilments: Sequence[PlannedFulfilment]) -> Decimal | None:
    known = [one.shipping_cost for one in fulfilments if one.shipping_cost is not None]
    return sum(known, ZERO) if known and len(known) == len(fulfilments) else None


def _stock(facts: RoutingFacts, item_id: str, location_id: str) -> StockFacts:
    known = facts.items.get(item_id)
    stock: Mapping[str, StockFacts] = {} if known is None else known.stock
    return stock.get(location_id, _NONE)
