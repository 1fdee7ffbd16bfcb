"""Refusals: business rules that said no, as one family.

    Refusal                     the command is well formed, and refused
    ├── NotFound                what it names does not exist
    │   ├── UnknownItem, UnknownLocation, UnknownChannel, UnknownOrder ...
    ├── AlreadyExists           what it creates exists
    └── Conflict                the state forbids it
        ├── InsufficientStock, ...

Each context defines its own in its `errors.py`. A refusal states the fact in its message,
names the field at fault where there is one, and keeps figures as structured members.
"""

from collections.abc import Mapping
from typing import ClassVar

Member = str | int | bool | list[str] | list[dict[str, str]] | None
Members = Mapping[str, Member]


class Refusal(Exception):
    """A business rule refused the command; nothing was changed.

    `code` is stable and becomes the last part of the problem type's URI.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The command was refused"

    def __init__(self, detail: str, *, field: str | None = None, **members: Member) -> None:
        """State the fact in `detail`; name the input `field` at fault, if one is."""
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.members: Members = members


class NotFound(Refusal):
    """What the command names does not exist."""

    code = "not-found"
    title = "Not found"


class AlreadyExists(Refusal):
    """What the command would create exists already."""

    code = "already-exists"
    title = "Exists already"


class Conflict(Refusal):
    """The present state forbids the command."""

    code = "conflict"
    title = "The present state forbids it"


class Invalid(Refusal):
    """The command contradicts itself or what it refers to."""

    code = "invalid"
    title = "The command is not valid"
