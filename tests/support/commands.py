"""Commands with an id and an instant, for tests that do not care which."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, uuid5

from domain.base.messages import Command

C = TypeVar("C", bound=Command)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ask(command: type[C], *, now: datetime = NOW, **fields: Any) -> C:
    """Return a command with these fields; the same fields and instant give the same id."""
    said = f"{command.command_type} {now.isoformat()} {sorted(fields.items())!r}"
    return command.model_validate({"id": uuid5(NAMESPACE_OID, said), "now": now, **fields})
