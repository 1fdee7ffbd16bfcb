"""One-to-one upcasters: each lifts the payload of one event type from a version to the next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Payload = dict[str, Any]


def _more_optional_fields(payload: Payload) -> Payload:
    """Return the payload as it is: what is new has a default that says what was true before."""
    return payload


def _policies_by_group(payload: Payload) -> Payload:
    """Name the one policy of a decision for all groups."""
    decision = dict(payload["decision"])
    decision["policies"] = [{"group_id": "", "policy": decision.pop("policy")}]
    return payload | {"decision": decision}


UPCASTERS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = {
    ("LocationRegistered", 1): _more_optional_fields,
    ("LocationChanged", 1): _more_optional_fields,
    ("LocationSuspended", 1): _more_optional_fields,
    ("OrderPlaced", 1): _more_optional_fields,
    ("LinesAllocated", 1): _policies_by_group,
    ("RoutingFoundNothing", 1): _policies_by_group,
}
"""(type name, version) to the function that returns the payload of version + 1."""
