"""How and when each chosen location's goods leave, and when they are there."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.routing.building import Built
from domain.routing.carrying import is_priced
from domain.routing.facts import RoutingFacts
from domain.routing.modes import mode_of
from domain.routing.plan import PlannedFulfilment
from domain.routing.policy import Policy
from domain.routing.promise import end_of_work
from domain.routing.reference import THOUSAND, Service
from domain.routing.request import RoutingRequest
from domain.routing.solver.problem import Choice, Offer
from domain.routing.ways import way_of


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
    offers = built.problem.offers
    offer = offers[s][choice.offers[number]] if offers else None
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
    parcels, cost = _parcels(built, choice, s, offer)
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


def _parcels(built: Built, choice: Choice, s: int, offer: Offer) -> tuple[int, Decimal]:
    """Return how many parcels a location's load makes, and what they cost."""
    problem = built.problem
    loads = [(problem.demands[d], steps) for at, d, steps in choice.cells if at == s]
    grams = sum(demand.grams * steps for demand, steps in loads)
    cm3 = sum(demand.cm3 * steps for demand, steps in loads)
    parcels = problem.parcels(s, grams, cm3)
    return parcels, Decimal(offer.price(grams, cm3, parcels)) / THOUSAND


def with_booked(facts: RoutingFacts, planned: Sequence[PlannedFulfilment]) -> RoutingFacts:
    """Return the facts that a later group of the same order sees: days with its bookings."""
    changed = {}
    for one in planned:
        if one.booked and one.leaves is not None:
            location = facts.locations[one.location_id]
            booked = {**location.booked, one.leaves: location.booked.get(one.leaves, 0) + 1}
            changed[one.location_id] = replace(location, booked=booked)
    return replace(facts, locations={**facts.locations, **changed}) if changed else facts
