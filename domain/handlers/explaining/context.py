"""What explaining one decision looks at: the request, the facts and how groups were solved."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.base.quantity import ZERO
from domain.handlers.explaining.decided import Decided
from domain.handlers.explaining.shape import Named, Sent
from domain.routing.distance import MM_PER_KM, great_circle_mm, point_of
from domain.routing.engine import Solved
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedAllocation, PlannedFulfilment
from domain.routing.policy import Policy
from domain.routing.request import RoutingGroup, RoutingLine, RoutingRequest

TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Context:
    """A decision and all that is known of it; without `solved` it could not be made again."""

    decided: Decided
    request: RoutingRequest
    facts: RoutingFacts
    solved: Mapping[str, Solved]

    def named(self, location_id: str) -> Named:
        """Return a location with its name."""
        known = self.facts.locations.get(location_id)
        return Named(location_id, location_id if known is None else known.attributes.name)

    def all_named(self, location_ids: Iterable[str]) -> tuple[Named, ...]:
        """Return locations with their names, in the channel's order."""
        ids = set(location_ids)
        places = [place for place in self.request.candidates if place in ids]
        return tuple(self.named(place) for place in (*places, *sorted(ids.difference(places))))

    def sent(self, line_id: str, quantity: Decimal) -> Sent:
        """Return a quantity of a line with its SKU and unit."""
        line = self.decided.order.lines[line_id]
        item = self.facts.items.get(line.item_id)
        return Sent(line_id, line.sku, quantity, "each" if item is None else item.attributes.unit)

    def policy(self, group_id: str) -> Policy | None:
        """Return the policy of a group, None where the decision could not be made again."""
        solved = self.solved.get(group_id)
        return None if solved is None else solved.policy

    def policy_name(self, group_id: str) -> str:
        """Return the policy that a group was routed by; an old event names one for all."""
        names = {one.group_id: one.policy for one in self.decided.decision.policies}
        return names.get(group_id) or names.get("", "")

    def allocations(self, group_id: str) -> list[PlannedAllocation]:
        """Return what a group was allocated."""
        return [one for one in self.decided.allocations if one.group_id == group_id]

    def candidates(self, group: RoutingGroup) -> list[str]:
        """Return who was asked: the channel's locations, or the store alone.

        Where the policy allows transfers, others are asked to send to a store that hands out.
        """
        everybody = list(self.request.candidates)
        if group.method == "ship" or (self._transfers(group) and self._hands_out(group)):
            return everybody
        return [place for place in everybody if place == group.store]

    def _transfers(self, group: RoutingGroup) -> bool:
        policy = self.policy(group.group_id)
        return policy is not None and policy.constraints.transfers

    def _hands_out(self, group: RoutingGroup) -> bool:
        """Say whether a store hands out, even if nothing more of this order is to lie there."""
        store = group.store or ""
        why = self.barred(group.group_id).get(store)
        return store in self.request.candidates and why in (None, self.request.excluded.get(store))

    def barred(self, group_id: str) -> dict[str, str]:
        """Return by location the first rule that keeps it out of all of the group."""
        solved = self.solved.get(group_id)
        if solved is None:
            return {}
        able = set(solved.built.locations)
        found: dict[str, str] = {}
        for why, places in solved.barred.items():
            for place in places - able:
                found.setdefault(place, why)
        return found

    def short(self, group: RoutingGroup) -> list[tuple[RoutingLine, Decimal]]:
        """Return the lines of a group of which something was not found, and how much."""
        found: dict[str, Decimal] = {}
        for one in self.allocations(group.group_id):
            found[one.line_id] = found.get(one.line_id, ZERO) + one.quantity
        missing = ((line, line.quantity - found.get(line.line_id, ZERO)) for line in group.lines)
        return [(line, quantity) for line, quantity in missing if quantity > ZERO]

    def has_any(self, group: RoutingGroup, location_id: str) -> bool:
        """Say whether a location had anything free of what a group wants.

        What the order's groups before it take is not free for it.
        """
        taken = self._taken_before(group, location_id)
        for item_id in {part.item_id for line in group.lines for part in line.parts}:
            item = self.facts.items.get(item_id)
            stock = None if item is None else item.stock.get(location_id)
            if stock is not None and stock.free > taken.get(item_id, ZERO):
                return True
        return False

    def _taken_before(self, group: RoutingGroup, location_id: str) -> dict[str, Decimal]:
        """Return by item what the groups before one take at a location."""
        before = self._before(group)
        taken: dict[str, Decimal] = {}
        for one in self.decided.allocations:
            if one.location_id == location_id and one.group_id in before:
                for part in self.decided.order.lines[one.line_id].parts:
                    more = one.quantity * part.per_unit
                    taken[part.item_id] = taken.get(part.item_id, ZERO) + more
        return taken

    def full_days(self, group: RoutingGroup, fulfilment: PlannedFulfilment) -> tuple[date, ...]:
        """Return the days before a fulfilment leaves of which all places were taken.

        The order's groups before it take places as well.
        """
        known = self.facts.locations.get(fulfilment.location_id)
        leaves = fulfilment.leaves
        if known is None or known.attributes.capacity_per_day is None or leaves is None:
            return ()
        before = self._before(group)
        booked = Counter(known.booked)
        booked.update(
            one.leaves
            for one in self.decided.fulfilments
            if one.location_id == fulfilment.location_id and one.group_id in before and one.leaves
        )
        most = known.attributes.capacity_per_day
        return tuple(sorted(day for day in booked if day < leaves and booked[day] >= most))

    def _before(self, group: RoutingGroup) -> list[str]:
        """Return the groups that were routed before one."""
        ids = [one.group_id for one in self.request.groups]
        return ids[: ids.index(group.group_id)]

    def distance_km(self, group: RoutingGroup, location_id: str) -> Decimal | None:
        """Return how far a location is from where a group goes, to a tenth of a kilometre."""
        known = self.facts.locations.get(location_id)
        there = point_of(group.destination, self.facts.coordinates)
        here = None if known is None else point_of(known.attributes, self.facts.coordinates)
        if here is None or there is None:
            return None
        return (Decimal(great_circle_mm(there, here)) / MM_PER_KM).quantize(TENTH)
