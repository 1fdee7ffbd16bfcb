"""What one way of deciding comes to over a window: sums, shares, and how even the work is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean, pstdev
from typing import Final

from domain.location.events import LocationAttributes
from domain.routing.distance import MM_PER_KM
from domain.routing.facts import RoutingFacts
from domain.routing.replay.measuring import Sent
from domain.routing.request import RoutingRequest

ZERO: Final = Decimal(0)
DAILY_WORK: Final = 100
"""Fulfilments a day of a location that states no capacity, as in a policy's `daily-work`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A column of a comparison.

    `decisions` were taken, `refused` of them because the channel refuses what is short,
    `routed` got at least a unit. Means are over those routed. `shipping_cost` and `parcels`
    are None where no carriers are known; `uncarried` fulfilments found no carrier and cost
    nothing. `mean_days` counts to the last arrival of each decision (without carriers: until
    goods leave). `sites` are the fulfilments of every location that could have got any.
    `spread` is the coefficient of variation over these of a day's work (fulfilments over
    capacity per day), averaged over the days: 0 is perfectly even. `inexact` searches were cut
    short by their limit.
    """

    decisions: int
    routed: int
    refused: int
    wanted_units: Decimal
    served_units: Decimal
    served_later_units: Decimal
    fulfilments: int
    fulfilments_per_order: float
    split_rate: float
    parcels: int | None
    shipping_cost: Decimal | None
    handling_cost: Decimal
    uncarried: int
    distance_km: Decimal
    unknown_distances: int
    mean_days: float | None
    spread: float
    busiest_share: float
    sites: Mapping[str, int]
    inexact: int

    @property
    def cost(self) -> Decimal | None:
        """Return shipping and handling together, None where nobody knows shipping."""
        return None if self.shipping_cost is None else self.shipping_cost + self.handling_cost


class Tally:
    """Sums up one way of deciding, decision by decision."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.decisions = self.routed = self.refused = self.split = self.inexact = 0
        self.wanted = self.served = self.later = ZERO
        self.sent = 0
        self.parcels: int | None = None
        self.shipping: Decimal | None = None
        self.handling = ZERO
        self.uncarried = self.unknown = self.mm = 0
        self.days: list[int] = []
        self.work: dict[date, Counter[str]] = {}
        self.daily: dict[str, int] = {}

    def add(
        self,
        request: RoutingRequest,
        facts: RoutingFacts,
        sent: Sequence[Sent],
        *,
        is_refused: bool = False,
        is_exact: bool = True,
    ) -> None:
        """Count a decision and what it sends."""
        self.decisions += 1
        self.refused += is_refused
        self.inexact += not is_exact
        self.wanted += sum(line.quantity for group in request.groups for line in group.lines)
        for place in request.candidates:
            known = facts.locations.get(place)
            if known is not None and place not in self.daily:
                self.daily[place] = _daily(known.attributes)
        if not sent:
            return
        self.routed += 1
        self.split += len({one.location_id for one in sent}) > 1
        self.served += sum(one.units for one in sent)
        days = [one.days for one in sent]
        if None not in days:
            self.days.append(max(day for day in days if day is not None))
        self._send(sent, request.now.date())

    def _send(self, sent: Iterable[Sent], day: date) -> None:
        for one in sent:
            self.sent += 1
            self.handling += one.handling_cost
            self.uncarried += not one.is_carried
            self.unknown += one.distance_mm is None
            self.mm += one.distance_mm or 0
            self.work.setdefault(day, Counter())[one.location_id] += 1
            if one.price is not None and one.parcels is not None:
                self.shipping = (self.shipping or ZERO) + one.price
                self.parcels = (self.parcels or 0) + one.parcels

    def serve_later(self, units: Decimal) -> None:
        """Count units that waited and got stock afterwards."""
        self.later += units

    def figures(self) -> Figures:
        """Return what all came to."""
        sites = Counter(dict.fromkeys(self.daily, 0))
        for work in self.work.values():
            sites.update(work)
        return Figures(
            decisions=self.decisions,
            routed=self.routed,
            refused=self.refused,
            wanted_units=self.wanted,
            served_units=self.served,
            served_later_units=self.later,
            fulfilments=self.sent,
            fulfilments_per_order=self.sent / max(1, self.routed),
            split_rate=self.split / max(1, self.routed),
            parcels=self.parcels,
            shipping_cost=self.shipping,
            handling_cost=self.handling,
            uncarried=self.uncarried,
            distance_km=Decimal(self.mm) / MM_PER_KM,
            unknown_distances=self.unknown,
            mean_days=fmean(self.days) if self.days else None,
            spread=fmean([self._spread(work) for work in self.work.values()] or [0.0]),
            busiest_share=max(sites.values(), default=0) / max(1, self.sent),
            sites=dict(sorted(sites.items())),
            inexact=self.inexact,
        )

    def _spread(self, work: Mapping[str, int]) -> float:
        loads = [work.get(place, 0) / daily for place, daily in self.daily.items()]
        mean = fmean(loads)
        return pstdev(loads, mean) / mean if mean else 0.0


def _daily(attributes: LocationAttributes) -> int:
    return attributes.capacity_per_day or DAILY_WORK
