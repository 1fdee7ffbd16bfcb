"""Where the quantities that no location has wait for goods."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from domain.base.handling import View
from domain.base.messages import Command
from domain.base.quantity import ZERO, plain
from domain.base.streams import StreamId, stock_stream
from domain.handlers.placing.demand import Demand, can_queue
from domain.order.events import Backorder
from domain.routing.choosing import policies_of
from domain.routing.constraints import eligible
from domain.routing.facts import RoutingFacts
from domain.routing.plan import RoutingPlan
from domain.routing.request import RoutingRequest
from domain.stock.serving import has_room, promise_for

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def choose_queues(
    command: Command,
    demand: Demand,
    request: RoutingRequest,
    facts: RoutingFacts,
    plan: RoutingPlan,
    *,
    held: Mapping[StreamId, Decimal],
    view: View,
) -> tuple[Backorder, ...]:
    """Return the backorders of a plan: each where receipts cover it first, else at the first.

    Kits are left out, and lines that no open location may serve or whose queues are full
    there. `held` is what the plan itself takes from each stock item. What is picked up waits
    at its store. A group that must not be split waits in one place.
    """
    groups = {group.group_id: group for group in request.groups}
    policies = policies_of(request, facts.policies)
    places = {
        group_id: tuple(
            [
                place
                for place in eligible(request, group, facts, {}, policies[group_id])
                if group.store in (None, place)
            ]
        )
        for group_id, group in groups.items()
    }
    if request.split == "never":
        for planned in plan.allocations:
            places[planned.group_id] = (planned.location_id,)
    ahead = dict(held)
    joining: Counter[StreamId] = Counter()
    backorders: list[Backorder] = []
    for short in plan.shortages:
        line = demand.lines[short.line_id]
        if not can_queue(line):
            continue
        due: dict[str, datetime] = {}
        for place in places[short.group_id]:
            stream = stock_stream(line.item_id, place)
            if not has_room(view.state(stream), joining[stream] + 1):
                continue
            promise = promise_for(
                view.state(stream),
                short.quantity + ahead.get(stream, ZERO),
                priority=demand.priority,
                now=command.now,
            )
            due[place] = promise or _NEVER
        if not due:
            continue
        chosen = min(due, key=due.__getitem__)
        if request.split == "never":
            places[short.group_id] = (chosen,)
        stream = stock_stream(line.item_id, chosen)
        joining[stream] += 1
        ahead[stream] = ahead.get(stream, ZERO) + short.quantity
        backorders.append(
            Backorder(
                backorder_id=command.new_id("backorder", len(backorders)),
                line_id=short.line_id,
                group_id=short.group_id,
                location_id=chosen,
                quantity=plain(short.quantity),
            )
        )
    return tuple(backorders)
