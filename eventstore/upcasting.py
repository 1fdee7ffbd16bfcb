"""One-to-one upcasters: each lifts the payload of one event type from a version to the next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

UPCASTERS: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""(type name, version) to the function that returns the payload of version + 1."""
