"""A delivery group's problem: candidates, capacities, carriers and criteria in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Final

from domain.item.events import ItemAttributes
from domain.routing.carrying import (
    Goods,
    goods_of,
    is_carried,
    offers_from,
    parcel_bounds,
    uses_promise,
    why_nothing_is_offered,
)
from domain.routing.columns import Columns, columns_of, terms_of, with_transfers
from domain.routing.constraints import NO_CARRIER, Exclusions, needed_by, unfit
from domain.routing.demands import Wanted, cm3_of, grams_of, scale_of, wanted_by
from domain.routing.distance import distances_from, point_of, spot_of
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Policy
from domain.routing.request import RoutingGroup, RoutingRequest
from domain.routing.scarcity import scarcity_prices
from domain.routing.sharing import clusters_of, held_by, shared_claims
from domain.routing.solver.problem import Demand, Offer, Problem
from domain.routing.supply import Supply, Taken
from domain.routing.terrain import terrain_of
from domain.routing.ways import is_sent

UNKNOWN_IS_LAST: Final = 1 << 62
"""Millimetres that no distance on Earth has."""


@dataclass(frozen=True, slots=True)
class Built:
    """A problem and what its whole numbers stand for."""

    group: RoutingGroup
    problem: Problem
    locations: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    columns: Columns


class Builder:
    """Makes the problem of one group; notes in `exclusions` whom a hard constraint bars."""

    def __init__(
        self,
        request: RoutingRequest,
        group: RoutingGroup,
        facts: RoutingFacts,
        policy: Policy,
        taken: Taken,
        exclusions: Exclusions,
    ) -> None:
        """Take everything that a group's problem depends on."""
        self.request, self.group, self.facts, self.policy = request, group, facts, policy
        self.taken, self.exclusions = taken, exclusions
        self.wanted = wanted_by(group.lines, request.split)
        self.names = {criterion.name for criterion in policy.criteria}

    def build(self, candidates: Sequence[str]) -> Built:
        """Return the problem over those candidates that can send anything the group wants."""
        self.terrain = terrain_of(self.facts.locations, tuple(candidates))
        self.supply = Supply(self.facts.items, self.terrain, self.taken)
        self.rows = self.supply.rows(self.wanted)
        self.sites = [s for s, row in enumerate(self.rows) if any(row)]
        self.distances = self._distances()
        self._bar_unfit()
        offers = self._offers()
        self._leave_out_empty()
        locations = [self.terrain.locations[s] for s in self.sites]
        scale = scale_of([one.units for one in self.wanted])
        columns = columns_of(locations, self.distances, self.facts, self.policy, scale)
        columns = with_transfers(columns, self._transfers())
        problem = self._problem([offers[s] for s in self.sites] if offers else (), columns)
        ids = tuple([self.terrain.ids[s] for s in self.sites])
        return Built(self.group, problem, ids, self.wanted, columns)

    def _leave_out_empty(self) -> None:
        """Drop the sites that were barred from everything."""
        kept = [bool(any(self.rows[s])) for s in self.sites]
        if not all(kept):
            self.distances = list(compress(self.distances, kept))
            self.sites = list(compress(self.sites, kept))

    def _transfers(self) -> tuple[int, ...]:
        """Return 1 for each site that sends to the store where customers collect, else 0."""
        if self.group.method == "ship":
            return ()
        return tuple([int(is_sent(self.group, self.terrain.ids[s])) for s in self.sites])

    def _distances(self) -> list[int | None]:
        known = self.facts.coordinates
        there = point_of(self.group.destination, known)
        if there is None:
            return [None] * len(self.sites)
        spot = self.terrain.spot
        return distances_from(spot_of(there), [spot(s, known) for s in self.sites])

    def _bar(self, s: int, d: int, reason: str) -> None:
        """Take a demand from a location that must not send it, and note the reason."""
        row = self.rows[s]
        self.rows[s] = (*row[:d], 0, *row[d + 1 :])
        self.exclusions.setdefault(reason, set()).add(self.terrain.ids[s])

    def _items(self, one: Wanted) -> list[ItemAttributes]:
        return [
            self.facts.items[item].attributes for item, _ in one.usage if item in self.facts.items
        ]

    def _bar_unfit(self) -> None:
        """Take from locations what they cannot handle; customers who collect need no such thing."""
        if self.group.method != "ship" and self.terrain.ids == (self.group.store,):
            return
        for d, one in enumerate(self.wanted):
            needed = needed_by(self._items(one), self.policy)
            if not needed:
                continue
            for s, distance in zip(self.sites, self.distances, strict=True):
                if not self.rows[s][d] or not is_sent(self.group, self.terrain.ids[s]):
                    continue
                reason = unfit(needed, self.terrain.locations[s], distance, self.policy)
                if reason is not None:
                    self._bar(s, d, reason)

    def _offers(self) -> dict[int, tuple[Offer, ...]]:
        """Return carrier services by location; nobody sends what no carrier takes."""
        if not self._is_carried() and not uses_promise(self.policy):
            return {}
        goods = self._goods
        found: dict[int, tuple[Offer, ...]] = {}
        for s in self.sites:
            if not any(self.rows[s]):
                continue
            location = self.terrain.locations[s]
            offers = found[s] = offers_from(
                location, self.request, self.group, self.facts, self.policy, goods
            )
            if any(not offer.refuses for offer in offers):
                continue
            for d, cap in enumerate(self.rows[s]):
                if cap and all(d in offer.refuses for offer in offers):
                    self._bar(s, d, NO_CARRIER if offers else self._why_nothing_is_offered(s))
        return found

    def _is_carried(self) -> bool:
        """Say whether carriers must take anything."""
        if not self.facts.reference.services:
            return False
        ids = self.terrain.ids
        return any(is_carried(self.group, ids[s], self.facts) for s in self.sites)

    def _why_nothing_is_offered(self, s: int) -> str:
        at = self.terrain.locations[s]
        return why_nothing_is_offered(at, self.group, self.facts, self.policy)

    @cached_property
    def _goods(self) -> Goods:
        items = [self._items(one) for one in self.wanted]
        return goods_of(items, self.policy.packing.unknown_grams)

    def _problem(self, offers: Sequence[tuple[Offer, ...]], columns: Columns) -> Problem:
        caps = tuple([self.rows[s] for s in self.sites])
        claims, scales = shared_claims(self.wanted)
        stock = {item: self.supply.free(item) for item in scales}
        held = held_by(stock, [self.terrain.ids[s] for s in self.sites], scales) if scales else ()
        grams: tuple[int, ...] = ()
        cm3: tuple[int, ...] = ()
        weighs = "parcels" in self.names or self._is_carried()
        if weighs:
            heaviest = max(self._goods.grams, default=0)
            grams, cm3 = parcel_bounds(offers or [()] * len(self.sites), self.policy, heaviest)
        return Problem(
            demands=tuple([self._demand(one, columns, weighs=weighs) for one in self.wanted]),
            caps=caps,
            terms=terms_of(self.policy, columns, len(self.sites)),
            order=self._order(),
            most=self._most(),
            clusters=clusters_of(claims, caps, held) if scales else (),
            claims=claims if scales else (),
            stock=held,
            scarcity=self._scarcity(caps) if "scarcity" in self.names else (),
            offers=tuple(offers),
            grams=grams,
            cm3=cm3,
        )

    def _demand(self, one: Wanted, columns: Columns, *, weighs: bool) -> Demand:
        weight = int(one.units * columns.scales["unfilled"])
        if not weighs:
            return Demand(one.steps, weight)
        grams = grams_of(one.usage, self.facts, self.policy.packing.unknown_grams)
        return Demand(one.steps, weight, grams, cm3_of(one.usage, self.facts))

    def _order(self) -> tuple[int, ...]:
        """Return each location's place by distance, then candidate order; unknown ones last."""
        far = [UNKNOWN_IS_LAST if mm is None else mm for mm in self.distances]
        order = sorted(range(len(far)), key=far.__getitem__)
        found = [0] * len(far)
        for place, s in enumerate(order):
            found[s] = place
        return tuple(found)

    def _most(self) -> int:
        most = len(self.sites)
        if self.policy.constraints.most_fulfilments is not None:
            most = min(most, self.policy.constraints.most_fulfilments)
        return min(most, 1) if self.request.split == "never" else most

    def _scarcity(self, caps: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, ...], ...], ...]:
        days = self.policy.scarcity_days
        return tuple(
            tuple(
                scarcity_prices(one.usage, s, cap, self.facts, days)
                for one, cap in zip(self.wanted, row, strict=True)
            )
            for s, row in zip([self.terrain.ids[s] for s in self.sites], caps, strict=True)
        )
