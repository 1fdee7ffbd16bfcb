"""A published policy decides for an order: its priority, and where its backorders may wait."""

from dataclasses import replace

import pytest

from domain.order.commands import DestinationInput
from domain.order.events import LinesAllocated, OrderPlaced, RoutingFoundNothing
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import NO_FACTS
from domain.routing.policy import DEFAULT_POLICY, Audience, Constraints, Policy
from tests.domain.order.shop import ORDER, given_shop, line, place
from tests.support.specification import Outcome

VIPS = replace(DEFAULT_POLICY, policy_id="vips", priorities=(("vip", 7),))
STRICT = replace(
    DEFAULT_POLICY,
    policy_id="strict",
    constraints=Constraints(require=("export",)),
    applies_to=Audience(markets=("DE",)),
)
BERLIN = DestinationInput(country="DE", postal_code="10115", latitude=52.5, longitude=13.4)


def placed(*policies: Policy, **fields: object) -> Outcome:
    """Place an order of one tea under policies, with one in the north."""
    active = tuple(ActivePolicy(policy, n) for n, policy in enumerate(policies, start=1))
    world = given_shop(tea_north="1").given_facts(replace(NO_FACTS, policies=active))
    return world.when(place(line("TEA", str(fields.pop("wanted", "1"))), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("group", "own", "priority"), [("vip", 2, 7), ("vip", 9, 9), ("staff", 2, 2), (None, 0, 0)]
)
def test_the_greater_priority_is_recorded_and_reserved_with(
    group: str | None, own: int, priority: int
) -> None:
    """Queues and lost reservations follow what stands in the order's events."""
    outcome = placed(VIPS, customer_group=group, priority=own)
    order = outcome.world.log[ORDER][0]
    assert isinstance(order, OrderPlaced)
    assert order.priority == priority
    [held] = outcome.state("stock:tea@north").reservations.values()
    assert held.priority == priority


def test_backorders_wait_only_where_the_policy_lets_them() -> None:
    """No place of the shop exports: with the strict policy for Germany nothing waits anywhere."""
    order = placed(channel="later", destination=BERLIN, wanted=3).world.log["order:later:1001"]
    assert isinstance(order[1], LinesAllocated)
    assert sum(one.quantity for one in order[1].backorders) == 2
    order = placed(STRICT, channel="later", destination=BERLIN, wanted=3).world.log[
        "order:later:1001"
    ]
    assert isinstance(order[1], RoutingFoundNothing)
    assert [one.policy for one in order[1].decision.policies] == ["strict/1"]
    abroad = placed(STRICT, channel="later", wanted=3).world.log["order:later:1001"]
    assert isinstance(abroad[1], LinesAllocated)
    assert sum(one.quantity for one in abroad[1].backorders) == 2
