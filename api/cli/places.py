"""Opening partitions for a command: from the settings, with the embedded server if need be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.cli.errors import CommandError
from eventstore.main import Log, open_log
from eventstore.places import Place, open_places
from eventstore.settings import DEFAULT_PARTITION, Settings, load_settings

PartitionOption = Annotated[str, typer.Option("--partition", help="Which partition.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

DEFAULT = DEFAULT_PARTITION


def checked(settings: Settings, partition: str) -> Settings:
    """Return settings that name the partition.

    Raises:
        CommandError: they do not.
    """
    if partition not in settings.partitions:
        known = ", ".join(sorted(settings.partitions))
        raise CommandError(f"no partition is called {partition!r}; the settings name {known}")
    return settings


@contextmanager
def one_place(partition: str) -> Iterator[tuple[Place, Settings]]:
    """Yield where a partition is.

    Raises:
        CommandError: the settings name no such partition.
    """
    settings = checked(load_settings(), partition)
    with open_places(settings) as places:
        yield places[partition], settings


@contextmanager
def one_log(partition: str) -> Iterator[Log]:
    """Yield a partition's log for reading."""
    with one_place(partition) as (place, settings), open_log(place, settings) as log:
        yield log
