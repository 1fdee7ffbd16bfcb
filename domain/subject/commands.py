"""What can be asked about persons."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from domain.base.messages import Command
from domain.base.text import clean_line

SubjectId = Annotated[
    str, AfterValidator(clean_line), StringConstraints(min_length=1, max_length=200)
]
"""A person's id, 1 to 200 characters.

`customer:CHANNEL:CUSTOMER_ID`, or for a guest `order:CHANNEL:EXTERNAL_ID`.
"""

EraseReason = Literal["request", "retention", "other"]
"""Why a person is erased: they asked, the time to keep their data is over, or another cause."""


class EraseSubject(Command):
    """Destroy a person's key, so that nothing sealed with it can be read again."""

    command_type: ClassVar[str] = "EraseSubject"

    subject_id: SubjectId
    reason: EraseReason
