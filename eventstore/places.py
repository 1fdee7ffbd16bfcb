"""Where each partition is reached, with the embedded server running where one needs it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from eventstore.embedded import EmbeddedPostgres
from eventstore.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where one partition is, and the 32 bytes that wrap its persons' keys."""

    name: str
    conninfo: str = field(repr=False)
    schema: str
    key: bytes = field(repr=False)


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """Return the embedded server that the settings describe, not yet started."""
    return EmbeddedPostgres(
        settings.data_dir / "postgres",
        port=settings.embedded_port,
        account=settings.embedded_account,
        start_timeout=settings.embedded_start_timeout,
    )


@contextmanager
def open_places(settings: Settings) -> Iterator[Mapping[str, Place]]:
    """Yield each partition's place by name; start the embedded server first where it is needed.

    Raises:
        EmbeddedPostgresError: the embedded server cannot be started.
    """
    with ExitStack() as stack:
        embedded = ""
        if settings.needs_embedded:
            embedded = stack.enter_context(embedded_server(settings)).conninfo
        yield {
            name: Place(
                name=name,
                conninfo=place.database_url or settings.database_url or embedded,
                schema=place.schema_name,
                key=settings.wrapping_key,
            )
            for name, place in settings.partitions.items()
        }
