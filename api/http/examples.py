"""Examples of every operation, shown in the OpenAPI document; a test sends each of them.

They tell one story, in the order of `examples.json`: a location, an item, a channel, stock, an
order and what becomes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

import orjson


@dataclass(frozen=True, slots=True)
class Example:
    """A request's parameters and body, and what is answered."""

    answer: Any
    body: Any = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


def _read() -> dict[str, Example]:
    text = files("api.http").joinpath("examples.json").read_bytes()
    return {name: Example(**example) for name, example in orjson.loads(text).items()}


EXAMPLES: Final[Mapping[str, Example]] = _read()
"""By operation id."""
