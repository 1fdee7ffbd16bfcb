"""Registering, changing, suspending and resuming locations."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.base.handling import Decision, Handler, View
from domain.base.messages import Event
from domain.base.streams import StreamId, location_stream
from domain.location import decider
from domain.location.commands import (
    ChangeLocation,
    RegisterLocation,
    ResumeLocation,
    SuspendLocation,
)


def _decision(location_id: str, events: Sequence[Event]) -> Decision:
    appended = {location_stream(location_id): events} if events else {}
    return Decision(appended, {"location_id": location_id, "changed": bool(events)})


class RegisterLocationHandler(Handler[RegisterLocation]):
    """Makes a location known and open."""

    def streams(self, command: RegisterLocation) -> Iterable[StreamId]:
        """Read the location."""
        return (location_stream(command.location_id),)

    def decide(self, command: RegisterLocation, plan: Any, view: View) -> Decision:
        """Register the location."""
        del plan
        location_id = command.location_id
        attributes = decider.attributes_of(command.location)
        state = view.state(location_stream(location_id))
        return _decision(location_id, decider.register(location_id, state, attributes))


class ChangeLocationHandler(Handler[ChangeLocation]):
    """Replaces a location's attributes."""

    def streams(self, command: ChangeLocation) -> Iterable[StreamId]:
        """Read the location."""
        return (location_stream(command.location_id),)

    def decide(self, command: ChangeLocation, plan: Any, view: View) -> Decision:
        """Change the location."""
        del plan
        location_id = command.location_id
        attributes = decider.attributes_of(command.location)
        state = view.state(location_stream(location_id))
        return _decision(location_id, decider.change(location_id, state, attributes))


class SuspendLocationHandler(Handler[SuspendLocation]):
    """Gives a location no new work."""

    def streams(self, command: SuspendLocation) -> Iterable[StreamId]:
        """Read the location."""
        return (location_stream(command.location_id),)

    def decide(self, command: SuspendLocation, plan: Any, view: View) -> Decision:
        """Suspend the location."""
        del plan
        location_id = command.location_id
        state = view.state(location_stream(location_id))
        events = decider.suspend(
            location_id, state, reason=command.reason, move_work=command.move_work
        )
        return _decision(location_id, events)


class ResumeLocationHandler(Handler[ResumeLocation]):
    """Gives a location work again."""

    def streams(self, command: ResumeLocation) -> Iterable[StreamId]:
        """Read the location."""
        return (location_stream(command.location_id),)

    def decide(self, command: ResumeLocation, plan: Any, view: View) -> Decision:
        """Resume the location; its queues are served at the next rise of each stock item."""
        del plan
        location_id = command.location_id
        state = view.state(location_stream(location_id))
        return _decision(location_id, decider.resume(location_id, state))
