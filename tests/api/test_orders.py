"""Orders through HTTP: place, look up now and in the past, cancel, ship, deliver."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from api.main import present
from tests.api.shop import WAREHOUSE, Json, Shop, order, served


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units each of A and B."""
    shop.stocked("A", "B")
    return shop


def full_order(external_id: str) -> Json:
    """Return an order with money of every kind and personal data."""
    placed = order(external_id, ("a", 3), ("B", "1"))
    placed["lines"][0] |= {
        "id": "first",
        "unit_price": {"amount": 100, "currency": "EUR"},
        "list_price": {"amount": "110", "currency": "EUR"},
        "discounts": [{"source": "SPRING", "amount": {"amount": "10.00", "currency": "EUR"}}],
        "tax_rate": "0.19",
        "tax_amount": {"amount": "46.30", "currency": "EUR"},
        "description": "Ä lamp",
    }
    return placed | {
        "customer_id": "C 7",
        "priority": 3,
        "contact": {"name": "Erika Mustermann", "email": "erika@example.org"},
        "note": "Leave it\nwith the neighbour",
        "destination": {
            "country": "DE",
            "postal_code": "10115",
            "recipient": "Erika Mustermann",
            "street": "Chausseestraße 1",
            "city": "Berlin",
        },
        "charges": [
            {
                "kind": "shipping",
                "amount": {"amount": "4.90", "currency": "EUR"},
                "tax_rate": 0.19,
                "tax_amount": {"amount": "0.78", "currency": "EUR"},
            }
        ],
    }


def euro(amount: str) -> Json:
    """Return an amount in the shop's currency."""
    return {"amount": amount, "currency": "EUR"}


def test_placing_answers_with_what_was_reserved(ready: Shop) -> None:
    """An order answers 201 with its address, its position and where each unit comes from."""
    response = ready.post("/v1/orders", order("1001", ("A", 2), ("B", 1)))
    assert response.status_code == 201
    answer = response.json()
    assert response.headers["Location"] == "/v1/orders/WEB:1001"
    assert response.headers["Taktstock-Position"] == answer["position"]
    assert answer["position"] == f"main-{ready.head()}"
    assert (answer["id"], answer["status"]) == ("WEB:1001", "open")
    assert [line["sku"] for line in answer["lines"]] == ["A", "B"]
    (held,) = answer["lines"][0]["allocated"]
    assert (held["location_id"], held["quantity"]) == ("W1", 2)
    assert answer["lines"][0]["unassigned"] == 0
    assert answer["totals"]["total"] == euro("30.00")


def test_an_answer_promises_what_the_order_shows(ready: Shop) -> None:
    """A pick-up is promised for the end of the store's day, a shipment for its cut-off alone.

    Without carriers nobody knows when a shipment arrives.
    """
    store = {**WAREHOUSE, "kind": "store", "capabilities": ["pickup"]}
    assert ready.post("/v1/locations", {"location_id": "S1", **store}).status_code == 201
    channel = {**ready.client.get("/v1/channels/WEB").json(), "sources": ["W1", "S1"]}
    channel.pop("channel_id")
    assert ready.client.put("/v1/channels/WEB", json=channel).status_code == 200
    receive = {"lines": [{"sku": "A", "location_id": "S1", "quantity": 5}]}
    assert ready.post("/v1/stock/receipts", receive).status_code == 200
    groups = [{"id": "home"}, {"id": "shop", "method": "pickup", "store": "S1"}]
    shares = [{"group": "home", "quantity": 1}, {"group": "shop", "quantity": 1}]
    body = order("promised", ("A", 2))
    body["groups"], body["lines"][0]["shares"] = groups, shares
    answered = ready.post("/v1/orders", body).json()["promises"]
    shown = ready.client.get("/v1/orders/WEB:promised").json()["groups"]
    for promise, group in zip(answered, shown, strict=True):
        assert promise["group_id"] == group["id"]
        own = {name: promise[name] for name in ("ship_by", "deliver_by")}
        assert group["promise"] == group["first_promise"] == own
        assert own["ship_by"] is not None
    assert [promise["deliver_by"] is None for promise in answered] == [True, False]


