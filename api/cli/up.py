"""`taktstock up`: everything on this machine, from the database to the API."""

import socket
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final

from api.cli.errors import CommandError
from api.cli.migrate import bring_all_up_to_date
from api.cli.places import DEFAULT, PartitionOption, checked
from api.cli.serve import DEFAULT_HOST, DEFAULT_PORT, HostOption, PortOption
from api.cli.supervise import stop_on_signals, supervise
from api.keys import ApiKeys
from eventstore.main import open_log
from eventstore.places import Place, open_places
from eventstore.settings import Settings, load_settings

Places = Mapping[str, Place]
Preparation = Callable[[Place, Settings], None]
"""What is done once the database is up to date and before anything is served."""

_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to knock, not to listen


def up(
    host: HostOption = DEFAULT_HOST,
    port: PortOption = DEFAULT_PORT,
    partition: PartitionOption = DEFAULT,
) -> None:
    """Start the database if need be, then API, projections and scheduler; until told to stop."""
    start_everything(host, port, partition)


def start_everything(
    host: str, port: int, partition: str, *, prepare: Preparation | None = None
) -> None:
    """Run all processes as children of this one, after `prepare` was done."""
    settings = checked(load_settings(), partition)
    _check_free(host, port)
    with open_places(settings) as places:
        bring_all_up_to_date(places, settings)
        place = places[partition]
        _tell_first_key(place, settings)
        if prepare is not None:
            prepare(place, settings)
        supervise(
            {
                "projections": [sys.executable, "-m", "projections"],
                "scheduler": [sys.executable, "-m", "scheduler"],
                "api": [
                    *(sys.executable, "-m", "api", "serve"),
                    *("--host", host, "--port", str(port), "--partition", partition),
                ],
            },
            stop_on_signals(),
            each_tick=_Announcement(host, port).look,
        )


class _Announcement:
    """Says once that the API answers."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = _ANY.get(host, host), port
        self._said = False

    def look(self) -> None:
        """Knock at the API, unless it was said before."""
        if not self._said and self._answers():
            self._said = True
            address = f"http://{self._host}:{self._port}"
            print(f"Taktstock answers at {address}, its docs are at {address}/docs.", flush=True)

    def _answers(self) -> bool:
        connection = HTTPConnection(self._host, self._port, timeout=1)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def _check_free(host: str, port: int) -> None:
    if port == 0:
        raise CommandError("name a port other than 0: what is announced must be known")
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _tell_first_key(place: Place, settings: Settings) -> None:
    with open_log(place, settings) as log:
        keys = ApiKeys(log.datastore, place.name)
        if not keys.all():
            token = keys.create("first", "administrator")[1]
            print(f"Administrator's API key, shown this once: {token}", flush=True)
