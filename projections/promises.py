"""What an order's delivery groups are promised, as rows keep it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.order.events import GroupPromise

Promises = dict[str, dict[str, Any]]
"""Instants (RFC 3339, or None) `ship_by`, `deliver_by`, `first_ship_by`, `first_deliver_by`."""


def promised(before: Promises, new: Iterable[GroupPromise]) -> Promises:
    """Return the promises after new ones; a group keeps the first it was given."""
    after = dict(before)
    for promise in new:
        ship_by, deliver_by = _text(promise.ship_by), _text(promise.deliver_by)
        old = before.get(promise.group_id)
        after[promise.group_id] = {
            "ship_by": ship_by,
            "deliver_by": deliver_by,
            "first_ship_by": old["first_ship_by"] if old else ship_by,
            "first_deliver_by": old["first_deliver_by"] if old else deliver_by,
        }
    return after


def latest(promises: Mapping[str, Mapping[str, Any]], which: str) -> datetime | None:
    """Return the latest `ship_by` or `deliver_by` of all groups, None where none is promised."""
    found = [datetime.fromisoformat(p[which]) for p in promises.values() if p[which]]
    return max(found, default=None)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
