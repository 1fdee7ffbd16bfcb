"""The closed registry: golden samples of every event, unknown types, upcasters."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from domain.base.messages import Event
from domain.catalogue import EVENT_TYPES, EventType
from eventstore.errors import UnknownEventType
from eventstore.registry import Registry
from eventstore.sealing import CLOSED, DigestSeal

GOLDEN: Final = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("type_", EVENT_TYPES, ids=lambda type_: type_.name)
def test_every_version_of_every_event_has_a_golden_sample_that_still_reads(
    type_: EventType,
) -> None:
    """Each sample decodes, and the present version encodes back to the very same JSON."""
    registry = Registry()
    for version in range(1, type_.version + 1):
        sample = json.loads((GOLDEN / f"{type_.name}.v{version}.json").read_bytes())
        payload = json.dumps(sample).encode()
        event = registry.decode(type_.name, version, payload, DigestSeal())
        assert type(event) is type_.cls
        if version == type_.version:
            assert json.loads(registry.encode(event, DigestSeal())) == sample


def test_no_golden_sample_is_left_without_its_event() -> None:
    """Every file in tests/golden belongs to a version of a listed event."""
    expected = {f"{t.name}.v{v}.json" for t in EVENT_TYPES for v in range(1, t.version + 1)}
    assert {path.name for path in GOLDEN.glob("*.json")} == expected


def test_an_unknown_type_is_refused() -> None:
    """A type name that is not in the list raises, and imports nothing."""
    with pytest.raises(UnknownEventType, match=r"os\.system"):
        Registry().decode("os.system", 1, b"{}", CLOSED)


@dataclass(frozen=True, slots=True)
class _Renamed(Event):
    """An event whose second version has another field name."""

    name: str


def _second(payload: dict[str, Any]) -> dict[str, Any]:
    return {"name": payload["title"]}


def test_an_old_version_is_lifted_to_the_present_one() -> None:
    """An upcaster turns a payload of version 1 into one of version 2 before it is read."""
    registry = Registry([EventType("Renamed", 2, _Renamed)], {("Renamed", 1): _second})
    assert registry.decode("Renamed", 1, b'{"title": "a"}', CLOSED) == _Renamed("a")


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_nothing_lifts_is_refused(version: int) -> None:
    """A missing upcaster, or a version newer than this program, raises."""
    registry = Registry([EventType("Renamed", 2, _Renamed)], {})
    with pytest.raises(UnknownEventType, match="Renamed"):
        registry.decode("Renamed", version, b'{"name": "a"}', CLOSED)


def test_a_class_that_is_not_listed_cannot_be_written() -> None:
    """Asking for the type of an unlisted event raises."""
    with pytest.raises(UnknownEventType):
        Registry([]).type_of(_Renamed("a"))
