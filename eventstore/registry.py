"""The closed registry of event types: names and versions to classes and their JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from domain.base.messages import Event
from domain.base.personal import Seal
from domain.catalogue import EVENT_TYPES, EventType
from eventstore.errors import UnknownEventType
from eventstore.upcasting import UPCASTERS

Payload = dict[str, Any]
Upcaster = Callable[[Payload], Payload]


@dataclass(frozen=True, slots=True)
class _Known:
    type: EventType
    adapter: TypeAdapter[Any]


class Registry:
    """Encodes events to JSON bytes and back; knows a closed list of types."""

    def __init__(
        self,
        types: Iterable[EventType] = EVENT_TYPES,
        upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    ) -> None:
        """Build one adapter per type; `upcasters` lift a payload from a version to the next."""
        known = [_Known(type_, TypeAdapter(type_.cls)) for type_ in types]
        self._by_name: Final = {entry.type.name: entry for entry in known}
        self._by_class: Final = {entry.type.cls: entry for entry in known}
        self._upcasters: Final = upcasters

    def type_of(self, event: Event) -> EventType:
        """Return the type of an event.

        Raises:
            UnknownEventType: its class is not registered.
        """
        try:
            return self._by_class[type(event)].type
        except KeyError:
            msg = f"{type(event).__name__} is not in the list of event types"
            raise UnknownEventType(msg) from None

    def encode(self, event: Event, seal: Seal | None) -> bytes:
        """Return an event as JSON; personal data in it goes through the seal."""
        context = None if seal is None else {"seal": seal}
        return self._by_class[type(event)].adapter.dump_json(event, context=context)

    def decode(self, name: str, version: int, payload: bytes, seal: Seal) -> Event:
        """Return the event of a stored payload, lifted to the present version.

        Raises:
            UnknownEventType: the name or version is not known to this program.
        """
        entry = self._by_name.get(name)
        if entry is None:
            msg = f"the log holds an event of unknown type {name!r}"
            raise UnknownEventType(msg)
        if version != entry.type.version:
            payload = self._lift(entry.type, version, payload)
        event: Event = entry.adapter.validate_json(payload, context={"seal": seal})
        return event

    def _lift(self, wanted: EventType, version: int, payload: bytes) -> bytes:
        fields: Payload = orjson.loads(payload)
        for step in range(version, wanted.version):
            upcaster = self._upcasters.get((wanted.name, step))
            if upcaster is None:
                msg = f"nothing lifts {wanted.name} from version {step} to {step + 1}"
                raise UnknownEventType(msg)
            fields = upcaster(fields)
        if version > wanted.version:
            msg = f"{wanted.name} has version {version}; this program knows {wanted.version}"
            raise UnknownEventType(msg)
        return orjson.dumps(fields)