def test_an_order_reads_back_as_it_was_placed(ready: Shop) -> None:
    """Money, places and personal data come back to those who may see them."""
    ready.done("/v1/orders", full_order("full"))
    read = ready.client.get("/v1/orders/WEB:full").json()
    assert read["contact"] == {
        "name": "Erika Mustermann",
        "email": "erika@example.org",
        "phone": None,
    }
    assert read["note"] == "Leave it\nwith the neighbour"
    assert read["groups"][0]["destination"]["street"] == "Chausseestraße 1"
    line = read["lines"][0]
    assert line["description"] == "Ä lamp"
    assert (line["id"], line["sku"], line["item_id"]) == ("first", "a", "A")
    assert line["unit_price"] == euro("100.00")
    assert line["list_price"] == euro("110.00")
    assert line["amount"] == euro("290.00")
    assert line["tax_amount"] == euro("46.30")
    assert line["discounts"] == [{"source": "SPRING", "amount": euro("10.00")}]
    assert line["quantities"] == {
        "ordered": 3,
        "unassigned": 0,
        "backordered": 0,
        "reserved": 3,
        "shipped": 0,
        "cancelled": 0,
        "delivered": 0,
    }
    assert read["totals"] == {
        "lines": euro("300.00"),
        "charges": euro("4.90"),
        "tax": euro("47.08"),
        "total": euro("304.90"),
    }
    assert (read["customer_id"], read["priority"]) == ("C 7", 3)
    assert read["as_of"]["kind"] == "now"


@pytest.mark.parametrize(
    "external_id", ["2024/17", "a b", "..", "50%", "Ü~1", "x" * 100, "a:b?c#d"]
)
def test_any_external_id_has_an_address(ready: Shop, external_id: str) -> None:
    """The address in the answer leads to the order whatever the channel calls it."""
    response = ready.post("/v1/orders", order(external_id, ("A", 1)))
    read = ready.client.get(response.headers["Location"])
    assert read.json()["external_id"] == external_id
    assert read.json()["id"] == response.json()["id"]
    assert ready.client.get(response.headers["Location"] + "/events").status_code == 200


