"""Channels are opened and changed with sources that exist."""

from typing import Any

import pytest

from domain.channel.commands import ChangeChannel, OpenChannel
from domain.channel.errors import ChannelExists, UnknownChannel
from domain.channel.events import ChannelChanged, ChannelOpened, ChannelSettings
from domain.location.errors import UnknownLocation
from domain.location.events import LocationAttributes, LocationRegistered
from tests.support.commands import ask
from tests.support.specification import Given, given

HUB = LocationAttributes(name="Hub", kind="warehouse", country="DE", time_zone="Europe/Berlin")
FORM: dict[str, Any] = {"name": "Web", "currency": "EUR", "sources": ["hub"]}
SETTINGS = ChannelSettings(
    name="Web", currency="EUR", prices="gross", time_zone="UTC", sources=("hub",)
)


def hub() -> Given:
    """Return a world with one location."""
    return given("location:hub", LocationRegistered(HUB))


def test_a_channel_opens_with_its_rules() -> None:
    """Sources named twice count once."""
    command = ask(OpenChannel, channel_id="web", channel={**FORM, "sources": ["hub", "hub"]})
    outcome = hub().when(command)
    outcome.then("channel:web", ChannelOpened(SETTINGS)).then_only("channel:web")
    outcome.answers(channel_id="web", changed=True)


def test_a_channel_of_goods_sold_already_says_so() -> None:
    """The capture mode `told` is kept."""
    command = ask(OpenChannel, channel_id="web", channel={**FORM, "capture_mode": "told"})
    assert hub().when(command).state("channel:web").settings.capture_mode == "told"


def test_a_channel_opens_once() -> None:
    """A second opening is refused."""
    opened = hub().given("channel:web", ChannelOpened(SETTINGS))
    command = ask(OpenChannel, channel_id="web", channel=FORM)
    opened.when(command).refused(ChannelExists, field="channel_id")


@pytest.mark.parametrize("command", [OpenChannel, ChangeChannel])
def test_sources_are_registered_locations(command: type[OpenChannel | ChangeChannel]) -> None:
    """An unknown source is refused by name."""
    world = hub()
    if command is ChangeChannel:
        world = world.given("channel:web", ChannelOpened(SETTINGS))
    form = {**FORM, "sources": ["hub", "moon"]}
    outcome = world.when(ask(command, channel_id="web", channel=form))
    outcome.refused(UnknownLocation, field="channel.sources", location_id="moon")


def test_a_change_replaces_the_rules_and_no_change_leaves_no_event() -> None:
    """The second, equal change appends nothing."""
    opened = hub().given("channel:web", ChannelOpened(SETTINGS))
    opened.when(ask(ChangeChannel, channel_id="web", channel=FORM)).then_nothing()
    changed = ask(ChangeChannel, channel_id="web", channel={**FORM, "backorders": True})
    outcome = opened.when(changed)
    expected = ChannelSettings(
        name="Web",
        currency="EUR",
        prices="gross",
        time_zone="UTC",
        sources=("hub",),
        backorders=True,
    )
    outcome.then("channel:web", ChannelChanged(expected)).and_when(changed).then_nothing()


def test_only_an_open_channel_changes() -> None:
    """A channel that nobody opened is refused."""
    command = ask(ChangeChannel, channel_id="web", channel=FORM)
    hub().when(command).refused(UnknownChannel, field="channel_id")
