"""Histories drawn by seed: every type of event, on few ids, in plausible and in odd orders."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final, Literal
from uuid import UUID

from domain.base.messages import Event
from domain.base.personal import Personal
from domain.base.streams import (
    capacity_stream,
    channel_stream,
    hold_stream,
    item_stream,
    location_stream,
    order_stream,
    policy_stream,
    sku_stream,
    stock_stream,
    subject_stream,
)
from domain.catalogue import EVENT_TYPES
from eventstore.recorded import RecordedEvent

START: Final = datetime(2026, 1, 1, tzinfo=UTC)

_POOLS: Final[Mapping[str, tuple[Any, ...]]] = {
    "policy_id": ("near", "cheap"),
    "item_id": ("i1", "i2", "i3"),
    "location_id": ("L1", "L2", "L3"),
    "store": ("L1", "L2", None),
    "sources": ("L1", "L2", "L3"),
    "channel_id": ("web", "till"),
    "channels": ("web", "till"),
    "external_id": ("1", "2", "3"),
    "hold_id": ("h1", "h2", None),
    "customer_id": ("c1", "c2", None),
    "subject_id": ("s1", "s2", None),
    "order": ("order:web:1", "order:web:2"),
    "line_id": ("l1", "l2", "l3"),
    "group_id": ("g1", "g2"),
    "allocation_id": ("a1", "a2", "a3", "a4"),
    "backorder_id": ("b1", "b2"),
    "reservation_id": ("r1", "r2", "r3"),
    "expected_id": ("e1", "e2"),
    "shipment_id": ("p1", "p2"),
    "sku": ("A-1", "a-1", "Größe", "B 2"),
    "aliases": ("X", "Y", "Straße"),
    "currency": ("EUR", "GBP"),
    "prices": ("gross", "net"),
    "countries": ("DE", "GB"),
    "country": ("DE", "GB"),
    "time_zone": ("Europe/London",),
}
_TEXTS: Final = (
    "plain",
    "Ümläut 中文 🙂",
    'quote " and \\ and {brace}',
    "NULL",
    "a,b;c'd",
    "%s {}",
)


class Drawer:
    """Draws values of types from a seed."""

    def __init__(self, seed: int) -> None:
        """Begin at the seed."""
        self._random = Random(seed)

    def event(self, position: int, cls: type[Event] | None = None) -> RecordedEvent:
        """Return an event as if it were recorded at a position."""
        cls = cls or self._random.choice(EVENT_TYPES).cls
        at = START + timedelta(minutes=position)
        return RecordedEvent(
            position=position,
            stream=self._stream(cls),
            version=position,
            event_id=UUID(int=position),
            type=cls.__name__,
            schema_version=1,
            occurred_at=at - timedelta(seconds=self._random.randrange(86400)),
            recorded_at=at,
            actor="tester",
            command_id=UUID(int=1),
            correlation_id=UUID(int=2),
            causation_id=UUID(int=3),
            subject_id="s1",
            event=self.value(cls, ""),
        )

    def history(self, length: int) -> list[RecordedEvent]:
        """Return a history; the first events are more often those that others refer to."""
        first = [entry.cls for entry in EVENT_TYPES if entry.name.endswith(_BEGINNINGS)]
        return [
            self.event(
                position,
                self._random.choice(first) if self._random.random() * length > position else None,
            )
            for position in range(1, length + 1)
        ]

    def shuffle(self, events: list[RecordedEvent]) -> None:
        """Put events in any order."""
        self._random.shuffle(events)

    def value(self, kind: Any, name: str) -> Any:
        """Return a value of a type; `name` is the field that it is for."""
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is tuple:
            return self._tuple(arguments, name)
        if origin is Literal:
            return self._random.choice(arguments)
        if name in _POOLS:
            pool = [v for v in _POOLS[name] if v is not None or origin is types.UnionType]
            return self._random.choice(pool)
        if origin is types.UnionType:
            return self.value(self._random.choice(arguments), name)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind is not Personal:
            hints = typing.get_type_hints(kind)
            return kind(
                **{f.name: self.value(hints[f.name], f.name) for f in dataclasses.fields(kind)}
            )
        return self._plain[kind](self, name)

    def _tuple(self, arguments: tuple[Any, ...], name: str) -> tuple[Any, ...]:
        if arguments[-1] is not Ellipsis:
            return tuple(self.value(argument, name) for argument in arguments)
        return tuple(self.value(arguments[0], name) for _ in range(self._random.randrange(4)))

    def _decimal(self, name: str) -> Decimal:
        if name in {"quantity", "counted", "per_unit", "change", "step", "free"}:
            whole = Decimal(self._random.randrange(1, 20))
            value = (
                whole if self._random.random() < 0.8 else whole.scaleb(-self._random.randrange(5))
            )
            return -value if name == "change" and self._random.random() < 0.5 else value
        return Decimal(self._random.randrange(100_000)).scaleb(-2)

    def _text(self, name: str) -> str:
        del name
        return self._random.choice(_TEXTS)

    def _stream(self, cls: type[Event]) -> str:
        context = cls.__module__.split(".")[1]
        if cls.__name__.startswith("Sku"):
            return sku_stream(self._of("sku"))
        return _STREAMS[context](self)

    def _of(self, name: str) -> Any:
        return self._random.choice([value for value in _POOLS[name] if value is not None])

    _plain: Final[Mapping[Any, Callable[["Drawer", str], Any]]] = {
        str: _text,
        Decimal: _decimal,
        int: lambda self, _: self._random.randrange(100),
        float: lambda self, _: self._random.randrange(-9000, 9000) / 100,
        bool: lambda self, _: self._random.random() < 0.5,
        datetime: lambda self, _: START + timedelta(minutes=self._random.randrange(100_000)),
        date: lambda self, _: START.date() + timedelta(days=self._random.randrange(60)),
        Personal: lambda *_: Personal("Ada Lovelace, 1 High Street"),
        type(None): lambda *_: None,
    }


_BEGINNINGS: Final = (
    "Registered",
    "Opened",
    "Published",
    "OrderPlaced",
    "StockReceived",
    "LinesAllocated",
    "BasketHeld",
)
_STREAMS: Final[Mapping[str, Callable[[Drawer], str]]] = {
    "item": lambda draw: item_stream(draw._of("item_id")),
    "channel": lambda draw: channel_stream(draw._of("channel_id")),
    "location": lambda draw: location_stream(draw._of("location_id")),
    "stock": lambda draw: stock_stream(draw._of("item_id"), draw._of("location_id")),
    "hold": lambda draw: hold_stream(draw._of("channel_id"), draw._of("hold_id")),
    "order": lambda draw: order_stream(draw._of("channel_id"), draw._of("external_id")),
    "capacity": lambda draw: capacity_stream(
        draw._of("location_id"), START.date() + timedelta(days=draw._random.randrange(4))
    ),
    "policy": lambda draw: policy_stream(draw._of("policy_id")),
    "subject": lambda draw: subject_stream(draw._of("subject_id")),
}
