"""A delivery group's problem: candidates, capacities, carriers and criteria in whole numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.item.events import ItemAttributes
from domain.routing.carrying import (
    Goods,
    is_carried,
    offers_from,
    parcel_bounds,
    sides_of,
    uses_promise,
    why_nothing_is_offered,
)
from domain.routing.columns import Columns, columns_of, terms_of
from domain.routing.constraints import NO_CARRIER, Exclusions, needed_by, unfit
from domain.routing.demands import ONE, Wanted, cm3_of, grams_of, scale_of, wanted_by
from domain.routing.distance import distance_from, point_of
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Policy
from domain.routing.request import RoutingGroup, RoutingRequest
from domain.routing.scarcity import scarcity_prices
from domain.routing.sharing import clusters_of, held_by, shared_claims
from domain.routing.solver.problem import Demand, Offer, Problem

ZERO = Decimal(0)

Taken = Mapping[tuple[str, str], Decimal]
"""Quantity of (item, location) that earlier groups of the order took."""


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
        self.candidates = frozenset(candidates)
        self.free: dict[str, dict[str, Decimal]] = {}
        self.rows = self._rows(candidates)
        self.distances = self._distances()
        self._bar_unfit()
        offers = self._offers()
        self.locations = tuple([s for s, row in self.rows.items() if any(row)])
        scale = scale_of([one.units for one in self.wanted])
        columns = columns_of(
            [self.facts.locations[s] for s in self.locations],
            [self.distances[s] for s in self.locations],
            self.facts,
            self.policy,
            scale,
        )
        problem = self._problem([offers[s] for s in self.locations] if offers else (), columns)
        return Built(self.group, problem, self.locations, self.wanted, columns)

    def _free(self, item: str) -> dict[str, Decimal]:
        """Return what candidates have left of an item, where they have anything."""
        free = self.free.get(item)
        if free is None:
            known = self.facts.items.get(item)
            stock = {} if known is None else known.stock
            free = {s: one.free for s, one in stock.items() if one.free and s in self.candidates}
            if self.taken:
                free = {s: have - self.taken.get((item, s), ZERO) for s, have in free.items()}
            self.free[item] = free
        return free

    def _rows(self, candidates: Sequence[str]) -> dict[str, list[int]]:
        """Return what each candidate can send of each demand alone, where it can send any."""
        found: dict[str, list[int]] = {}
        width = len(self.wanted)
        for d, one in enumerate(self.wanted):
            for s, cap in self._caps(one):
                if cap > 0:
                    if s not in found:
                        found[s] = [0] * width
                    found[s][d] = cap
        return {s: found[s] for s in candidates if s in found}

    def _caps(self, one: Wanted) -> list[tuple[str, int]]:
        """Return (location, steps) of those that may have any."""
        steps = one.steps
        (item, each), *others = one.usage
        if each == ONE and not others:
            free = self._free(item)
            return [(s, min(steps, int(have))) for s, have in free.items()]
        caps = []
        for s, have in self._free(item).items():
            cap = min(steps, int(have // each))
            for other, more in others:
                cap = min(cap, int(self._free(other).get(s, ZERO) // more))
            caps.append((s, cap))
        return caps

    def _distances(self) -> dict[str, int | None]:
        known = self.facts.coordinates
        there = point_of(self.group.destination, known)
        if there is None:
            return dict.fromkeys(self.rows)
        measure = distance_from(there)
        found: dict[str, int | None] = {}
        for s in self.rows:
            here = point_of(self.facts.locations[s].attributes, known)
            found[s] = None if here is None else measure(here)
        return found

    def _items(self, one: Wanted) -> list[ItemAttributes]:
        return [
            self.facts.items[item].attributes for item, _ in one.usage if item in self.facts.items
        ]

    def _bar_unfit(self) -> None:
        """Take from locations what they cannot handle; customers who collect need no such thing."""
        if self.group.method != "ship":
            return
        for d, one in enumerate(self.wanted):
            needed = needed_by(self._items(one), self.policy)
            if not needed:
                continue
            for s, row in self.rows.items():
                reason = unfit(needed, self.facts.locations[s], self.distances[s], self.policy)
                if reason is not None and row[d]:
                    row[d] = 0
                    self.exclusions.setdefault(reason, set()).add(s)

    def _offers(self) -> dict[str, tuple[Offer, ...]]:
        """Return carrier services by location; nobody sends what no carrier takes."""
        carried = is_carried(self.group, self.facts)
        if not carried and not uses_promise(self.policy):
            return {}
        goods = self._goods()
        found: dict[str, tuple[Offer, ...]] = {}
        for s, row in self.rows.items():
            if not any(row):
                continue
            found[s] = offers_from(
                self.facts.locations[s], self.request, self.group, self.facts, self.policy, goods
            )
            for d in range(len(row)):
                if row[d] and all(d in offer.refuses for offer in found[s]):
                    row[d] = 0
                    reason = NO_CARRIER if found[s] else self._why_nothing_is_offered(s)
                    self.exclusions.setdefault(reason, set()).add(s)
        return found

    def _why_nothing_is_offered(self, s: str) -> str:
        at = self.facts.locations[s]
        return why_nothing_is_offered(at, self.group, self.facts, self.policy)

    def _goods(self) -> Goods:
        items = [self._items(one) for one in self.wanted]
        unknown = self.policy.packing.unknown_grams
        return Goods(
            grams=tuple(
                max(
                    (unknown if i.weight_grams is None else i.weight_grams for i in some), default=0
                )
                for some in items
            ),
            sides_mm=tuple(
                tuple(map(max, zip(*map(sides_of, some), strict=True))) for some in items
            ),
            hazardous=tuple(any(i.hazard_class is not None for i in some) for some in items),
        )

    def _problem(self, offers: Sequence[tuple[Offer, ...]], columns: Columns) -> Problem:
        caps = tuple([tuple(self.rows[s]) for s in self.locations])
        claims, scales = shared_claims(self.wanted)
        stock = {item: self._free(item) for item in scales}
        held = held_by(stock, self.locations, scales) if scales else ()
        grams: tuple[int, ...] = ()
        cm3: tuple[int, ...] = ()
        weighs = "parcels" in self.names or is_carried(self.group, self.facts)
        if weighs:
            heaviest = max(self._goods().grams, default=0)
            grams, cm3 = parcel_bounds(offers or [()] * len(self.locations), self.policy, heaviest)
        return Problem(
            demands=tuple([self._demand(one, columns, weighs=weighs) for one in self.wanted]),
            caps=caps,
            terms=terms_of(self.policy, columns, len(self.locations)),
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
        places = [(self.distances[s] is None, self.distances[s] or 0) for s in self.locations]
        order = sorted(range(len(places)), key=places.__getitem__)
        found = [0] * len(places)
        for place, s in enumerate(order):
            found[s] = place
        return tuple(found)

    def _most(self) -> int:
        most = len(self.locations)
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
            for s, row in zip(self.locations, caps, strict=True)
        )
