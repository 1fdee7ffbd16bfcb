"""Promises through HTTP: what placing then promises, for the right channel, writing nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from projections.main import catch_up
from tests.api.shop import WAREHOUSE, Json, Shop, order, served
from tests.api.test_bad_input import check_problem

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units of A in a warehouse and 5 in a store, both selling for WEB."""
    store = {**WAREHOUSE, "kind": "store", "capabilities": ["ship", "pickup"]}
    shop.done("/v1/locations", {"location_id": "S1", **store})
    shop.stocked("A")
    channel = {"name": "Web shop", "currency": "EUR", "sources": ["W1", "S1"]}
    put = shop.client.put("/v1/channels/WEB", json=channel)
    assert put.is_success, put.text
    lines = [{"sku": "A", "location_id": "S1", "quantity": 5}]
    shop.done("/v1/stock/receipts", {"lines": lines})
    catch_up(shop.services.datastore, shop.services.reader)
    return shop


@pytest.fixture
def unchanged(ready: Shop) -> Iterator[Shop]:
    """Return the shop, and check afterwards that the log's head is where it was."""
    before = ready.head()
    yield ready
    assert ready.head() == before


def question(*lines: tuple[str, Any], **fields: Any) -> Json:
    """Return a question about (SKU, quantity) lines."""
    return {
        "channel_id": "WEB",
        "destination": {"country": "DE", "postal_code": "10115"},
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        **fields,
    }


def test_shipping_and_the_nearest_stores_are_answered(unchanged: Shop) -> None:
    """Both ways are possible; the answer says as of which position, and nothing was written."""
    answer = unchanged.done("/v1/promises", question(("a", 3)))
    assert answer["position"] == f"main-{unchanged.head()}"
    ship, pickup = answer["options"]
    assert (ship["method"], ship["service"], ship["store"]) == ("ship", "standard", None)
    assert (ship["possible"], ship["reason"]) == (True, None)
    assert (pickup["method"], pickup["store"], pickup["possible"]) == ("pickup", "S1", True)
    assert pickup["fulfilments"][0]["mode"] == "pickup"
    (line,) = ship["lines"]
    assert (line["sku"], line["quantity"], line["available"]) == ("a", 3, 3)


def test_what_is_short_is_answered_and_not_refused(unchanged: Shop) -> None:
    """A promise of sixty says that there are fifty-five, and holds none of them."""
    (ship,) = unchanged.done("/v1/promises", question(("A", 60), methods=["ship"]))["options"]
    assert (ship["possible"], ship["reason"]) == (False, "too-little-stock")
    assert (ship["ship_by"], ship["lines"][0]["available"]) == (None, 55)


def test_what_was_promised_is_what_placing_promises(ready: Shop) -> None:
    """Asked and placed at one instant, the dates are the same; so are they of a hold."""
    services = replace(ready.services, clock=lambda: MONDAY)
    with served(services) as base_url, Shop(services, base_url).client as client:
        options = ready.done("/v1/promises", question(("A", 2)), client=client)["options"]
        held = ready.done("/v1/holds", question(("A", 2), hold_id="same"), client=client)
        placed = ready.done("/v1/orders", order("same", ("A", 2)), client=client)
        store = {"id": "1", "method": "pickup", "store": "S1"}
        collected = order("store", ("A", 2)) | {"groups": [store]}
        there = ready.done("/v1/orders", collected, client=client)
    dates = ("ship_by", "deliver_by")
    ship, pickup = [{name: option[name] for name in dates} for option in options]
    for answer, expected in ((held, ship), (placed, ship), (there, pickup)):
        assert [{name: one[name] for name in dates} for one in answer["promises"]] == [expected]
    ready.done("/v1/holds/WEB:same/releases", {})
    for number in ("same", "store"):
        ready.done(f"/v1/orders/WEB:{number}/cancellations", {"reason": "other"})
    catch_up(ready.services.datastore, ready.services.reader)


def test_a_promise_sees_what_was_written_before(ready: Shop) -> None:
    """With `after` it waits until the facts are as new as a command's answer."""
    held = ready.done("/v1/holds", question(("A", 55), hold_id="all"))
    catch_up(ready.services.datastore, ready.services.reader)
    asked = question(("A", 1), methods=["ship"])
    answer = ready.done(f"/v1/promises?after={held['position']}", asked)
    assert answer["options"][0]["lines"][0]["available"] == 0
    released = ready.done("/v1/holds/WEB:all/releases", {})
    catch_up(ready.services.datastore, ready.services.reader)
    answer = ready.done(f"/v1/promises?after={released['position']}", asked)
    assert answer["options"][0]["possible"]


def test_a_repeat_under_the_same_key_is_answered_anew(unchanged: Shop) -> None:
    """It is a query: the key is asked for like every POST's, and nothing is kept under it."""
    first = unchanged.post("/v1/promises", question(("A", 1)), key="promise-key")
    other = unchanged.post("/v1/promises", question(("A", 2)), key="promise-key")
    assert (first.status_code, other.status_code) == (200, 200)
    assert "Idempotency-Replayed" not in other.headers
    missing = unchanged.client.post("/v1/promises", json=question(("A", 1)))
    check_problem(missing, 400, "idempotency-key-required", "Idempotency-Key")


def test_a_channels_key_asks_for_its_channels_alone(unchanged: Shop) -> None:
    """Somebody else's channel is as unknown as none."""
    with unchanged.channel_client("TILL") as till:
        refused = unchanged.post("/v1/promises", question(("A", 1)), client=till)
        check_problem(refused, 404, "unknown-channel", "channel_id")
    with unchanged.channel_client("WEB") as web:
        assert unchanged.done("/v1/promises", question(("A", 1)), client=web)["options"]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (question(("A", 1), ("NONE", 1)), 404, "unknown-item", "lines.1.sku"),
        (question(("A", "0.5")), 422, "invalid-quantity-step", "lines.0.quantity"),
        (question(("A", 1), channel_id="NONE"), 404, "unknown-channel", "channel_id"),
        (
            question(("A", 1), destination=None, methods=["ship"]),
            422,
            "invalid-order",
            "destination",
        ),
        (
            question(("A", 1), methods=["pickup"], stores=["S1", "moon"]),
            409,
            "cannot-deliver-there",
            "stores.1",
        ),
    ],
)
def test_what_no_order_could_be_is_refused(
    unchanged: Shop, body: Json, status: int, code: str, field: str
) -> None:
    """As at placing, and the field is the one that was sent."""
    check_problem(unchanged.post("/v1/promises", body), status, code, field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(), "lines"),
        (question(("A", 0)), "lines.0.quantity"),
        (question(("A\x00", 1)), "lines.0.sku"),
        (question(("A", 1), methods=["teleport"]), "methods.0"),
        (question(("A", 1), methods=[]), "methods"),
        (question(("A", 1), services=["a b"]), "services.0"),
        (question(("A", 1), stores=[f"S{n}" for n in range(21)]), "stores"),
        (question(("A", 1), destination={"country": "XX"}), "destination.country"),
        (question(("A", 1), destination={"country": "DE", "street": "x"}), "destination.street"),
        (question(("A", 1), hold_id="x"), "hold_id"),
    ],
)
def test_a_malformed_question_is_told_where(unchanged: Shop, body: Json, field: str) -> None:
    """A problem document lists the field."""
    response = unchanged.post("/v1/promises", body)
    problem = check_problem(response, 422, "invalid-request", response.json().get("field"))
    assert [error["field"] for error in problem["errors"]] == [field]
