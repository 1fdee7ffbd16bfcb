"""`taktstock up`: all processes on one machine, from an empty folder to an order's status."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from eventstore.embedded.access import free_port
from tests.api.processes import answers, program, wait_until
from tests.api.shop import WAREHOUSE, fresh_key, order

pytestmark = pytest.mark.long


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Return a folder that the embedded server's account can reach."""
    with tempfile.TemporaryDirectory(prefix="taktstock-up-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def test_everything_runs_restarts_and_ends(data_dir: Path, tmp_path: Path) -> None:
    """An order is placed and its status read; a killed child comes back; all end together."""
    port, output = free_port(), tmp_path / "output"
    environment = {"TAKTSTOCK_DATA_DIR": str(data_dir)}
    with program("up", "--port", str(port), environment=environment, output=output) as parent:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(address, "/health/ready"), within=60)
        first = next(line for line in output.read_text().splitlines() if "API key" in line)
        token = first.rpartition(" ")[2]
        with httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30
        ) as client:
            status_after_an_order(client)
            children = psutil.Process(parent.pid).children()
            (serving,) = [child for child in children if "serve" in child.cmdline()]
            serving.send_signal(signal.SIGKILL)
            wait_until(lambda: not answers(address))
            wait_until(lambda: answers(address), within=60)
            assert client.get("/v1/orders/WEB:1").json()["status"] == "open"
    assert not any(child.is_running() for child in children)
    assert not answers(address)


def status_after_an_order(client: httpx.Client) -> None:
    """Set a shop up, place an order and wait for its status in the read model."""
    position = ""
    for path, body in (
        ("/v1/locations", {"location_id": "W1", **WAREHOUSE}),
        ("/v1/items", {"item_id": "A", "sku": "A", "name": "A"}),
        (
            "/v1/channels",
            {"channel_id": "WEB", "name": "Web", "currency": "EUR", "sources": ["W1"]},
        ),
        ("/v1/stock/receipts", {"lines": [{"sku": "A", "location_id": "W1", "quantity": 1}]}),
        ("/v1/orders", order("1", ("A", 1))),
    ):
        response = client.post(path, json=body, headers={"Idempotency-Key": fresh_key()})
        assert response.is_success, response.text
        position = response.json()["position"]
    status = client.get("/v1/orders/WEB:1/status", params={"after": position})
    assert status.json()["status"] == "open"
