"""What happened to a person's data."""

from dataclasses import dataclass

from domain.base.messages import Event


@dataclass(frozen=True, slots=True)
class SubjectErased(Event):
    """The person's key was destroyed: what was sealed with it can never be read again."""

    reason: str
