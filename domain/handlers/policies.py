"""Publishing and retiring routing policies."""

from collections.abc import Iterable
from typing import Any

from domain.base.handling import Decision, Handler, Json, View
from domain.base.streams import StreamId, policy_stream
from domain.policy import decider
from domain.policy.commands import PublishPolicy, RetirePolicy
from domain.routing.policy_content import content_hash


class PublishPolicyHandler(Handler[PublishPolicy]):
    """Puts a version in force."""

    def streams(self, command: PublishPolicy) -> Iterable[StreamId]:
        """Read the policy."""
        return (policy_stream(command.policy.policy),)

    def decide(self, command: PublishPolicy, plan: Any, view: View) -> Decision:
        """Publish, unless it is what is in force."""
        del plan
        policy = command.policy.to_policy()
        stream = policy_stream(policy.policy_id)
        events = decider.publish(view.state(stream), policy)
        outcome: dict[str, Json] = {
            "policy_id": policy.policy_id,
            "version": policy.version,
            "content": content_hash(policy),
            "changed": bool(events),
        }
        return Decision({stream: events} if events else {}, outcome)


class RetirePolicyHandler(Handler[RetirePolicy]):
    """Takes a policy out of force."""

    def streams(self, command: RetirePolicy) -> Iterable[StreamId]:
        """Read the policy."""
        return (policy_stream(command.policy_id),)

    def decide(self, command: RetirePolicy, plan: Any, view: View) -> Decision:
        """Retire."""
        del plan
        stream = policy_stream(command.policy_id)
        state = view.state(stream)
        events = decider.retire(command.policy_id, state, command.reason)
        return Decision(
            {stream: events}, {"policy_id": command.policy_id, "version": state.version}
        )
