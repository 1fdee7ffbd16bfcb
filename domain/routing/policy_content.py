"""A policy's content: the document that says the same, and the hash that names it."""

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from domain.routing.policy import Audience, Constraints, Criterion, Packing, Policy

_CONSTRAINTS: Final = Constraints()
_PACKING: Final = Packing()
_AUDIENCE: Final = Audience()
_PLAIN: Final = Policy("", 0, ())


def document_of(policy: Policy) -> dict[str, Any]:
    """Return the document that `read_policy` reads as this policy; defaults are left out."""
    weighed = policy.order == "money"
    document: dict[str, Any] = {
        "policy": policy.policy_id,
        "version": policy.version,
        "criteria": [_criterion(one, weighed=weighed) for one in policy.criteria],
    }
    for name in ("order", "currency", "scarcity_days", "daily_work"):
        if getattr(policy, name) != getattr(_PLAIN, name):
            document[_dashed(name)] = getattr(policy, name)
    parts = {
        "constraints": _changed(policy.constraints, _CONSTRAINTS),
        "packing": _changed(policy.packing, _PACKING),
        "applies-to": _changed(policy.applies_to, _AUDIENCE),
        "priorities": dict(policy.priorities),
    }
    return document | {name: part for name, part in parts.items() if part}


@lru_cache(maxsize=1_000)
def content_hash(policy: Policy) -> str:
    """Return the SHA-256 of the policy's document as canonical JSON (keys sorted, no spaces).

    Since defaults are left out, a policy keeps its hash when policies learn something new.
    """
    canonical = json.dumps(
        document_of(policy), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _criterion(criterion: Criterion, *, weighed: bool) -> str | dict[str, dict[str, str]]:
    settings = {"tolerance": criterion.tolerance, "share": criterion.share}
    written = {name: _plain(value) for name, value in settings.items() if value}
    if weighed:
        written["weight"] = _plain(criterion.weight)
    return {criterion.name: written} if written else criterion.name


def _changed(part: Any, default: Any) -> dict[str, Any]:
    return {
        _dashed(name): _written(getattr(part, name))
        for name in part.__dataclass_fields__
        if getattr(part, name) != getattr(default, name)
    }


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return _plain(value) if isinstance(value, Decimal) else value


def _plain(number: Decimal) -> str:
    """Return a number in the one way to write it: no exponent, no zeros at the end."""
    return f"{number.normalize():f}"


def _dashed(name: str) -> str:
    return name.replace("_", "-")
