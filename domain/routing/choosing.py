"""Which policy a delivery group is routed by.

Of the active policies that are for the group, the one that names most about it: its customer
group before its service, that before its channel, that before its market. Of those that name
the same, the one published last; where none is for the group, the default policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.policy_content import content_hash
from domain.routing.request import RoutingGroup, RoutingRequest


@dataclass(frozen=True, slots=True)
class ActivePolicy:
    """A policy's newest version while it is not retired.

    `published` rises with the order in which policies were published.
    """

    policy: Policy
    published: int

    @property
    def content(self) -> str:
        """Return the hash that names the document."""
        return content_hash(self.policy)


def choose(
    request: RoutingRequest, group: RoutingGroup, active: Sequence[ActivePolicy]
) -> ActivePolicy | None:
    """Return the policy that a group is routed by, None for the default policy."""
    fitting = [one for one in active if _is_for(one.policy, request, group)]
    return max(fitting, key=_precedence) if fitting else None


def policy_of(
    request: RoutingRequest, group: RoutingGroup, active: Sequence[ActivePolicy]
) -> Policy:
    """Return the policy that a group is routed by."""
    chosen = choose(request, group, active) if active else None
    return DEFAULT_POLICY if chosen is None else chosen.policy


def policies_of(
    request: RoutingRequest,
    active: Sequence[ActivePolicy],
    instead: Mapping[str, Policy] | None = None,
) -> dict[str, Policy]:
    """Return each group's policy by its id: that in `instead`, else the one chosen."""
    given = instead or {}
    return {
        group.group_id: given.get(group.group_id) or policy_of(request, group, active)
        for group in request.groups
    }


def hashes_of(policies: Mapping[str, Policy]) -> dict[str, str]:
    """Return by `policy:ID/VERSION` the content of policies; the engine names the default one."""
    return {
        f"policy:{policy.name}": content_hash(policy)
        for policy in policies.values()
        if policy is not DEFAULT_POLICY
    }


def effective_priority(request: RoutingRequest, active: Sequence[ActivePolicy]) -> int:
    """Return an order's priority: its own, or what a policy gives its customers, if greater."""
    if not active or request.customer_group is None:
        return request.priority
    given = [
        dict(policy.priorities).get(request.customer_group, 0)
        for policy in policies_of(request, active).values()
    ]
    return max([request.priority, *given])


def _is_for(policy: Policy, request: RoutingRequest, group: RoutingGroup) -> bool:
    audience = policy.applies_to
    return (
        (not audience.markets or group.destination.country in audience.markets)
        and (not audience.channels or request.channel_id in audience.channels)
        and (not audience.customer_groups or request.customer_group in audience.customer_groups)
        and (not audience.services or group.service in audience.services)
    )


def _precedence(one: ActivePolicy) -> tuple[bool, bool, bool, bool, int]:
    audience = one.policy.applies_to
    return (
        bool(audience.customer_groups),
        bool(audience.services),
        bool(audience.channels),
        bool(audience.markets),
        one.published,
    )
