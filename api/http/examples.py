"""Examples of every operation, shown in the OpenAPI document; a test sends each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Example:
    """A request's parameters and body, and what is answered."""

    answer: Any
    body: Any = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


EXAMPLES: Final[Mapping[str, Example]] = {}
