"""What a basket could be promised: every way it could go, on facts alone, with nothing reserved.

An option is checked and routed as the order that it would be, by the functions that placing
uses; only that nothing is loaded but facts, and nothing is decided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final
from uuid import UUID

from domain.base.errors import Refusal
from domain.base.quantity import ZERO
from domain.channel.events import ChannelSettings
from domain.handlers.placing.demand import can_queue, demand_of, queues
from domain.handlers.placing.lookup import items_of
from domain.handlers.placing.planning import Route
from domain.handlers.placing.promising import Due, due_of, last_of
from domain.hold.basket import Basket, BasketGroup, as_order
from domain.location.events import LocationAttributes
from domain.order.commands import PlaceInput
from domain.order.errors import InvalidOrder
from domain.order.events import OrderPlaced
from domain.order.groups import ONLY_GROUP, Places
from domain.order.placing import KnownItem, parts_of, place
from domain.routing.choosing import effective_priority
from domain.routing.engine import route as exact_route
from domain.routing.facts import RoutingFacts
from domain.routing.promising import (
    DEFAULT_LEVEL,
    Option,
    has_all,
    levels,
    option,
    stores,
)
from domain.routing.request import Method, Place

MOST_STORES: Final = 5
"""Stores that are named where none were asked for."""
STORES_TRIED: Final = 15
"""Stores, the nearest first, that are tried for these."""
_NOBODY: Final = UUID(int=0)
_NO_ORDER: Final = "promise"
_NOT_KNOWN: Final = Due(None, None)
_STORE: Final = "groups.0.store"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which options are asked for; None for all there are, by the carriers and nearby."""

    methods: tuple[Method, ...] | None = None
    services: tuple[str, ...] | None = None
    stores: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """One way for a basket, and what could be promised for it if it were placed now."""

    method: Method
    service: str
    store: str | None
    option: Option
    due: Due


@dataclass(frozen=True, slots=True)
class _Way:
    """An option that is asked about; `field` is where its store was named."""

    method: Method
    service: str
    store: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A basket of which each option is one group, and all that options are answered from."""

    basket: Basket
    channel: ChannelSettings
    facts: RoutingFacts
    now: datetime
    route: Route
    items: list[KnownItem]


def ask(
    basket: Basket,
    wishes: Wishes,
    *,
    channel: ChannelSettings,
    facts: RoutingFacts,
    now: datetime,
    route: Route = exact_route,
) -> tuple[Promise, ...]:
    """Return a promise for each option; the basket has no groups, and perhaps a destination.

    Raises:
        Refusal: an order of the basket would be refused for more than its stock; `field` is
            the basket's, or `stores.N`.
    """
    asked = _Asked(basket, channel, facts, now, route, items_of(basket.lines, facts))
    return tuple(
        promise for method in _methods(basket, wishes) for promise in _by(method, asked, wishes)
    )


def _methods(basket: Basket, wishes: Wishes) -> Iterable[Method]:
    if wishes.methods is None:
        return ("pickup",) if basket.destination is None else ("ship", "pickup")
    if "ship" in wishes.methods and basket.destination is None:
        raise InvalidOrder("Goods that are shipped go somewhere; say where", field="destination")
    return dict.fromkeys(wishes.methods)


def _by(method: Method, asked: _Asked, wishes: Wishes) -> Iterable[Promise]:
    if method == "ship":
        services = wishes.services or levels(asked.facts)
        return [_promise(asked, _Way(method, service)) for service in dict.fromkeys(services)]
    if wishes.stores is None:
        return islice(_nearby(asked, method), MOST_STORES)
    ways = [
        _Way(method, DEFAULT_LEVEL, store, f"stores.{number}")
        for number, store in enumerate(wishes.stores)
    ]
    return [_promise(asked, way) for way in ways]


def _nearby(asked: _Asked, method: Method) -> Iterator[Promise]:
    """Yield what the nearest stores could hand over, where that is the whole basket."""
    here = asked.basket.destination
    where = None if here is None else _place_of(here)
    near = stores(asked.channel.sources, where, asked.facts)
    if not any(active.policy.constraints.transfers for active in asked.facts.policies):
        wanted = _wanted(asked)
        near = tuple([store for store in near if has_all(store, wanted, asked.facts)])
    for store in near[:STORES_TRIED]:
        promise = _promise(asked, _Way(method, DEFAULT_LEVEL, store))
        if promise.option.possible:
            yield promise


def _wanted(asked: _Asked) -> dict[str, Decimal]:
    """Return how much of each item the basket is made of."""
    wanted: dict[str, Decimal] = {}
    for line, item in zip(asked.basket.lines, asked.items, strict=True):
        for part in parts_of(*item):
            quantity = line.quantity * part.per_unit
            wanted[part.item_id] = wanted.get(part.item_id, ZERO) + quantity
    return wanted


def _place_of(here: PlaceInput) -> Place:
    return Place(here.country, here.region, here.postal_code, here.latitude, here.longitude)


def _promise(asked: _Asked, way: _Way) -> Promise:
    placed = _as_placed(asked, way)
    channel, facts, now = asked.channel, asked.facts, asked.now
    demand = demand_of(placed, _NO_ORDER, channel)
    if facts.policies:
        priority = effective_priority(demand.request(now), facts.policies)
        demand = replace(demand, priority=priority)
    waiting = [one.line_id for one in placed.lines if queues(channel) and can_queue(one)]
    found = option(demand.request(now), facts, asked.route, waiting=waiting)
    (group,) = demand.groups
    store = _store(way, facts)
    dues = [due_of(one, group, channel, now, store) for one in found.fulfilments]
    return Promise(
        method=way.method,
        service=way.service,
        store=way.store,
        option=found,
        due=last_of(dues) if found.possible and dues else _NOT_KNOWN,
    )


def _as_placed(asked: _Asked, way: _Way) -> OrderPlaced:
    """Return the order that an option would be.

    Raises:
        Refusal: it does not fit its channel or items; a store's field is where it was named.
    """
    basket, facts = asked.basket, asked.facts
    group = BasketGroup(id=ONLY_GROUP, method=way.method, store=way.store, service=way.service)
    order = as_order(
        basket.model_copy(update={"groups": (group,)}),
        command_id=_NOBODY,
        now=asked.now,
        external_id=_NO_ORDER,
        currency=asked.channel.currency,
    )
    store = _store(way, facts)
    known = {} if way.store is None or store is None else {way.store: store}
    try:
        return place(order, asked.channel, asked.items, Places(known, facts.coordinates))
    except Refusal as refusal:
        if refusal.field == _STORE:
            refusal.field = way.field
        raise


def _store(way: _Way, facts: RoutingFacts) -> LocationAttributes | None:
    known = None if way.store is None else facts.locations.get(way.store)
    return None if known is None else known.attributes
