"""A small shop behind a real HTTP server, for tests through the front door."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import httpx
import uvicorn

from api.http.app import create_app
from api.http.limits import Limits
from api.http.services import Services
from api.main import open_services, present
from tests.support.partitions import place, settings_for_tests

_numbers = itertools.count(1)

Json = dict[str, Any]

WAREHOUSE: Final[Mapping[str, Any]] = {
    "name": "Warehouse",
    "kind": "warehouse",
    "country": "GB",
    "time_zone": "Europe/London",
    "postal_code": "LE1",
    "latitude": 52.63,
    "longitude": -1.13,
}


def fresh_key() -> str:
    """Return an idempotency key that no other request of this run has."""
    return f"test-key-{next(_numbers)}"


class Shop:
    """An API on a socket of its own, and clients with keys."""

    def __init__(self, services: Services, base_url: str) -> None:
        """Make an administrator's client."""
        self.services = services
        self.base_url = base_url
        self.token = services.keys.create("tests", "administrator")[1]
        self.client = self.client_of(self.token)

    def client_of(self, token: str | None) -> httpx.Client:
        """Return a client with a key, or without."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=60)

    def channel_client(self, *channels: str) -> httpx.Client:
        """Return a client whose key is for these channels."""
        return self.client_of(self.services.keys.create("web", "channel", channels=channels)[1])

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        client: httpx.Client | None = None,
    ) -> httpx.Response:
        """Post JSON under a fresh idempotency key, or a given one."""
        headers = {"Idempotency-Key": key or fresh_key()}
        return (client or self.client).post(path, json=body, headers=headers)

    def done(self, path: str, body: Any, **options: Any) -> Json:
        """Post and return what was answered; it must have been accepted."""
        response = self.post(path, body, **options)
        assert response.is_success, response.text
        answer: Json = response.json()
        return answer

    def head(self) -> int:
        """Return the last position of the log."""
        return self.services.reader.head()

    def stocked(
        self,
        *skus: str,
        quantity: int = 50,
        location_id: str = "W1",
        channel_id: str = "WEB",
        **channel: Any,
    ) -> None:
        """Open a channel on one warehouse that has `quantity` of each SKU."""
        self.done("/v1/locations", {"location_id": location_id, **WAREHOUSE})
        for sku in skus:
            self.done("/v1/items", {"item_id": sku, "sku": sku, "name": sku})
        opening = {
            "channel_id": channel_id,
            "name": "Web shop",
            "currency": "EUR",
            "sources": [location_id],
            **channel,
        }
        self.done("/v1/channels", opening)
        lines = [{"sku": sku, "location_id": location_id, "quantity": quantity} for sku in skus]
        self.done("/v1/stock/receipts", {"lines": lines})


def order(external_id: str, *lines: tuple[str, Any], channel_id: str = "WEB") -> Json:
    """Return an order of (SKU, quantity) lines, shipped within the country."""
    return {
        "channel_id": channel_id,
        "external_id": external_id,
        "currency": "EUR",
        "destination": {"country": "DE", "postal_code": "10115"},
        "lines": [
            {
                "sku": sku,
                "quantity": quantity,
                "unit_price": {"amount": "10.00", "currency": "EUR"},
            }
            for sku, quantity in lines
        ],
    }


@contextmanager
def open_shop(
    conninfo: str, schema: str, *, clock: Callable[[], datetime] = present, **limits: Any
) -> Iterator[Shop]:
    """Serve the API of a schema on a free port of this machine."""
    where, settings = place(conninfo, schema), settings_for_tests()
    with (
        open_services(where, settings, limits=Limits(**limits), clock=clock) as services,
        served(services) as base_url,
    ):
        shop = Shop(services, base_url)
        with shop.client:
            yield shop


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Run the application in a thread and yield its address."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on: 40 ms for each answer.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(create_app(services), log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
