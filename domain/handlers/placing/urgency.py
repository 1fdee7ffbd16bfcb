"""How urgent a new order is beside others that arrive with it, before anything is loaded."""

from domain.order.commands import GroupInput, PlaceOrder
from domain.order.groups import ONLY_GROUP
from domain.routing.choosing import effective_priority
from domain.routing.facts import RoutingFacts
from domain.routing.request import Place, RoutingGroup, RoutingRequest

NOWHERE = Place("")
"""Where nobody knows the country; no policy is for it alone."""


def urgency_of(command: PlaceOrder, facts: RoutingFacts | None) -> int:
    """Return an order's own priority, or the one that its customers' policy gives, if greater."""
    if facts is None or not facts.policies or command.customer_group is None:
        return command.priority
    groups = command.groups or (GroupInput(id=ONLY_GROUP),)
    request = RoutingRequest(
        order="",
        channel_id=command.channel_id,
        now=command.now,
        groups=tuple([_group(group, command, facts) for group in groups]),
        candidates=(),
        priority=command.priority,
        customer_group=command.customer_group,
    )
    return effective_priority(request, facts.policies)


def _group(group: GroupInput, command: PlaceOrder, facts: RoutingFacts) -> RoutingGroup:
    return RoutingGroup(
        group_id=group.id,
        method=group.method,
        destination=_place(group, command, facts),
        lines=(),
        store=group.store,
        service=group.service,
    )


def _place(group: GroupInput, command: PlaceOrder, facts: RoutingFacts) -> Place:
    if group.method != "ship":
        store = facts.locations.get(group.store or "")
        return NOWHERE if store is None else Place(store.attributes.country)
    goal = group.destination or command.destination
    return NOWHERE if goal is None else Place(goal.country)
