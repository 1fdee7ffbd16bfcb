"""Many orders at once on little stock: never sold twice, refused for the right reason."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from projections.main import catch_up
from tests.api.shop import Json, Shop, order


def placed_at_once(shop: Shop, orders: list[Json], *, callers: int = 32) -> list[httpx.Response]:
    """Place all orders, `callers` at a time."""
    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(lambda body: shop.post("/v1/orders", body), orders))


def available(shop: Shop, sku: str) -> Any:
    """Return what the API says is available through the channel and at the location."""
    catch_up(shop.services.datastore, shop.services.reader)
    answer = shop.client.get("/v1/availability", params={"sku": sku}).json()
    (item,) = answer["items"]
    return item["channels"][0]["available"], item["locations"][0]["available"]


def test_fifty_units_and_two_hundred_orders(shop: Shop) -> None:
    """50 of 200 orders are accepted, 150 refused naming the SKU, and nothing is left."""
    shop.stocked("HOT")
    orders = [order(f"hot-{number}", ("HOT", 1)) for number in range(200)]
    answers = placed_at_once(shop, orders, callers=200)
    assert Counter(answer.status_code for answer in answers) == {201: 50, 409: 150}
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert problem["type"] == "/problems/insufficient-stock"
            assert [line["sku"] for line in problem["short_lines"]] == ["HOT"]
    assert available(shop, "HOT") == (0, 0)


def test_two_lines_of_one_sku_need_two_units(shop: Shop) -> None:
    """50 units serve 25 orders of two lines of one unit each."""
    shop.stocked("TWIN", location_id="W2", channel_id="TWO")
    orders = [
        order(f"twin-{number}", ("TWIN", 1), ("TWIN", 1), channel_id="TWO") for number in range(60)
    ]
    answers = placed_at_once(shop, orders)
    assert Counter(answer.status_code for answer in answers) == {201: 25, 409: 35}
    assert available(shop, "TWIN") == (0, 0)
