"""What may happen to a person's data."""

from dataclasses import dataclass

from domain.base.messages import Event
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased


@dataclass(frozen=True, slots=True)
class Subject:
    """A person whose data is sealed with a key of their own, and whether it was destroyed."""

    erased: bool = False


def evolve(subject: Subject, event: Event) -> Subject:
    """Return the subject after an event."""
    del subject
    match event:
        case SubjectErased():
            return Subject(erased=True)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a subject")


def erase(subject: Subject, *, reason: str) -> tuple[Event, ...]:
    """Erase a person, known or not: nothing about them can be read or taken from now on.

    Raises:
        SubjectIsErased: they are.
    """
    check_not_erased(subject)
    return (SubjectErased(reason),)


def check_not_erased(subject: Subject) -> None:
    """Check that new personal data may be taken.

    Raises:
        SubjectIsErased: the person was erased.
    """
    if subject.erased:
        raise SubjectIsErased("The person was erased", field="subject_id")
