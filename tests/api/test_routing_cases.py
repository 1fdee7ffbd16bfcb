"""Routing through the front door: small cases with one right answer, and gaps in what is known."""

import pytest

from tests.api.shop import WAREHOUSE, Json, Shop, order

HERE = {"country": "DE", "latitude": 52.52, "longitude": 13.4}


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop that sells from a near, a far and an unplaced location, and not from a till."""
    nowhere = {"latitude": None, "longitude": None, "postal_code": None}
    for name, where in (
        ("NEAR", {"latitude": 52.5}),
        ("FAR", {"latitude": 60.0}),
        ("LOST", nowhere),
        ("TILL", {"latitude": 52.52, "channels": ["SHOPS"]}),
    ):
        shop.done("/v1/locations", {"location_id": name, **WAREHOUSE, "longitude": 13.4, **where})
    sources = ["LOST", "TILL", "FAR", "NEAR"]
    channel = {"channel_id": "WEB", "name": "Web", "currency": "EUR", "sources": sources}
    shop.done("/v1/channels", channel)
    return shop


def sent(shop: Shop, sku: str, wanted: int, stock: dict[str, int], to: Json) -> dict[str, int]:
    """Stock a new item, order some of it, and return what is allocated by location."""
    shop.done("/v1/items", {"item_id": sku, "sku": sku, "name": sku})
    lines = [{"sku": sku, "location_id": at, "quantity": units} for at, units in stock.items()]
    shop.done("/v1/stock/receipts", {"lines": lines})
    shop.done("/v1/orders", order(sku, (sku, wanted)) | {"destination": to})
    placed = shop.client.get(f"/v1/orders/WEB:{sku}").json()
    return {one["location_id"]: one["reserved"] for one in placed["allocations"]}


def test_one_location_that_has_all_sends_all(ready: Shop) -> None:
    """With 10 near by and 15 far away, 13 come from the far one alone."""
    assert sent(ready, "case-13", 13, {"NEAR": 10, "FAR": 15}, HERE) == {"FAR": 13}


def test_a_location_that_does_not_serve_the_channel_is_never_used(ready: Shop) -> None:
    """The till stands at the customer's door and has all; still others send, and split."""
    stock = {"TILL": 50, "NEAR": 3, "FAR": 3}
    assert sent(ready, "case-till", 5, stock, HERE) == {"NEAR": 3, "FAR": 2}


def test_a_location_without_coordinates_comes_last(ready: Shop) -> None:
    """Though it is the channel's first; where nobody else has it, it sends."""
    assert sent(ready, "case-last", 5, {"LOST": 5, "FAR": 5}, HERE) == {"FAR": 5}
    assert sent(ready, "case-alone", 5, {"LOST": 5}, HERE) == {"LOST": 5}


def test_a_postal_code_that_nobody_knows_is_routed_all_the_same(ready: Shop) -> None:
    """No distance decides then: the channel's first of those that have all, and it says so."""
    nowhere = {"country": "DE", "postal_code": "00000"}
    assert sent(ready, "case-code", 5, {"NEAR": 5, "FAR": 5, "LOST": 3}, nowhere) == {"FAR": 5}
    told = ready.client.get("/v1/orders/WEB:case-code/events").json()
    allocated = next(e for e in told["events"] if e["type"] == "LinesAllocated")
    figures = {f["criterion"]: f["value"] for f in allocated["payload"]["decision"]["figures"]}
    assert float(figures["unknown-distances"]) == 1
