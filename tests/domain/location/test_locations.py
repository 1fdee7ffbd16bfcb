"""Locations are registered, changed, suspended and resumed."""

from typing import Any

import pytest

from domain.base.messages import Command
from domain.location.commands import (
    ChangeLocation,
    RegisterLocation,
    ResumeLocation,
    SuspendLocation,
)
from domain.location.decider import Location
from domain.location.errors import (
    LocationExists,
    LocationIsOpen,
    LocationIsSuspended,
    UnknownLocation,
)
from domain.location.events import (
    LocationAttributes,
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)
from tests.support.commands import ask
from tests.support.specification import given, given_nothing

FORM: dict[str, Any] = {
    "name": "Hub",
    "kind": "warehouse",
    "country": "DE",
    "time_zone": "Europe/Berlin",
}
HUB = LocationAttributes(name="Hub", kind="warehouse", country="DE", time_zone="Europe/Berlin")
SUSPEND = ask(SuspendLocation, location_id="hub", reason="flood")
RESUME = ask(ResumeLocation, location_id="hub")


def test_a_location_is_registered_open() -> None:
    """Days are sorted, and what is named twice counts once."""
    form = {**FORM, "open_days": [5, 1, 2, 3, 4, 1]}
    outcome = given_nothing().when(ask(RegisterLocation, location_id="hub", location=form))
    outcome.then("location:hub", LocationRegistered(HUB)).then_only("location:hub")
    assert outcome.state("location:hub") == Location(HUB, suspended=False)


def test_a_location_is_registered_once() -> None:
    """A second registration is refused."""
    command = ask(RegisterLocation, location_id="hub", location=FORM)
    world = given("location:hub", LocationRegistered(HUB))
    world.when(command).refused(LocationExists, field="location_id")


def test_a_change_replaces_attributes_and_keeps_the_suspension() -> None:
    """No change leaves no event."""
    world = given("location:hub", LocationRegistered(HUB), LocationSuspended("flood"))
    world.when(ask(ChangeLocation, location_id="hub", location=FORM)).then_nothing()
    command = ask(ChangeLocation, location_id="hub", location={**FORM, "city": "Köln"})
    outcome = world.when(command)
    there = LocationAttributes(
        name="Hub", kind="warehouse", country="DE", time_zone="Europe/Berlin", city="Köln"
    )
    outcome.then("location:hub", LocationChanged(there))
    assert outcome.state("location:hub") == Location(there, suspended=True)


def test_a_location_is_suspended_and_resumed_by_turns() -> None:
    """Suspending what is suspended and resuming what is open is refused."""
    world = given("location:hub", LocationRegistered(HUB))
    world.when(RESUME).refused(LocationIsOpen)
    suspended = world.when(SUSPEND).then("location:hub", LocationSuspended("flood", move_work=True))
    suspended.and_when(SUSPEND).refused(LocationIsSuspended)
    suspended.and_when(RESUME).then("location:hub", LocationResumed())


@pytest.mark.parametrize(
    "command", [SUSPEND, RESUME, ask(ChangeLocation, location_id="hub", location=FORM)]
)
def test_only_a_registered_location_changes(command: Command) -> None:
    """A location that nobody registered is refused."""
    given_nothing().when(command).refused(UnknownLocation, field="location_id", location_id="hub")
