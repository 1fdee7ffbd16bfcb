"""Asks for routing policies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.routing.choosing import ActivePolicy
from domain.routing.policy import Policy
from eventstore.datastore import Datastore
from projections.database import fetch, query
from projections.paging import LARGEST_PAGE, Page, decode_cursor, page_of
from projections.routing_policies.fold import POLICY

_COLUMNS: Final = (
    "policy_id, version, active, document, content, published_at, published_by, "
    "retired_at, retired_by, retired_because, position FROM {schema}.routing_policies "
)
_NOW: Final = 2**62
"""A position that no log comes to."""
_VERSIONS: Final = "SELECT " + _COLUMNS
_NEWEST: Final = "SELECT DISTINCT ON (policy_id) " + _COLUMNS


@dataclass(frozen=True, slots=True)
class FoundVersion:
    """A version of a policy; `document` is as people write it."""

    policy_id: str
    version: int
    active: bool
    document: dict[str, Any]
    content: str
    published_at: datetime
    published_by: str
    retired_at: datetime | None
    retired_by: str | None
    retired_because: str | None
    position: int


def versions(datastore: Datastore, policy_id: str) -> list[FoundVersion]:
    """Return all versions of a policy, the newest first."""
    return fetch(
        datastore,
        FoundVersion,
        _VERSIONS + "WHERE policy_id = %s ORDER BY version DESC",
        [policy_id],
    )


def list_policies(
    datastore: Datastore, *, limit: int = 50, cursor: str | None = None
) -> Page[FoundVersion]:
    """Return a page of the newest version of each policy by id, retired ones too.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    [after] = decode_cursor(cursor, (str,)) if cursor is not None else [""]
    found = fetch(
        datastore,
        FoundVersion,
        _NEWEST + "WHERE policy_id > %s ORDER BY policy_id, version DESC LIMIT %s",
        [after, limit + 1],
    )
    return page_of(found, limit, lambda last: (last.policy_id,))


def active_policies(datastore: Datastore, *, at: int | None = None) -> tuple[ActivePolicy, ...]:
    """Return the policies in force, now or at a log position, in the order of publishing."""
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT policy, position FROM (SELECT DISTINCT ON (policy_id) policy, position, "
                "coalesce(retired_position, %(never)s) AS retired FROM {schema}.routing_policies "
                "WHERE position <= %(at)s ORDER BY policy_id, version DESC) AS newest "
                "WHERE retired > %(at)s ORDER BY position"
            ),
            {"at": _NOW if at is None else at, "never": _NOW + 1},
        ).fetchall()
    return tuple(
        ActivePolicy(POLICY.validate_python(policy), position) for policy, position in rows
    )


def policies_named(datastore: Datastore, names: Collection[str]) -> dict[str, Policy]:
    """Return versions of policies by name and version (`nearest/3`), as decisions name them."""
    pairs = [name.rpartition("/") for name in names]
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT policy FROM {schema}.routing_policies WHERE (policy_id, version) IN "
                "(SELECT * FROM unnest(%s::text[], %s::bigint[]))"
            ),
            [[policy_id for policy_id, _, _ in pairs], [int(version) for _, _, version in pairs]],
        ).fetchall()
    found = [POLICY.validate_python(policy) for (policy,) in rows]
    return {policy.name: policy for policy in found}
