"""Registering and changing items, with the SKU streams that keep names unique."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.base.handling import Decision, Handler, Json, Need, View
from domain.base.messages import Event
from domain.base.streams import StreamId, item_stream
from domain.item import decider
from domain.item.commands import ChangeItem, RegisterItem
from domain.item.events import ItemAttributes


def _streams(command: RegisterItem | ChangeItem) -> Iterable[StreamId]:
    yield item_stream(command.item_id)
    yield from decider.names_of(decider.attributes_of(command.item))
    for part in command.item.components:
        yield item_stream(part.item_id)


def _components(command: RegisterItem | ChangeItem, view: View) -> dict[str, decider.Item]:
    parts = command.item.components
    return {part.item_id: view.state(item_stream(part.item_id)) for part in parts}


def _skus(attributes: ItemAttributes, view: View) -> dict[StreamId, decider.Sku]:
    return {stream: view.state(stream) for stream in decider.names_of(attributes)}


def _decision(
    command: RegisterItem | ChangeItem, events: Mapping[StreamId, Sequence[Event]]
) -> Decision:
    outcome: dict[str, Json] = {
        "item_id": command.item_id,
        "sku": command.item.sku,
        "changed": bool(events),
    }
    return Decision(events, outcome)


class RegisterItemHandler(Handler[RegisterItem]):
    """Makes an item known under its SKU and aliases."""

    def streams(self, command: RegisterItem) -> Iterable[StreamId]:
        """Read the item, its names and its components."""
        return _streams(command)

    def decide(self, command: RegisterItem, plan: Any, view: View) -> Decision:
        """Register the item and assign its names."""
        del plan
        attributes = decider.attributes_of(command.item)
        events = decider.register(
            command.item_id,
            view.state(item_stream(command.item_id)),
            attributes,
            _skus(attributes, view),
            _components(command, view),
        )
        return _decision(command, events)


class ChangeItemHandler(Handler[ChangeItem]):
    """Replaces an item's attributes, and assigns and withdraws names with them."""

    def streams(self, command: ChangeItem) -> Iterable[StreamId]:
        """Read the item, its names and its components."""
        return _streams(command)

    def decide(self, command: ChangeItem, plan: Any, view: View) -> Decision | Need:
        """Change the item; the names that it loses are read too."""
        del plan
        item: decider.Item = view.state(item_stream(command.item_id))
        if item.attributes is not None:
            missing = view.missing(decider.names_of(item.attributes))
            if missing:
                return Need(missing)
        attributes = decider.attributes_of(command.item)
        events = decider.change(
            command.item_id,
            item,
            attributes,
            _skus(attributes, view),
            _components(command, view),
        )
        return _decision(command, events)
