"""What a read model declares: its name and version, its tables, and how events fold into them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

from domain.base.messages import Event
from eventstore.recorded import RecordedEvent
from projections.rows import Tables
from projections.table import Table

_VIEWS: Final = "\n-- views\n"


Fold = Callable[[Sequence[RecordedEvent], Tables], None]
"""Changes rows by events, in order; holds no rule and never raises for a known event."""


@dataclass(frozen=True)
class ReadModel:
    """A read model: a folder with `schema.sql`, `fold.py` and `queries.py`.

    `schema.sql` names its tables in braces, without version (`{orders}`), and `{schema}`;
    its views follow the line `-- views`.
    """

    name: str
    version: int
    events: frozenset[type[Event]]
    tables: tuple[Table[Any], ...]
    views: tuple[str, ...]
    fold: Fold

    @cached_property
    def types(self) -> frozenset[str]:
        """Return the names of the event types that it uses."""
        return frozenset(cls.__name__ for cls in self.events)

    @cached_property
    def tables_sql(self) -> str:
        """Return the part of `schema.sql` that makes the tables."""
        return self._schema_sql[0]

    @cached_property
    def views_sql(self) -> str:
        """Return the part of `schema.sql` that makes the views."""
        return self._schema_sql[1]

    @cached_property
    def _schema_sql(self) -> tuple[str, str]:
        text = files(f"projections.{self.name}").joinpath("schema.sql").read_text("utf-8")
        tables, found, views = text.partition(_VIEWS)
        if not found:
            raise ValueError(f"the schema.sql of {self.name} lacks the line '-- views'")
        return tables, views


def by_name(models: Iterable[ReadModel]) -> Mapping[str, ReadModel]:
    """Return read models by their names."""
    return {model.name: model for model in models}
