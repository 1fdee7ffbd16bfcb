"""Which carrier services take goods from a location, at which price and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.item.events import ItemAttributes
from domain.routing.constraints import CARRIER_CURRENCY, CLOSED, NO_CARRIER
from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.policy import Policy
from domain.routing.reference import THOUSAND, Service
from domain.routing.request import RoutingGroup, RoutingRequest
from domain.routing.solver.problem import Offer
from domain.routing.ways import is_sent, services_of, way_of

NOTHING: Final[frozenset[int]] = frozenset()


Part = tuple[int, tuple[int, ...], bool]
"""Grams, sides and whether it is hazardous."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is asked of carriers: each demand's heaviest grams, greatest sides and hazard.

    `sides_mm` are the longest, middle and shortest side, each of the item that has most of it;
    a side that is not known counts as 0. `most` is the same over all demands.
    """

    grams: tuple[int, ...]
    sides_mm: tuple[tuple[int, ...], ...]
    hazardous: tuple[bool, ...]
    most: Part


def goods_of(demands: Sequence[Sequence[ItemAttributes]], unknown_grams: int) -> Goods:
    """Return what carriers are asked to take, from the items of each demand."""
    grams = tuple(
        [
            max([unknown_grams if i.weight_grams is None else i.weight_grams for i in some] or [0])
            for some in demands
        ]
    )
    sides = tuple([_greatest([sides_of(item) for item in some]) for some in demands])
    hazardous = tuple([any(i.hazard_class is not None for i in some) for some in demands])
    return Goods(grams, sides, hazardous, (max(grams, default=0), _greatest(sides), any(hazardous)))


def _greatest(sides: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple([max(column) for column in zip(*sides, strict=True)]) if sides else (0, 0, 0)


def sides_of(item: ItemAttributes) -> tuple[int, ...]:
    """Return an item's sides in millimetres, the longest first; 0 for what nobody knows."""
    sides = item.length_mm or 0, item.width_mm or 0, item.height_mm or 0
    return tuple(sorted(sides, reverse=True))


def uses_promise(policy: Policy) -> bool:
    """Say whether the policy looks at the day of arrival."""
    return any(criterion.name == "promise" for criterion in policy.criteria)


def weighs_cost(policy: Policy) -> bool:
    """Say whether the policy looks at what carriers cost."""
    return any(criterion.name == "shipping-cost" for criterion in policy.criteria)


def is_priced(service: Service, policy: Policy) -> bool:
    """Say whether a service's prices are in the policy's currency: nothing is converted."""
    return service.currency == policy.currency


def is_carried(group: RoutingGroup, location_id: str, facts: RoutingFacts) -> bool:
    """Say whether carriers must take what a location sends of a group, and any are known."""
    return bool(facts.reference.services) and is_sent(group, location_id)


def offers_from(
    location: LocationFacts,
    request: RoutingRequest,
    group: RoutingGroup,
    facts: RoutingFacts,
    policy: Policy,
    goods: Goods,
) -> tuple[Offer, ...]:
    """Return the services that go from the location to the group's destination or store.

    Days count from the day of `now` in UTC. Without carriers, or where customers collect, the
    day is that on which goods leave or are ready. Nothing is offered by a location that has no
    open day in sight; nor a service in another currency, where the policy weighs cost.
    """
    timed, weighed = uses_promise(policy), weighs_cost(policy)
    if not is_carried(group, location.location_id, facts):
        if not timed:
            return (Offer(days=0),)
        way = way_of(location, None, group, request.now, facts, policy)
        day = way.arrives or way.leaves
        return () if day is None else (Offer(days=_days(request, day)),)
    found = []
    for index, service, zone in services_of(location, group, facts):
        if weighed and not is_priced(service, policy):
            continue
        days = 0
        if timed:
            came = way_of(location, service, group, request.now, facts, policy).arrives
            if came is None:
                continue
            days = _days(request, came)
        found.append(_offer(service, zone, days, index, goods))
    return tuple(found)


def why_nothing_is_offered(
    location: LocationFacts, group: RoutingGroup, facts: RoutingFacts, policy: Policy
) -> str:
    """Return the reason for which `offers_from` a location is empty."""
    if not is_carried(group, location.location_id, facts):
        return CLOSED
    going = [service for _, service, _ in services_of(location, group, facts)]
    if not going:
        return NO_CARRIER
    if weighs_cost(policy) and not any(is_priced(one, policy) for one in going):
        return CARRIER_CURRENCY
    return CLOSED


def _days(request: RoutingRequest, day: date) -> int:
    return max(0, (day - request.now.date()).days)


def _offer(service: Service, zone: str, days: int, index: int, goods: Goods) -> Offer:
    bands = service.bands[zone]
    return Offer(days, bands, service.divisor, _refused(service, bands[-1][0], goods), index)


def _refused(service: Service, greatest: int, goods: Goods) -> frozenset[int]:
    """Return the demands with something too heavy, too large or too dangerous for a service."""
    if _takes(service, greatest, goods.most):
        return NOTHING
    parts = zip(goods.grams, goods.sides_mm, goods.hazardous, strict=True)
    return frozenset(d for d, part in enumerate(parts) if not _takes(service, greatest, part))


def _takes(service: Service, greatest: int, part: Part) -> bool:
    grams, sides, hazardous = part
    return (
        grams <= greatest
        and (service.hazardous or not hazardous)
        and all(side <= most for side, most in zip(sides, service.greatest_mm, strict=False))
    )


def parcel_bounds(
    offers: Sequence[Sequence[Offer]], policy: Policy, heaviest: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return by location the most grams and cubic centimetres of a parcel, 0 for no bound.

    The policy's packing rule, lowered to what the location's strongest service takes; never
    below the heaviest single item.
    """
    grams, cm3 = [], []
    volume = policy.packing.greatest_cm3 or 0
    for services in offers:
        most = max(policy.packing.greatest_grams, heaviest)
        banded = [offer for offer in services if offer.bands]
        room = volume
        if banded:
            strongest = max(
                banded, key=lambda offer: (not offer.refuses, offer.bands[-1][0], -offer.divisor)
            )
            most = min(most, strongest.bands[-1][0])
            if strongest.divisor:
                billed = most * strongest.divisor // THOUSAND
                room = min(room or billed, billed)
        grams.append(most)
        cm3.append(room)
    return tuple(grams), tuple(cm3)
