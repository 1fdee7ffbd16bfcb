"""A person is erased once, with their key, in one append."""

from domain.subject.commands import EraseSubject
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased
from tests.support.commands import ask
from tests.support.specification import given_nothing

ERASE = ask(EraseSubject, subject_id="p-1", reason="request")


def test_erasing_records_it_and_names_the_key_to_destroy() -> None:
    """The decision says whose key goes in the same append."""
    outcome = given_nothing().when(ERASE)
    outcome.then("subject:p-1", SubjectErased("request")).then_only("subject:p-1")
    assert outcome.decision is not None
    assert outcome.decision.erases == "p-1"


def test_a_person_is_erased_once() -> None:
    """A second erasure is refused."""
    again = ask(EraseSubject, subject_id="p-1", reason="other")
    given_nothing().when(ERASE).and_when(again).refused(SubjectIsErased, field="subject_id")
