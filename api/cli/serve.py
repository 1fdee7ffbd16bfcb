"""`taktstock serve`: the HTTP API of one partition, in this process."""

import signal
from typing import Annotated

import structlog
import typer
import uvicorn

from api.cli.places import DEFAULT, PartitionOption, one_place
from api.http.app import create_app
from api.main import open_services
from eventstore.logs import write_json_logs

HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 for any free one.")]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_GRACE_SECONDS = 10

log = structlog.get_logger(__name__)


def serve(
    host: HostOption = DEFAULT_HOST,
    port: PortOption = DEFAULT_PORT,
    partition: PartitionOption = DEFAULT,
) -> None:
    """Serve the HTTP API until told to stop; answers what it has taken before it ends."""
    write_json_logs()
    with (
        one_place(partition) as (place, settings),
        open_services(place, settings) as services,
    ):
        # uvicorn raises the signal again once it is done; this one must not end us before
        # the partition is closed.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        log.info("serving", host=host, port=port, partition=partition)
        uvicorn.run(
            create_app(services),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        log.info("stopped")
