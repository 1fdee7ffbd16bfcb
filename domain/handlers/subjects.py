"""Erasing a person."""

from collections.abc import Iterable
from typing import Any

from domain.base.handling import Decision, Handler, Json, View
from domain.base.streams import StreamId, subject_stream
from domain.subject import decider
from domain.subject.commands import EraseSubject


class EraseSubjectHandler(Handler[EraseSubject]):
    """Destroys a person's key and records that it was destroyed, in one append."""

    def streams(self, command: EraseSubject) -> Iterable[StreamId]:
        """Read the person."""
        return (subject_stream(command.subject_id),)

    def decide(self, command: EraseSubject, plan: Any, view: View) -> Decision:
        """Erase the person."""
        del plan
        stream = subject_stream(command.subject_id)
        events = decider.erase(view.state(stream), reason=command.reason)
        outcome: dict[str, Json] = {"subject_id": command.subject_id, "erased": True}
        return Decision({stream: events}, outcome, erases=command.subject_id)
