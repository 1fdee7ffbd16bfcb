"""Items, channels and locations through HTTP."""

import pytest

from tests.api.shop import WAREHOUSE, Json, Shop


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with items A and B in a warehouse."""
    shop.stocked("A", "B")
    return shop


def test_an_item_is_registered_changed_and_read(ready: Shop) -> None:
    """An item reads back as it was given, its quantities as numbers."""
    item: Json = {
        "sku": "KIT-1",
        "name": "Kit",
        "aliases": ["K1"],
        "weight_grams": 1200,
        "components": [
            {"item_id": "A", "quantity": 2, "price_share": 0.5},
            {"item_id": "B", "quantity": "1", "price_share": "0.5"},
        ],
    }
    answer = ready.post("/v1/items", {"item_id": "KIT", **item})
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/v1/items/KIT"
    read = ready.client.get("/v1/items/KIT").json()
    assert read["components"][0] == {"item_id": "A", "quantity": 2, "price_share": "0.5"}
    assert (read["step"], read["aliases"], read["weight_grams"]) == (1, ["K1"], 1200)
    changed = ready.client.put("/v1/items/KIT", json=item | {"name": "Better kit"})
    assert changed.status_code == 200
    assert ready.client.get("/v1/items/KIT").json()["name"] == "Better kit"


@pytest.mark.parametrize(
    ("item", "status", "code", "field"),
    [
        ({"item_id": "A", "sku": "new", "name": "A"}, 409, "item-exists", "item_id"),
        ({"item_id": "C", "sku": "a", "name": "A"}, 409, "sku-taken", "sku"),
        (
            {"item_id": "C", "sku": "c", "name": "C", "aliases": ["x", "b"]},
            409,
            "sku-taken",
            "aliases.1",
        ),
        (
            {
                "item_id": "C",
                "sku": "c",
                "name": "C",
                "components": [{"item_id": "Z", "quantity": 1, "price_share": 1}],
            },
            422,
            "invalid-kit",
            "components.0.item_id",
        ),
        ({"item_id": "C", "sku": "c", "name": "C", "step": 0}, 422, "invalid-request", "step"),
    ],
)
def test_an_item_is_refused(ready: Shop, item: Json, status: int, code: str, field: str) -> None:
    """A refused item names the field of the request, and nothing is written."""
    head = ready.head()
    response = ready.post("/v1/items", item)
    problem = response.json()
    assert (response.status_code, problem["type"]) == (status, f"/problems/{code}")
    assert problem["field"] == field
    assert ready.head() == head


def test_a_channel_is_opened_changed_and_read(ready: Shop) -> None:
    """A channel reads back as it was given; one on an unknown location is refused."""
    channel: Json = {"name": "Web shop GB", "currency": "GBP", "sources": ["W1"]}
    assert ready.post("/v1/channels", {"channel_id": "GB", **channel}).status_code == 201
    changed = ready.client.put("/v1/channels/GB", json=channel | {"backorders": True})
    assert changed.status_code == 200
    read = ready.client.get("/v1/channels/GB").json()
    assert (read["channel_id"], read["currency"], read["backorders"]) == ("GB", "GBP", True)
    refused = ready.client.put("/v1/channels/GB", json=channel | {"sources": ["W1", "W9"]})
    assert refused.status_code == 404
    assert refused.json()["field"] == "sources"
    exists = ready.post("/v1/channels", {"channel_id": "GB", **channel})
    assert (exists.status_code, exists.json()["field"]) == (409, "channel_id")


def test_a_location_is_registered_suspended_and_resumed(ready: Shop) -> None:
    """A location takes work or not, and says so; doing it twice is refused."""
    assert ready.post("/v1/locations", {"location_id": "S1", **WAREHOUSE}).status_code == 201
    suspensions, resumptions = "/v1/locations/S1/suspensions", "/v1/locations/S1/resumptions"
    ready.done(suspensions, {"reason": "flood"})
    assert ready.client.get("/v1/locations/S1").json()["suspended"]
    again = ready.post(suspensions, {"reason": "flood"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/location-suspended")
    ready.done(resumptions, None)
    assert not ready.client.get("/v1/locations/S1").json()["suspended"]
    assert ready.post(resumptions).json()["type"] == "/problems/location-open"
    changed = ready.client.put("/v1/locations/S1", json=dict(WAREHOUSE) | {"name": "Store"})
    assert changed.status_code == 200
    assert ready.client.get("/v1/locations/S1").json()["name"] == "Store"


def test_a_location_says_where_it_sends_and_when_it_is_closed(ready: Shop) -> None:
    """Each country and day once, days in order; what is no country or no day is refused."""
    own = {"countries": ["DE", "AT", "DE"], "closed_on": ["2026-12-31", "2026-12-24"]}
    assert ready.post("/v1/locations", {"location_id": "S2", **WAREHOUSE, **own}).status_code == 201
    shown = ready.client.get("/v1/locations/S2").json()
    assert shown["countries"] == ["DE", "AT"]
    assert shown["closed_on"] == ["2026-12-24", "2026-12-31"]
    for bad in ({"countries": ["XX"]}, {"closed_on": ["2026-02-30"]}, {"capacity_per_day": -1}):
        refused = ready.post("/v1/locations", {"location_id": "S3", **WAREHOUSE, **bad})
        assert refused.status_code == 422
        assert next(iter(bad)) in refused.text
