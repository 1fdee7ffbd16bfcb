"""Persons: erasing what the log holds about one, by destroying the key it is sealed with."""

from typing import Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from api.http.access import administrator
from api.http.faults import build
from api.http.routing import router
from api.http.sending import Accepted, Posting
from domain.subject.commands import EraseReason, EraseSubject, SubjectId

routes: Final = router("persons")


class Erasure(BaseModel):
    """Whom to erase, as `subject_id` of the order names the person, and why."""

    model_config = ConfigDict(extra="forbid")

    subject_id: SubjectId
    reason: EraseReason


class Erased(Accepted):
    """The person's key is destroyed."""

    subject_id: str


@routes.post("/subjects/erasures", dependencies=[Depends(administrator)])
def erase_subject(body: Erasure, sender: Posting) -> Erased:
    """Erase a person: nothing sealed with the person's key can ever be read again."""
    command = build(EraseSubject, **sender.stamp(), subject_id=body.subject_id, reason=body.reason)
    return Erased(subject_id=body.subject_id, position=sender.accept(command).position)
