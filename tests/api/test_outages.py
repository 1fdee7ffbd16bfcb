"""When the log or the database is away or overrun: 503, when to come back, and no internals."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any, cast

import httpx
import pytest

from domain.stock.commands import ReceiveStock
from eventstore.datastore import Datastore
from eventstore.errors import Busy, HandlerFailed, Unavailable
from eventstore.keyring import Keyring
from eventstore.mapper import EventMapper
from eventstore.oms import Answer, Oms
from eventstore.reader import LogReader
from tests.api.shop import Shop, order, served
from tests.support.partitions import KEY


class FailingOms:
    """Takes no command and says why."""

    def __init__(self, error: Exception) -> None:
        """Fail like this."""
        self.error = error

    def do(self, *_: Any, **__: Any) -> None:
        """Fail."""
        raise self.error

    submit = do


@pytest.mark.parametrize(
    ("error", "status", "code", "wait"),
    [
        (Busy(retry_after=7), 503, "busy", "7"),
        (Unavailable("no answer"), 503, "unavailable", "1"),
        (HandlerFailed("PlaceOrder", KeyError("secret")), 500, "internal-error", None),
    ],
    ids=["busy", "unavailable", "broken"],
)
def test_a_command_that_cannot_be_taken(
    shop: Shop, error: Exception, status: int, code: str, wait: str | None
) -> None:
    """Retryable failures say when to come back; a fault of ours says nothing of its cause."""
    failing = replace(shop.services, oms=cast("Oms", FailingOms(error)))
    with served(failing) as address, shop.client_of(shop.token) as client:
        client.base_url = httpx.URL(address)
        response = shop.post("/v1/orders", order("x", ("A", 1)), client=client)
    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{code}")
    assert response.headers.get("Retry-After") == wait
    assert "secret" not in response.text


def test_a_batch_that_finds_the_line_full(shop: Shop) -> None:
    """Where no line of a batch could be queued, the answer says to come back."""
    failing = replace(shop.services, oms=cast("Oms", FailingOms(Busy())))
    lines = [{"sku": "A", "location_id": "W1", "quantity": 1}] * 2
    with served(failing) as address, shop.client_of(shop.token) as client:
        client.base_url = httpx.URL(address)
        response = shop.post("/v1/stock/receipts", {"lines": lines}, client=client)
    assert (response.status_code, response.json()["type"]) == (503, "/problems/busy")
    assert response.headers["Retry-After"] == "1"
    assert [line["status"] for line in response.json()["lines"]] == [503, 503]


class PartlyBrokenOms:
    """Breaks on a quantity of 13 and does the rest."""

    def __init__(self, oms: Oms) -> None:
        """Pass commands on."""
        self.oms = oms

    def submit(self, command: ReceiveStock, **options: Any) -> Future[Answer]:
        """Break, or pass the command on."""
        if command.quantity != 13:
            return self.oms.submit(command, **options)
        broken: Future[Answer] = Future()
        broken.set_exception(HandlerFailed("ReceiveStock", KeyError("secret")))
        return broken


def test_a_batch_with_a_line_that_breaks(shop: Shop) -> None:
    """A fault of ours is that line's own verdict; the others are done and say so."""
    shop.stocked("BROKEN", location_id="W9", channel_id="BROKEN")
    broken = replace(shop.services, oms=cast("Oms", PartlyBrokenOms(shop.services.oms)))
    lines = [{"sku": "BROKEN", "location_id": "W9", "quantity": q} for q in (1, 13, 2)]
    with served(broken) as address, shop.client_of(shop.token) as client:
        client.base_url = httpx.URL(address)
        response = shop.post("/v1/stock/receipts", {"lines": lines}, client=client)
        whole = shop.post("/v1/stock/receipts", {"lines": lines[1:2]}, client=client)
    assert (response.status_code, response.json()["accepted"]) == (207, 2)
    assert [line["status"] for line in response.json()["lines"]] == [200, 500, 200]
    assert response.json()["lines"][1]["problem"]["type"] == "/problems/internal-error"
    assert (whole.status_code, whole.json()["type"]) == (500, "/problems/internal-error")
    assert "secret" not in response.text + whole.text


def test_a_connection_outlives_a_fault(shop: Shop) -> None:
    """After a 500 the next request on the same connection is answered as ever."""
    fault = HandlerFailed("PlaceOrder", KeyError("secret"))
    failing = replace(shop.services, oms=cast("Oms", FailingOms(fault)))
    with served(failing) as address:
        host = address.removeprefix("http://")
        connection = HTTPConnection(host, timeout=20)
        headers = {"Authorization": f"Bearer {shop.token}", "Content-Type": "application/json"}
        for number in range(3):
            body = json.dumps(order("x", ("A", 1)))
            keyed = headers | {"Idempotency-Key": f"fault-{number}"}
            connection.request("POST", "/v1/orders", body, keyed)
            used = connection.sock
            broken = connection.getresponse()
            assert (broken.status, json.loads(broken.read())["status"]) == (500, 500)
            connection.request("GET", "/health/live")
            alive = connection.getresponse()
            assert (alive.status, json.loads(alive.read())) == (200, {"status": "alive"})
            assert connection.sock is used
        connection.close()


@pytest.fixture
def away() -> Iterator[Datastore]:
    """Return a database that nobody answers for."""
    datastore = Datastore("host=127.0.0.1 port=1 dbname=x", "main", connect_timeout=2)
    yield datastore
    datastore.close()


def test_queries_without_a_database(shop: Shop, away: Datastore) -> None:
    """Reading the log or a read model answers 503, readiness says why, and liveness is fine."""
    reader = LogReader(away, EventMapper(), Keyring(away, KEY))
    lost = replace(shop.services, datastore=away, reader=reader)
    paths = ["/v1/items/A", "/v1/items", "/health/ready", "/health/live"]
    with served(lost) as address, shop.client_of(shop.token) as client:
        client.base_url = httpx.URL(address)
        with ThreadPoolExecutor(len(paths)) as pool:
            item, items, ready, live = pool.map(client.get, paths)
    for response in (item, items):
        assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable")
        assert "127.0.0.1" not in response.text
    assert (ready.status_code, ready.json()["log_writable"]) == (503, False)
    assert live.status_code == 200
