"""What may happen to a routing policy."""

from dataclasses import dataclass, replace
from typing import Final

from domain.base.messages import Event
from domain.policy.errors import (
    PolicyIsRetired,
    PolicyVersionTaken,
    ReservedPolicy,
    UnknownPolicy,
)
from domain.policy.events import PolicyPublished, PolicyRetired
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.policy_content import content_hash

RESERVED: Final = frozenset((DEFAULT_POLICY.policy_id, "schema"))
"""The engine's own policy, and what has that place in the API's addresses."""


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """A policy as it stands: its last version (0: none was published) and that one's content."""

    version: int = 0
    content: str = ""
    retired: bool = False


def evolve(state: RoutingPolicy, event: Event) -> RoutingPolicy:
    """Return the policy after an event."""
    match event:
        case PolicyPublished(policy, content):
            return RoutingPolicy(policy.version, content)
        case PolicyRetired():
            return replace(state, retired=True)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a routing policy")


def check_id(policy_id: str) -> None:
    """Check that an id means nothing else already.

    Raises:
        ReservedPolicy: it does.
    """
    if policy_id in RESERVED:
        raise ReservedPolicy(f"{policy_id!r} is no id for a policy; choose another", field="policy")


def publish(state: RoutingPolicy, policy: Policy) -> tuple[Event, ...]:
    """Put a version in force; the one that is in force already changes nothing.

    A retired policy comes back with a higher version.

    Raises:
        ReservedPolicy: the id means something else already.
        PolicyVersionTaken: the version is not above the last one.
    """
    check_id(policy.policy_id)
    content = content_hash(policy)
    if policy.version > state.version:
        return (PolicyPublished(policy, content),)
    if policy.version == state.version and content == state.content and not state.retired:
        return ()
    raise PolicyVersionTaken(
        f"Policy {policy.policy_id!r} {_why(state, policy)}; publish as version "
        f"{state.version + 1}",
        field="version",
        next_version=state.version + 1,
    )


def _why(state: RoutingPolicy, policy: Policy) -> str:
    if policy.version < state.version:
        return f"has come to version {state.version}"
    if state.retired:
        return f"was retired at version {state.version}"
    return f"has another content as version {state.version}, and versions are immutable"


def retire(policy_id: str, state: RoutingPolicy, reason: str) -> tuple[Event, ...]:
    """Take a policy out of force.

    Raises:
        UnknownPolicy: it was never published.
        PolicyIsRetired: it is out of force.
    """
    if not state.version:
        raise UnknownPolicy(f"No policy {policy_id!r} was published", field="policy_id")
    if state.retired:
        raise PolicyIsRetired(f"Policy {policy_id!r} is retired", field="policy_id")
    return (PolicyRetired(reason),)
