"""What can be asked of routing policies."""

from typing import ClassVar

from domain.base.messages import Command
from domain.base.text import Code, Line
from domain.routing.policy_form import PolicyForm


class PublishPolicy(Command):
    """Put a version of a policy in force."""

    command_type: ClassVar[str] = "PublishPolicy"

    policy: PolicyForm


class RetirePolicy(Command):
    """Take a policy out of force."""

    command_type: ClassVar[str] = "RetirePolicy"

    policy_id: Code
    reason: Line
