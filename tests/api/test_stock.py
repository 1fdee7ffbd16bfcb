"""Stock through HTTP: many lines at once, each with its own verdict."""

from typing import Any

import pytest

from tests.api.shop import Json, Shop

NOON = "2026-03-01T12:00:00Z"


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units each of A, B and C, and a kit of them."""
    shop.stocked("A", "B", "C")
    kit = [{"item_id": "A", "quantity": 1, "price_share": 1}]
    shop.done("/v1/items", {"item_id": "KIT", "sku": "KIT", "name": "Kit", "components": kit})
    return shop


def line(sku: str = "A", location_id: str = "W1", **fields: Any) -> Json:
    """Return a line for the warehouse."""
    return {"sku": sku, "location_id": location_id, **fields}


def test_each_line_has_its_own_verdict(ready: Shop) -> None:
    """Good lines are done, bad ones refused with their own problem; the answer is 207."""
    lines = [
        line(quantity=1),
        line("unknown", quantity=1),
        line(location_id="W9", quantity=1),
        line("KIT", quantity=1),
        line("b", quantity="2"),
    ]
    response = ready.post("/v1/stock/receipts", {"lines": lines})
    answer = response.json()
    assert (response.status_code, answer["accepted"], answer["refused"]) == (207, 2, 3)
    assert [one["result"] for one in answer["lines"]] == [
        "accepted",
        "refused",
        "refused",
        "refused",
        "accepted",
    ]
    problems = [one["problem"] for one in answer["lines"] if one["problem"]]
    assert [(p["status"], p["type"], p["field"]) for p in problems] == [
        (404, "/problems/unknown-item", "lines.1.sku"),
        (404, "/problems/unknown-location", "lines.2.location_id"),
        (409, "/problems/kit-holds-no-stock", "lines.3.sku"),
    ]
    assert answer["lines"][0]["outcome"]["on_hand"] == 51
    assert answer["lines"][4]["outcome"]["on_hand"] == 52
    assert answer["position"] == response.headers["Taktstock-Position"]
    assert answer["position"] == answer["lines"][4]["position"]


def test_a_batch_of_which_nothing_is_accepted_is_a_problem(ready: Shop) -> None:
    """Where every line is refused for one reason, the answer is that problem."""
    head = ready.head()
    lines = [line("unknown", quantity=1), line("unheard", quantity=1)]
    response = ready.post("/v1/stock/receipts", {"lines": lines})
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.status_code, problem["type"]) == (404, "/problems/unknown-item")
    assert problem["field"] == "lines.0.sku"
    assert [one["status"] for one in problem["lines"]] == [404, 404]
    assert ready.head() == head


def test_a_malformed_line_refuses_the_whole_request(ready: Shop) -> None:
    """All malformed fields are named, and not even the good lines are done."""
    head = ready.head()
    lines = [line(quantity=1), line(quantity=-1), line(quantity=1, colour="red")]
    response = ready.post("/v1/stock/receipts", {"lines": lines})
    assert response.status_code == 422
    fields = [error["field"] for error in response.json()["errors"]]
    assert fields == ["lines.1.quantity", "lines.2.colour"]
    for count in (0, 1001):
        response = ready.post("/v1/stock/receipts", {"lines": [line(quantity=1)] * count})
        assert (response.status_code, response.json()["field"]) == (422, "lines")
    assert ready.head() == head


def test_a_thousand_lines_at_once(ready: Shop) -> None:
    """The largest batch is done in order, each line after the one before."""
    response = ready.post("/v1/stock/receipts", {"lines": [line("C", quantity=1)] * 1000})
    answer = response.json()
    assert (response.status_code, answer["accepted"]) == (200, 1000)
    assert [one["outcome"]["on_hand"] for one in answer["lines"]] == list(range(51, 1051))


def test_every_kind_of_movement(ready: Shop) -> None:
    """Receipts, announcements, adjustments, counts, feeds, safety stock and holds are taken."""
    ready.done("/v1/items", {"item_id": "M", "sku": "M", "name": "M"})
    for path, fields, figures in (
        ("receipts", {"quantity": 10}, (10, 10)),
        ("expected-receipts", {"expected_id": "E1", "quantity": 5, "due": NOON}, (10, 10)),
        ("expected-receipt-cancellations", {"expected_id": "E1", "reason": "no"}, (10, 10)),
        ("adjustments", {"change": -2, "reason": "till sale"}, (8, 8)),
        ("safety-stocks", {"quantity": 1}, (8, 7)),
        ("holds", {"reservation_id": "H1", "quantity": 3, "purpose": "display"}, (8, 4)),
        ("hold-shipments", {"reservation_id": "H1", "quantity": 1}, (7, 4)),
        ("hold-releases", {"reservation_id": "H1", "reason": "over"}, (7, 6)),
    ):
        answer = ready.done(f"/v1/stock/{path}", {"lines": [line("M", **fields)]})
        outcome = answer["lines"][0]["outcome"]
        assert (path, outcome["on_hand"], outcome["available"]) == (path, *figures)


def test_counts_and_feeds_have_their_instant_and_sequence(ready: Shop) -> None:
    """A count corrects on hand; an older figure of the same source is recorded and ignored."""
    ready.done("/v1/items", {"item_id": "N", "sku": "N", "name": "N"})
    count = line("N", counted=4, as_of=NOON)
    answer = ready.done("/v1/stock/counts", {"lines": [count]})
    assert answer["lines"][0]["outcome"]["on_hand"] == 4
    for sequence, counted, on_hand in ((2, 9, 9), (1, 5, 9)):
        feed = line("N", counted=counted, source="WMS", sequence=sequence, as_of=NOON)
        answer = ready.done("/v1/stock/feeds", {"lines": [feed]})
        assert answer["lines"][0]["outcome"]["on_hand"] == on_hand
    assert answer["lines"][0]["outcome"]["ignored"]
    refused = ready.post(
        "/v1/stock/counts", {"lines": [line("N", counted=1, as_of="9999-01-01T00:00:00Z")]}
    )
    assert (refused.status_code, refused.json()["field"]) == (422, "lines.0.as_of")
