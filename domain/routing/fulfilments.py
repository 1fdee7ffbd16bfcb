"""How and when each chosen location's goods leave, and when they are there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.routing.building import Built
from domain.routing.carrying import is_priced, uses_promise, weighs_cost
from domain.routing.facts import RoutingFacts
from domain.routing.modes import mode_of
from domain.routing.plan import PlannedFulfilment
from domain.routing.policy import Policy
from domain.routing.promise import end_of_work
from domain.routing.reference import THOUSAND, Service
from domain.routing.request import RoutingRequest
from domain.routing.solver.problem import Choice, Offer
from domain.routing.ways import way_of


@dataclass(frozen=True, slots=True)
class _Load:
    """What a location sends: grams, cubic centimetres, and a mask of the demands."""

    grams: int
    cm3: int
    mask: int


def fulfilments_of(
    built: Built, choice: Choice, request: RoutingRequest, facts: RoutingFacts, policy: Policy
) -> tuple[PlannedFulfilment, ...]:
    """Return a fulfilment for each chosen location of a group.

    `leaves` is None where the location has no free working day in sight: nothing may be
    promised from there. Prices in another currency than the policy's are left out.
    """
    return tuple(
        [
            _fulfilment(built, choice, number, request, facts, policy)
            for number in range(len(choice.locations))
        ]
    )


def _fulfilment(
    built: Built,
    choice: Choice,
    number: int,
    request: RoutingRequest,
    facts: RoutingFacts,
    policy: Policy,
) -> PlannedFulfilment:
    group, s = built.group, choice.locations[number]
    location = facts.locations[built.locations[s]]
    load = _load(built, choice, s)
    offer = _offer(built, choice, number, load, facts, policy)
    service = service_of(offer, facts)
    cut_off = service.cut_off if service is not None else None
    way = way_of(location, service, group, request.now, facts, policy)
    leaves = way.leaves
    found = PlannedFulfilment(
        group.group_id,
        location.location_id,
        mode_of(group, location),
        leaves=leaves,
        ship_by=None if leaves is None else end_of_work(location.attributes, leaves, cut_off),
        arrives=way.arrives,
        booked=location.attributes.capacity_per_day is not None,
    )
    if service is None or offer is None or leaves is None:
        return found
    parcels = built.problem.parcels(s, load.grams, load.cm3)
    cost = Decimal(offer.price(load.grams, load.cm3, parcels)) / THOUSAND
    return replace(
        found,
        carrier=service.carrier,
        service=service.name,
        parcels=parcels,
        shipping_cost=cost if is_priced(service, policy) else None,
    )


def service_of(offer: Offer | None, facts: RoutingFacts) -> Service | None:
    """Return the carrier service of an offer, None where nobody carries."""
    if offer is None or not offer.bands or not facts.reference.services:
        return None
    return facts.reference.services[offer.service]


def _load(built: Built, choice: Choice, s: int) -> _Load:
    """Return what a location sends."""
    demands = built.problem.demands
    sent = [(d, steps) for at, d, steps in choice.cells if at == s]
    return _Load(
        grams=sum(demands[d].grams * steps for d, steps in sent),
        cm3=sum(demands[d].cm3 * steps for d, steps in sent),
        mask=sum(1 << d for d, _ in sent),
    )


def _offer(
    built: Built, choice: Choice, number: int, load: _Load, facts: RoutingFacts, policy: Policy
) -> Offer | None:
    """Return the offer that takes a load: where the policy weighs none, the cheapest of them.

    Only prices in the policy's currency are compared; without any the first offer stays.
    """
    problem, s = built.problem, choice.locations[number]
    if not problem.offers:
        return None
    offers = problem.offers[s]
    chosen = offers[choice.offers[number]]
    if weighs_cost(policy) or uses_promise(policy) or len(offers) == 1:
        return chosen
    parcels = problem.parcels(s, load.grams, load.cm3)
    priced = [
        (offer.price(load.grams, load.cm3, parcels), index)
        for index, offer in enumerate(offers)
        if not any(load.mask >> d & 1 for d in offer.refuses)
        and is_priced(facts.reference.services[offer.service], policy)
    ]
    return offers[min(priced)[1]] if priced else chosen


def with_booked(facts: RoutingFacts, planned: Sequence[PlannedFulfilment]) -> RoutingFacts:
    """Return the facts that a later group of the same order sees: days with its bookings."""
    changed = {}
    for one in planned:
        if one.booked and one.leaves is not None:
            location = facts.locations[one.location_id]
            booked = {**location.booked, one.leaves: location.booked.get(one.leaves, 0) + 1}
            changed[one.location_id] = replace(location, booked=booked)
    return replace(facts, locations={**facts.locations, **changed}) if changed else facts
