"""Folds routing policies: a row for each version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from domain.base.streams import category_of, key_of, policy_stream
from domain.policy.events import PolicyPublished, PolicyRetired
from domain.routing.policy import Policy
from domain.routing.policy_content import document_of
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Rows, Tables
from projections.table import ByStream, Table

POLICY: Final = TypeAdapter(Policy)


@dataclass(slots=True)
class PolicyRow:
    """A version of a policy."""

    policy_id: str
    version: int
    active: bool
    markets: list[str]
    channels: list[str]
    customer_groups: list[str]
    services: list[str]
    decides_by: str
    criteria: list[str]
    content: str
    document: dict[str, Any]
    policy: dict[str, Any]
    published_at: datetime
    published_by: str
    position: int
    retired_at: datetime | None = None
    retired_by: str | None = None
    retired_because: str | None = None
    retired_position: int | None = None


POLICIES: Final = Table(
    "routing_policies",
    PolicyRow,
    ("policy_id", "version"),
    load_by=1,
    by_stream=ByStream(
        lambda stream: (key_of(stream),) if category_of(stream) == "policy" else None,
        lambda row: (policy_stream(row.policy_id),),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch; at most the newest version of a policy is active."""
    rows = tables[POLICIES]
    for recorded in events:
        match recorded.event:
            case PolicyPublished(policy, content):
                _end(rows, recorded)
                rows.put(_row(policy, content, recorded))
            case PolicyRetired(reason):
                for row in _end(rows, recorded):
                    row.retired_at = recorded.recorded_at
                    row.retired_by = recorded.actor
                    row.retired_because = reason
                    row.retired_position = recorded.position


def _end(rows: Rows[PolicyRow], recorded: RecordedEvent) -> list[PolicyRow]:
    """Return the versions that were active and no longer are."""
    ended = [row for row in rows.group(key_of(recorded.stream)) if row.active]
    for row in ended:
        rows.put(row)
        row.active = False
    return ended


def _row(policy: Policy, content: str, recorded: RecordedEvent) -> PolicyRow:
    audience = policy.applies_to
    return PolicyRow(
        policy_id=key_of(recorded.stream),
        version=policy.version,
        active=True,
        markets=list(audience.markets),
        channels=list(audience.channels),
        customer_groups=list(audience.customer_groups),
        services=list(audience.services),
        decides_by=policy.order,
        criteria=[criterion.name for criterion in policy.criteria],
        content=content,
        document=document_of(policy),
        policy=POLICY.dump_python(policy, mode="json"),
        published_at=recorded.recorded_at,
        published_by=recorded.actor,
        position=recorded.position,
    )


READ_MODEL: Final = ReadModel(
    name="routing_policies",
    version=1,
    events=frozenset({PolicyPublished, PolicyRetired}),
    tables=(POLICIES,),
    views=("routing_policies",),
    fold=fold,
)
