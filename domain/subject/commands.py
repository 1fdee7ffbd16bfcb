"""What can be asked about persons."""

from typing import ClassVar

from domain.base.messages import Command
from domain.base.text import ExternalId, Line


class EraseSubject(Command):
    """Destroy a person's key, so that nothing sealed with it can be read again."""

    command_type: ClassVar[str] = "EraseSubject"

    subject_id: ExternalId
    reason: Line
