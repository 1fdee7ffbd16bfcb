"""Which candidate locations a delivery group may use, and why not the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.item.events import ItemAttributes
from domain.location.events import Capability, LocationAttributes
from domain.routing.distance import MM_PER_KM
from domain.routing.facts import LocationFacts, Locations, RoutingFacts
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.request import RoutingGroup, RoutingRequest

UNKNOWN: Final = "unknown-location"
SUSPENDED: Final = "suspended"
CHANNEL: Final = "channel-not-served"
CAPABILITY: Final = "capability-missing"

COUNTRY: Final = "country-not-served"
EXPORT: Final = "no-export"
TOO_FAR: Final = "too-far-for-bulky-goods"
CLOSED: Final = "closed"
NO_CARRIER: Final = "no-carrier"
CARRIER_CURRENCY: Final = "carrier-in-another-currency"

Exclusions = dict[str, set[str]]
"""Location ids by the reason that excluded them."""


class _Asked(NamedTuple):
    """All that a location is judged by, but for the order that was refused there before."""

    channel_id: str
    ships: bool
    country: str
    export: bool
    domestic: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """Who may send, in the candidates' order, and by reason who may not."""

    found: tuple[str, ...]
    barred: Mapping[str, frozenset[str]]


def eligible(
    request: RoutingRequest,
    group: RoutingGroup,
    facts: RoutingFacts,
    exclusions: Exclusions,
    policy: Policy = DEFAULT_POLICY,
) -> tuple[str, ...]:
    """Return the candidates that the group may use, in their order; note the others' reasons.

    A group that is picked up or reserved knows its store alone, unless the policy allows
    transfers: then all that may ship to the store's country follow it, where customers may
    collect from that store.
    """
    ships, rules = group.method == "ship", policy.constraints
    sending = _Asked(
        request.channel_id,
        ships=True,
        country=group.destination.country,
        export="export" in rules.require,
        domestic=rules.domestic,
    )
    if ships:
        return _found(sending, request.candidates, request, facts, exclusions)
    collecting = sending._replace(ships=False)
    store = tuple([s for s in request.candidates if s == group.store])
    found = _found(collecting, store, request, facts, exclusions)
    if not rules.transfers or not _answer(collecting, store, facts.locations, {}).found:
        return found
    others = tuple([s for s in request.candidates if s != group.store])
    return found + _found(sending, others, request, facts, exclusions)


def _found(
    asked: _Asked,
    candidates: tuple[str, ...],
    request: RoutingRequest,
    facts: RoutingFacts,
    exclusions: Exclusions,
) -> tuple[str, ...]:
    answer = _answer(asked, candidates, facts.locations, request.excluded)
    for reason, locations in answer.barred.items():
        exclusions.setdefault(reason, set()).update(locations)
    return answer.found


def _answer(
    asked: _Asked,
    candidates: tuple[str, ...],
    locations: Mapping[str, LocationFacts],
    excluded: Mapping[str, str],
) -> _Answer:
    """Return the answer, as it was given before where nothing that counts is another."""
    if excluded or not isinstance(locations, Locations):
        return _judged(asked, candidates, locations, excluded)
    known = locations.kept((asked, candidates))
    if isinstance(known, _Answer):
        return known
    answer = _judged(asked, candidates, locations, excluded)
    locations.keep((asked, candidates), answer)
    return answer


def _judged(
    asked: _Asked,
    candidates: tuple[str, ...],
    locations: Mapping[str, LocationFacts],
    excluded: Mapping[str, str],
) -> _Answer:
    found = []
    barred: dict[str, set[str]] = {}
    for location_id in candidates:
        location = locations.get(location_id)
        reason = UNKNOWN if location is None else _reason(asked, location, excluded)
        if reason is None:
            found.append(location_id)
        else:
            barred.setdefault(reason, set()).add(location_id)
    return _Answer(tuple(found), {why: frozenset(who) for why, who in barred.items()})


def _reason(asked: _Asked, location: LocationFacts, excluded: Mapping[str, str]) -> str | None:
    if location.suspended:
        return SUSPENDED
    if location.location_id in excluded:
        return excluded[location.location_id]
    attributes = location.attributes
    if attributes.channels and asked.channel_id not in attributes.channels:
        return CHANNEL
    if ("ship" if asked.ships else "pickup") not in attributes.capabilities:
        return CAPABILITY
    if not attributes.open_days or attributes.capacity_per_day == 0:
        return CLOSED
    sends = asked.ships and (attributes.countries or asked.export)
    return _reason_not_to_send(asked, attributes) if sends else None


def _reason_not_to_send(asked: _Asked, location: LocationAttributes) -> str | None:
    """Return why a location does not send to the group's country."""
    goal = asked.country
    if location.countries and goal not in location.countries:
        return COUNTRY
    if not asked.export or goal == location.country:
        return None
    if goal in asked.domestic and location.country in asked.domestic:
        return None
    return None if "export" in location.capabilities else EXPORT


def needed_by(items: Sequence[ItemAttributes], policy: Policy) -> frozenset[Capability]:
    """Return the capabilities that goods call for, as far as the policy asks for them."""
    needed: set[Capability] = set()
    for item in items:
        longest = max(item.length_mm or 0, item.width_mm or 0, item.height_mm or 0)
        if item.hazard_class is not None:
            needed.add("hazardous")
        if item.bulky:
            needed.add("bulky")
        if longest > policy.packing.oversize_mm:
            needed.add("oversize")
    return frozenset(needed.intersection(policy.constraints.require))


def unfit(
    needed: frozenset[Capability], location: LocationFacts, distance: int | None, policy: Policy
) -> str | None:
    """Return why a location cannot send goods that call for capabilities, or None.

    Where bulky goods have a radius, a location whose distance nobody knows lies outside it.
    """
    if not needed.issubset(location.attributes.capabilities):
        return CAPABILITY
    radius = policy.constraints.bulky_radius_km
    if "bulky" in needed and radius is not None:
        return TOO_FAR if distance is None or distance > radius * MM_PER_KM else None
    return None
