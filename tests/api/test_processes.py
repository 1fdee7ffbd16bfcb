"""Several API processes on one database: no deadlock, nothing sold twice, an orderly end."""

import base64
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from projections.main import catch_up
from tests.api.processes import answers, api_process, wait_until
from tests.api.shop import Json, fresh_key, open_shop, order
from tests.support.partitions import KEY

SKUS = ("A", "B", "C", "D")
WRITERS = 8
ORDERS = 20


def test_two_processes_sell_four_skus_at_once(postgres: str, schema: str, tmp_path: Path) -> None:
    """8 writers order two SKUs in both orders: all is sold, and refusals name what was at 0."""
    environment = {
        "DATABASE_URL": postgres,
        "TAKTSTOCK_PARTITIONS": json.dumps({"main": {"schema": schema}}),
        "TAKTSTOCK_KEY_ENCRYPTION_KEY": base64.b64encode(KEY).decode(),
    }
    with (
        open_shop(postgres, schema) as shop,
        api_process(environment, tmp_path / "one") as one,
        api_process(environment, tmp_path / "other") as other,
    ):
        shop.stocked(*SKUS)
        addresses = (one, other)
        for address in addresses:
            wait_until(lambda address=address: answers(address))  # type: ignore[misc]

        def write(writer: int) -> list[httpx.Response]:
            chance = random.Random(writer)
            with shop.client_of(shop.token) as client:
                client.base_url = addresses[writer % 2]
                return [
                    client.post(
                        "/v1/orders",
                        json=two_skus(f"{writer}-{number}", chance),
                        headers={"Idempotency-Key": fresh_key()},
                    )
                    for number in range(ORDERS)
                ]

        with ThreadPoolExecutor(WRITERS) as pool:
            found = [
                response for responses in pool.map(write, range(WRITERS)) for response in responses
            ]
        assert {response.status_code for response in found} == {201, 409}
        sold = Counter(
            line["sku"]
            for response in found
            if response.status_code == 201
            for line in response.json()["lines"]
        )
        named = {
            (line["sku"], line["available"])
            for response in found
            if response.status_code == 409
            for line in response.json()["short_lines"]
        }
        assert max(sold.values()) == 50
        assert {available for _, available in named} == {"0"}
        assert {sku for sku, _ in named} <= {sku for sku, units in sold.items() if units == 50}
        catch_up(shop.services.datastore, shop.services.reader)
        answer = shop.client.get("/v1/availability", params={"sku": SKUS}).json()
        left = {item["sku"]: item["locations"][0]["available"] for item in answer["items"]}
        assert left == {sku: 50 - sold[sku] for sku in SKUS}


def two_skus(external_id: str, chance: random.Random) -> Json:
    """Return an order of one unit each of two SKUs, in any sequence."""
    first, second = chance.sample(SKUS, 2)
    return order(external_id, (first, 1), (second, 1))