def test_an_order_is_cancelled_by_line_and_then_whole(ready: Shop) -> None:
    """Cancelling takes a quantity of a line, then all that is left."""
    ready.done("/v1/orders", order("c1", ("A", 3), ("B", 1)))
    body = {
        "lines": [{"line_id": "1", "quantity": 2}],
        "reason": "customer-request",
        "note": "Ada moved",
    }
    answer = ready.done("/v1/orders/WEB:c1/cancellations", body)
    assert (answer["cancelled"], answer["status"]) == (2, "open")
    answer = ready.done("/v1/orders/WEB:c1/cancellations", {"reason": "other"})
    assert (answer["cancelled"], answer["status"]) == (2, "cancelled")
    refused = ready.post("/v1/orders/WEB:c1/cancellations", {"reason": "other"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/not-cancellable"


def test_an_allocation_is_shipped_and_delivered(ready: Shop) -> None:
    """A part ships, the rest ships, all is delivered; more than that is refused."""
    placed = ready.done("/v1/orders", order("s1", ("A", 3)))
    held = placed["lines"][0]["allocated"][0]["allocation_id"]
    ship, deliver = "/v1/orders/WEB:s1/shipments", "/v1/orders/WEB:s1/deliveries"
    part = {"allocation_id": held, "quantity": 1, "tracking": "00340"}
    answer = ready.done(ship, part)
    assert answer["status"] == "partly-shipped"
    assert answer["shipment_id"]
    assert ready.done(ship, {"allocation_id": held})["status"] == "shipped"
    assert ready.done(deliver, {"allocation_id": held})["status"] == "delivered"
    refused = ready.post(ship, {"allocation_id": held})
    assert refused.json()["type"] == "/problems/not-enough-allocated"
    unknown = ready.post(ship, {"allocation_id": "nowhere"})
    assert (unknown.status_code, unknown.json()["field"]) == (404, "allocation_id")


def test_events_tell_who_did_what_and_why(ready: Shop) -> None:
    """Every event has its actor, its cause, both instants and its payload, page by page."""
    ready.done("/v1/orders", full_order("e1"))
    ready.done("/v1/orders/WEB:e1/cancellations", {"reason": "other"})
    first = ready.client.get("/v1/orders/WEB:e1/events", params={"limit": 2}).json()
    assert [event["type"] for event in first["events"]] == ["OrderPlaced", "LinesAllocated"]
    rest = ready.client.get("/v1/orders/WEB:e1/events", params={"cursor": first["next"]}).json()
    (cancelled,) = rest["events"]
    assert rest["next"] is None
    assert cancelled["payload"]["reason"] == "other"
    assert cancelled["actor"].endswith(" tests")
    assert cancelled["causation_id"] == cancelled["command_id"]
    placed = first["events"][0]["payload"]
    assert placed["contact"]["name"] == "Erika Mustermann"
    assert placed["groups"][0]["destination"]["street"] == "Chausseestraße 1"


def test_an_order_as_known_at_as_true_at_and_at_a_position(ready: Shop) -> None:
    """Every view of the past shows what stood then and says which view it is."""
    placed = ready.done("/v1/orders", order("p1", ("A", 1)))
    events = ready.client.get("/v1/orders/WEB:p1/events").json()["events"]
    ready.done("/v1/orders/WEB:p1/cancellations", {"reason": "other"})
    path, recorded = "/v1/orders/WEB:p1", events[-1]["recorded_at"]
    seen: dict[str, Any] = {
        "known_at": ready.client.get(path, params={"known_at": recorded}).json(),
        "true_at": ready.client.get(path, params={"true_at": events[0]["occurred_at"]}).json(),
        "position": ready.client.get(path, params={"position": placed["position"]}).json(),
        "now": ready.client.get(path).json(),
    }
    assert {kind: answer["status"] for kind, answer in seen.items()} == {
        "known_at": "open",
        "true_at": "open",
        "position": "open",
        "now": "cancelled",
    }
    assert {kind: answer["as_of"]["kind"] for kind, answer in seen.items()} == {
        kind: kind for kind in seen
    }
    assert datetime.fromisoformat(seen["known_at"]["as_of"]["instant"]) == datetime.fromisoformat(
        recorded
    )
    assert seen["position"]["as_of"]["position"] == placed["position"]
    past = ready.client.get(f"{path}/events", params={"known_at": recorded}).json()
    assert (past["as_of"]["kind"], len(past["events"])) == ("known_at", 2)
    before = ready.client.get(path, params={"true_at": "1999-12-31T23:59:59+01:00"})
    assert before.status_code == 404


def test_an_order_cancelled_by_a_clock_that_is_behind(ready: Shop) -> None:
    """The past of an order holds up where two servers' clocks differ: it was placed first."""
    ready.done("/v1/orders", order("skewed", ("A", 1)))
    slow = replace(ready.services, clock=lambda: present() - timedelta(seconds=60))
    with served(slow) as address, ready.client_of(ready.token) as client:
        client.base_url = httpx.URL(address)
        ready.done("/v1/orders/WEB:skewed/cancellations", {"reason": "other"}, client=client)
    path = "/v1/orders/WEB:skewed"
    events = ready.client.get(f"{path}/events").json()["events"]
    placed, cancelled = (datetime.fromisoformat(events[n]["occurred_at"]) for n in (0, -1))
    assert cancelled < placed
    between = {"true_at": (placed - timedelta(seconds=1)).isoformat()}
    assert ready.client.get(path, params=between).status_code == 404
    then = ready.client.get(path, params={"true_at": placed.isoformat()})
    assert (then.status_code, then.json()["status"]) == (200, "cancelled")


def test_an_offset_in_a_query_need_not_be_escaped(ready: Shop) -> None:
    """The plus sign of an offset is understood although forms decode it to a space."""
    ready.done("/v1/orders", order("plus", ("A", 1)))
    read = ready.client.get("/v1/orders/WEB:plus?known_at=2100-01-01T00:00:00+02:00")
    assert read.json()["as_of"]["instant"] == "2099-12-31T22:00:00Z"


def test_an_erased_person_is_gone_from_every_view(ready: Shop) -> None:
    """After erasure the order reads without the person, now and in the past."""
    ready.done("/v1/orders", full_order("gone") | {"customer_id": "C-gone"})
    said = {"reason": "address", "note": "Erika moved"}
    ready.done("/v1/orders/WEB:gone/cancellations", said)
    events = ready.client.get("/v1/orders/WEB:gone/events").json()["events"]
    assert events[-1]["payload"]["note"] == "Erika moved"
    read = ready.client.get("/v1/orders/WEB:gone").json()
    erasure = {"subject_id": read["subject_id"], "reason": "request"}
    ready.done("/v1/subjects/erasures", erasure)
    for query in ("", f"?position=main-{ready.head()}", f"?known_at={read['placed_at']}"):
        text = ready.client.get(f"/v1/orders/WEB:gone{query}").text
        assert "Erika" not in text
    assert "Erika" not in ready.client.get("/v1/orders/WEB:gone/events").text
    again = ready.post("/v1/subjects/erasures", erasure)
    assert again.json()["type"] == "/problems/subject-erased"
    refused = ready.post("/v1/orders", full_order("gone-2") | {"customer_id": "C-gone"})
    assert refused.json()["type"] == "/problems/subject-erased"
