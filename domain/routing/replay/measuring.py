"""One measure for all: what allocations come to, whoever decided them.

A column of a comparison is measured from (request, facts, allocations) alone, under the same
packing rule and reference data. Where a decision chose a service that is still known and takes
the goods, that one is paid; else the cheapest that does, of equals the fastest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from domain.routing.building import Builder, Built
from domain.routing.distance import great_circle_mm, point_of
from domain.routing.facts import ItemFacts, RoutingFacts, StockFacts
from domain.routing.plan import PlannedAllocation
from domain.routing.policy import Constraints, Criterion, Packing, Policy
from domain.routing.replay.strategy import Answer, ServiceName
from domain.routing.request import RoutingGroup, RoutingLine, RoutingRequest
from domain.routing.solver.loading import able
from domain.routing.solver.problem import NEVER

ZERO: Final = Decimal(0)
THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """What one location sends of one delivery group.

    `distance_mm` is None where nobody knows it. `days` until it arrives, counted from the day
    of the decision in UTC, is None where no open day is in sight or no carrier takes it. Where
    no carriers are known at all, `price` and `parcels` are None and `days` are those until it
    leaves; where carriers are known and none takes it, `is_carried` is False.
    """

    group_id: str
    location_id: str
    units: Decimal
    distance_mm: int | None
    handling_cost: Decimal
    days: int | None = None
    parcels: int | None = None
    price: Decimal | None = None
    is_carried: bool = True


def measuring_policy(packing: Packing, currency: str) -> Policy:
    """Return the policy under which loads are built: no constraint, days and prices wanted."""
    return Policy(
        "measure",
        1,
        (Criterion("unfilled"), Criterion("promise"), Criterion("shipping-cost")),
        constraints=Constraints(require=()),
        packing=packing,
        currency=currency,
    )


def measure(
    request: RoutingRequest, facts: RoutingFacts, answer: Answer, policy: Policy
) -> list[Sent]:
    """Return what each (group, location) of an answer sends; `policy` is a measuring one.

    What allocations take of stock is theirs: the facts' stock is not asked.
    """
    parts: dict[tuple[str, str], list[PlannedAllocation]] = {}
    for one in answer.allocations:
        parts.setdefault((one.group_id, one.location_id), []).append(one)
    groups = {group.group_id: group for group in request.groups}
    services = answer.services()
    found = []
    for (group_id, location_id), some in parts.items():
        lines = _lines(groups[group_id], some)
        alone = replace(groups[group_id], lines=lines)
        service = services.get((group_id, location_id))
        found.append(_sent(request, alone, location_id, facts, policy, service))
    return found


def _lines(group: RoutingGroup, some: Sequence[PlannedAllocation]) -> tuple[RoutingLine, ...]:
    sums: dict[str, Decimal] = {}
    for one in some:
        sums[one.line_id] = sums.get(one.line_id, ZERO) + one.quantity
    return tuple(
        [
            replace(line, quantity=sums[line.line_id], set_id=None)
            for line in group.lines
            if line.line_id in sums
        ]
    )


def _sent(
    request: RoutingRequest,
    group: RoutingGroup,
    location_id: str,
    facts: RoutingFacts,
    policy: Policy,
    named: ServiceName | None,
) -> Sent:
    location = facts.locations[location_id]
    here = point_of(location.attributes, facts.coordinates)
    there = point_of(group.destination, facts.coordinates)
    sent = Sent(
        group_id=group.group_id,
        location_id=location_id,
        units=sum((line.quantity for line in group.lines), ZERO),
        distance_mm=None if here is None or there is None else great_circle_mm(here, there),
        handling_cost=location.attributes.handling_cost,
    )
    own = replace(facts, items=_held(group.lines, location_id, facts))
    asked = replace(request, groups=(group,), candidates=(location_id,), split="quantities")
    built = Builder(asked, group, own, policy, {}, {}).build((location_id,))
    if not built.locations or not all(built.problem.caps[0]):
        return replace(sent, is_carried=False)
    return _carried(sent, built, facts, named)


def _held(
    lines: Iterable[RoutingLine], location_id: str, facts: RoutingFacts
) -> Mapping[str, ItemFacts]:
    """Return the items of lines, of which the location holds exactly what the lines take."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        for part in line.parts:
            sums[part.item_id] = sums.get(part.item_id, ZERO) + part.per_unit * line.quantity
    return {
        item: replace(facts.items[item], stock={location_id: StockFacts(quantity)})
        for item, quantity in sums.items()
        if item in facts.items
    }


def _carried(sent: Sent, built: Built, facts: RoutingFacts, named: ServiceName | None) -> Sent:
    problem = built.problem
    grams = sum(one.quantity * one.grams for one in problem.demands)
    cm3 = sum(one.quantity * one.cm3 for one in problem.demands)
    parcels = problem.parcels(0, grams, cm3)
    everything = (1 << len(problem.demands)) - 1
    options = able(problem, 0, (grams, cm3, everything), parcels)
    if not options:
        return replace(sent, is_carried=False)
    days, price, _ = min(options, key=lambda option: (option[1], option[0]))
    for offer in problem.offers[0] if named is not None else ():
        service = facts.reference.services[offer.service]
        asked = offer.price(grams, cm3, parcels)
        if (service.carrier, service.name) == named and not offer.refuses and asked < NEVER:
            days, price = offer.days, asked
    if not problem.offers[0][0].bands:
        return replace(sent, days=days)
    return replace(sent, days=days, parcels=parcels, price=Decimal(price) / THOUSAND)
