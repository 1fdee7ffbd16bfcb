"""A decision made again from what it saw, and compared with what its event keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from domain.channel.events import ChannelSettings
from domain.handlers.explaining.decided import Decided
from domain.handlers.placing.demand import Demand
from domain.handlers.placing.from_states import PastWanted
from domain.handlers.placing.order_demand import demand_of, demand_to_move, to_move
from domain.handlers.placing.planning import without_found_later
from domain.handlers.placing.truth import NOTHING_KNOWN
from domain.routing.engine import ENGINE, Solved, route_openly
from domain.routing.facts import ItemFacts, LocationFacts, Locations, RoutingFacts
from domain.routing.plan import RoutingDecision, RoutingPlan
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.request import RoutingRequest

ZONES: Final = "zone-backlog"
"""The criterion that looks at locations beyond the candidates."""
POLICY: Final = "policy:"
"""How the hashes of a decision name the content of a policy: `policy:nearest/3`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something of which the event says another thing than the decision made again."""

    what: str
    recorded: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A decision made again: the request, the facts that it saw, and how groups were solved."""

    request: RoutingRequest
    facts: RoutingFacts
    plan: RoutingPlan
    groups: tuple[Solved, ...]
    policies: Mapping[str, Policy]
    differences: tuple[Difference, ...]

    @property
    def verified(self) -> bool:
        """Say whether the event says the very same."""
        return not self.differences


def same_engine(decided: Decided) -> bool:
    """Say whether this program's engine is the one that decided."""
    return decided.decision.engine == ENGINE


def demand_at(decided: Decided, channel: ChannelSettings) -> Demand:
    """Return what of the order was routed, from the order as it stood then."""
    asked = {(one.line_id, one.group_id): one.quantity for one in decided.decision.asked}
    if decided.cause == "suspended" and decided.moved_from is not None:
        wanted = asked or to_move(decided.before, decided.moved_from)
        return demand_to_move(decided.before, channel, decided.moved_from, wanted)
    return demand_of(decided.order, channel, decided.cause, wanted=asked or None)


def request_of(decided: Decided, channel: ChannelSettings) -> RoutingRequest:
    """Return what routing was asked."""
    return demand_at(decided, channel).request(decided.at)


def facts_wanted(decided: Decided, channel: ChannelSettings) -> PastWanted:
    """Return which facts the decision saw; the log's positions are in its event."""
    decision = decided.decision
    zones = any(figure.criterion == ZONES for figure in decision.figures)
    hashes = {kind: name for kind, name in decision.hashes if not kind.startswith(POLICY)}
    return PastWanted(
        position=decision.facts_position,
        item_ids=demand_at(decided, channel).item_ids(),
        location_ids=None if zones else channel.sources,
        locations_position=decision.locations_position,
        truth_position=decided.position - 1,
        corrected_locations=decision.corrected_locations,
        hashes=hashes,
    )


def policy_names(decided: Decided) -> tuple[str, ...]:
    """Return the policies' versions that groups were routed by, each once: `nearest/3`."""
    return tuple(dict.fromkeys(one.policy for one in decided.decision.policies))


def recompute(
    decided: Decided,
    channel: ChannelSettings,
    facts: RoutingFacts,
    policies: Mapping[str, Policy],
) -> Recomputed:
    """Make a decision of this engine again, on facts as they were and `policies` by name."""
    request = request_of(decided, channel)
    seen = without_found_later(as_seen(facts, decided.decision), request)
    chosen = _by_group(decided.decision, request, policies)
    plan, groups = route_openly(request, seen, policies=chosen)
    differences = tuple(_differences(decided, channel, plan))
    return Recomputed(request, seen, plan, groups, chosen, differences)


def as_seen(facts: RoutingFacts, decision: RoutingDecision) -> RoutingFacts:
    """Return past facts with what the event keeps beside the log: true cells, work and days."""
    items = dict(facts.items)
    for cell in decision.corrected:
        item = items.get(cell.item_id)
        if item is not None:
            known = item.stock.get(cell.location_id, NOTHING_KNOWN)
            stock = {**item.stock, cell.location_id: replace(known, free=cell.free)}
            items[cell.item_id] = ItemFacts(item.item_id, item.attributes, stock)
    work = {one.location_id: one.open_fulfilments for one in decision.work}
    booked: dict[str, dict[date, int]] = {}
    for day in decision.days:
        booked.setdefault(day.location_id, {})[day.day] = day.booked
    locations = {
        location_id: _with_work(one, work.get(location_id, 0), booked.get(location_id, {}))
        for location_id, one in facts.locations.items()
    }
    return replace(facts, items=items, locations=Locations(locations))


def _with_work(location: LocationFacts, work: int, booked: Mapping[date, int]) -> LocationFacts:
    if not work and not booked:
        return location
    return replace(location, open_fulfilments=work, booked=booked)


def _by_group(
    decision: RoutingDecision, request: RoutingRequest, policies: Mapping[str, Policy]
) -> dict[str, Policy]:
    """Return each group's policy; an old event names one for all, with the group ""."""
    names = {one.group_id: one.policy for one in decision.policies}
    known = {DEFAULT_POLICY.name: DEFAULT_POLICY, **policies}
    found = ((group.group_id, names.get(group.group_id, names.get(""))) for group in request.groups)
    return {group_id: known[name] for group_id, name in found if name is not None}


def _found_for_nothing(decided: Decided, channel: ChannelSettings, plan: RoutingPlan) -> bool:
    """Say whether a plan to move work found parts of lines alone, where lines stay together."""
    moving = decided.cause == "suspended" and channel.split == "lines"
    asked = {(one.line_id, one.group_id) for one in decided.decision.asked}
    return moving and asked == {(one.line_id, one.group_id) for one in plan.shortages}


def _differences(decided: Decided, channel: ChannelSettings, plan: RoutingPlan) -> list[Difference]:
    taken = not _found_for_nothing(decided, channel, plan)
    recorded: dict[str, Any] = {
        "allocations": decided.allocations,
        "fulfilments": decided.fulfilments,
        **_figures(decided.decision),
    }
    recomputed: dict[str, Any] = {
        "allocations": plan.allocations if taken else (),
        "fulfilments": plan.fulfilments if taken else (),
        **_figures(plan.decision),
    }
    return [
        Difference(what, was, recomputed[what])
        for what, was in recorded.items()
        if was != recomputed[what]
    ]


def _figures(decision: RoutingDecision) -> dict[str, Any]:
    """Return what of a decision the engine says; what truth corrected is no answer of its."""
    return {
        "policies": decision.policies,
        "figures": decision.figures,
        "runners_up": decision.runners_up,
        "exclusions": decision.exclusions,
        "gap": decision.gap,
        "hashes": decision.hashes,
        "work": decision.work,
        "days": decision.days,
    }
