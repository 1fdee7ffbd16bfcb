"""A way to decide, and what it decided: the engine under a policy, or a simple rule."""

from dataclasses import dataclass
from typing import Final, Protocol

from domain.routing.engine import route
from domain.routing.facts import RoutingFacts
from domain.routing.plan import PlannedAllocation, PlannedFulfilment, RoutingDecision
from domain.routing.policy import Policy
from domain.routing.request import RoutingRequest
from domain.routing.solver.search import LIMIT

WEIGH_SERVICES: Final = frozenset({"promise", "shipping-cost"})
"""Criteria under which a decision chooses between services."""

ServiceName = tuple[str, str]
"""(carrier, service)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes where, and how as far as the decision says; not exact: its search was cut short.

    `chose_services`: it weighed what services cost or when they arrive; else the services it
    names are only the first that take the goods.
    """

    allocations: tuple[PlannedAllocation, ...] = ()
    fulfilments: tuple[PlannedFulfilment, ...] = ()
    is_exact: bool = True
    chose_services: bool = False

    def services(self) -> dict[tuple[str, str], ServiceName]:
        """Return the services that the decision chose, by (group id, location id)."""
        if not self.chose_services:
            return {}
        return {
            (one.group_id, one.location_id): (one.carrier, one.service)
            for one in self.fulfilments
            if one.carrier is not None and one.service is not None
        }


class Strategy(Protocol):
    """Decides an order's open demand on facts; must be a pure function of both."""

    @property
    def name(self) -> str:
        """Return how reports name it."""

    def decide(self, request: RoutingRequest, facts: RoutingFacts) -> Answer:
        """Return what goes where; it obeys the hard constraints."""


@dataclass(frozen=True, slots=True)
class PolicyStrategy:
    """The exact engine, every delivery group under one policy."""

    policy: Policy
    limit: int = LIMIT

    @property
    def name(self) -> str:
        """Return the policy's name: `balanced/1`."""
        return self.policy.name

    def decide(self, request: RoutingRequest, facts: RoutingFacts) -> Answer:
        """Return the engine's plan."""
        policies = {group.group_id: self.policy for group in request.groups}
        plan = route(request, facts, self.limit, policies)
        return answer_of(plan.allocations, plan.fulfilments, plan.decision)


def answer_of(
    allocations: tuple[PlannedAllocation, ...],
    fulfilments: tuple[PlannedFulfilment, ...],
    decision: RoutingDecision,
) -> Answer:
    """Return the answer that a decision of the engine gave, now or in history."""
    return Answer(
        allocations,
        fulfilments,
        is_exact=not decision.gap,
        chose_services=any(one.criterion in WEIGH_SERVICES for one in decision.figures),
    )
