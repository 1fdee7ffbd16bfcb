"""What happened to a routing policy."""

from dataclasses import dataclass

from domain.base.messages import Event
from domain.routing.policy import Policy


@dataclass(frozen=True, slots=True)
class PolicyPublished(Event):
    """A version of a policy is in force from now on; `content` is the hash of its document.

    The policy is kept as the engine reads it, not as the document that it came from: a rule for
    documents may be tightened, and the version is read for ever.
    """

    policy: Policy
    content: str


@dataclass(frozen=True, slots=True)
class PolicyRetired(Event):
    """No version of the policy is in force."""

    reason: str
