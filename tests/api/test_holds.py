"""Basket holds through HTTP: hold, look at, give back, place; and never one too many."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.main import present
from tests.api.shop import Json, Shop, order, served
from tests.api.test_bad_input import check_problem
from tests.api.test_concurrency import available


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units of A, through which two channels sell."""
    shop.stocked("A")
    shop.done(
        "/v1/channels",
        {"channel_id": "TILL", "name": "Tills", "currency": "EUR", "sources": ["W1"]},
    )
    return shop


@pytest.fixture
def unchanged(ready: Shop) -> Iterator[Shop]:
    """Return the shop, and check afterwards that the log's head is where it was."""
    before = ready.head()
    yield ready
    assert ready.head() == before


def basket(*lines: tuple[str, Any], channel_id: str = "WEB", **fields: Any) -> Json:
    """Return a basket of (SKU, quantity) lines."""
    return {
        "channel_id": channel_id,
        "destination": {"country": "DE", "postal_code": "10115"},
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        **fields,
    }


def test_a_basket_is_held_shown_and_given_back(ready: Shop) -> None:
    """The answer says until when, where and what for; given back it is over."""
    before = present()
    response = ready.post("/v1/holds", basket(("A", 2), hold_id="cart-1", minutes=10))
    assert response.status_code == 201, response.text
    held = response.json()
    assert response.headers["Location"] == "/v1/holds/WEB:cart-1"
    assert (held["id"], held["hold_id"], held["status"]) == ("WEB:cart-1", "cart-1", "held")
    until = datetime.fromisoformat(held["expires_at"])
    assert timedelta(minutes=9) < until - before < timedelta(minutes=11)
    ((part,),) = [line["reserved"] for line in held["lines"]]
    assert (part["location_id"], part["quantity"]) == ("W1", 2)
    assert held["promises"][0]["ship_by"] is not None
    assert available(ready, "A") == (48, 48)
    shown = ready.client.get("/v1/holds/WEB:cart-1").json()
    same = ("id", "status", "expires_at", "lines", "promises")
    assert [shown[name] for name in same] == [held[name] for name in same]
    assert (shown["placeable"], shown["order_id"], shown["lost"]) == (True, None, [])
    released = ready.done("/v1/holds/WEB:cart-1/releases", {"reason": "abandoned"})
    assert released["status"] == "released"
    assert available(ready, "A") == (50, 50)
    head = ready.head()
    assert ready.done("/v1/holds/WEB:cart-1/releases", {})["status"] == "released"
    assert ready.head() == head


def test_a_hold_without_an_id_is_given_one(ready: Shop) -> None:
    """The same key gives the same hold; another basket under it is refused."""
    first = ready.post("/v1/holds", basket(("A", 1)), key="hold-once")
    again = ready.post("/v1/holds", basket(("A", 1)), key="hold-once")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = ready.post("/v1/holds", basket(("A", 2)), key="hold-once")
    check_problem(other, 422, "idempotency-key-reused", "Idempotency-Key")
    ready.done(f"/v1/holds/{first.json()['id']}/releases", {})


def test_an_order_takes_the_hold_over(ready: Shop) -> None:
    """Then the hold names the order, and cannot be placed or released again."""
    ready.done("/v1/holds", basket(("A", 3), hold_id="cart-2"))
    placed = ready.done("/v1/orders", order("held-2", ("A", 3)) | {"hold_id": "cart-2"})
    assert placed["status"] == "open"
    shown = ready.client.get("/v1/holds/WEB:cart-2").json()
    assert (shown["status"], shown["placeable"]) == ("placed", False)
    assert shown["order_id"] == "WEB:held-2"
    again = ready.post("/v1/orders", order("held-3", ("A", 3)) | {"hold_id": "cart-2"})
    problem = check_problem(again, 409, "hold-is-over", "hold_id")
    assert (problem["hold_id"], problem["status"]) == ("cart-2", 409)
    assert problem["ended"] == "placed"
    release = ready.post("/v1/holds/WEB:cart-2/releases", {})
    check_problem(release, 409, "hold-is-over", "hold_id")
    ready.done("/v1/orders/WEB:held-2/cancellations", {"reason": "other"})


def test_an_order_shows_its_hold_its_customers_and_how_it_leaves(ready: Shop) -> None:
    """As long as something of a fulfilment is reserved or shipped."""
    ready.done("/v1/holds", basket(("A", 3), hold_id="seen"))
    said = {"hold_id": "seen", "customer_group": "vip"}
    placed = ready.done("/v1/orders", order("seen", ("A", 3)) | said)
    shown = ready.client.get("/v1/orders/WEB:seen").json()
    assert (shown["hold_id"], shown["customer_group"]) == ("seen", "vip")
    (fulfilment,) = shown["fulfilments"]
    assert fulfilment["allocations"] == [placed["lines"][0]["allocated"][0]["allocation_id"]]
    assert (fulfilment["group_id"], fulfilment["location_id"]) == ("1", "W1")
    assert (fulfilment["mode"], fulfilment["carrier"]) == ("ship-from-warehouse", None)
    assert fulfilment["ship_by"] == placed["promises"][0]["ship_by"]
    assert fulfilment["leaves"] <= fulfilment["ship_by"][:10]
    ready.done("/v1/orders/WEB:seen/cancellations", {"reason": "other"})
    cancelled = ready.client.get("/v1/orders/WEB:seen").json()
    assert (cancelled["fulfilments"], cancelled["hold_id"]) == ([], "seen")


def test_a_hold_whose_time_is_over_cannot_be_placed(ready: Shop) -> None:
    """Though its stock is not free before the job has ended it."""
    ready.done("/v1/holds", basket(("A", 50), hold_id="late", minutes=1))
    services = replace(ready.services, clock=lambda: present() + timedelta(minutes=2))
    with served(services) as base_url, Shop(services, base_url).client as client:
        shown = client.get("/v1/holds/WEB:late").json()
        assert (shown["status"], shown["placeable"]) == ("held", False)
        late = ready.post("/v1/orders", order("l1", ("A", 50)) | {"hold_id": "late"}, client=client)
        assert check_problem(late, 409, "hold-is-over", "hold_id")["ended"] == "expired"
        other = ready.post("/v1/orders", order("l2", ("A", 1)), client=client)
        check_problem(other, 409, "insufficient-stock", None)
    ready.done("/v1/holds/WEB:late/releases", {})


def test_what_is_short_holds_nothing(unchanged: Shop) -> None:
    """The refusal names what is short, line by line."""
    refused = unchanged.post("/v1/holds", basket(("A", 51)))
    problem = check_problem(refused, 409, "insufficient-stock", None)
    assert problem["short_lines"] == [
        {"line_id": "1", "sku": "A", "wanted": "51", "available": "50"}
    ]


def test_a_channels_key_holds_for_its_channels_alone(ready: Shop) -> None:
    """Somebody else's channel or hold is as unknown as one that does not exist."""
    ready.done("/v1/holds", basket(("A", 1), hold_id="ours"))
    with ready.channel_client("TILL") as till:
        other = ready.post("/v1/holds", basket(("A", 1)), client=till)
        check_problem(other, 404, "unknown-channel", "channel_id")
        check_problem(till.get("/v1/holds/WEB:ours"), 404, "unknown-hold", "hold_id")
        release = ready.post("/v1/holds/WEB:ours/releases", {}, client=till)
        check_problem(release, 404, "unknown-hold", "hold_id")
        sold = order("till-1", ("A", 1), channel_id="TILL") | {"hold_id": "ours"}
        check_problem(ready.post("/v1/orders", sold, client=till), 404, "unknown-hold", "hold_id")
        own = ready.done("/v1/holds", basket(("A", 1), channel_id="TILL"), client=till)
        assert till.get(f"/v1/holds/{own['id']}").json()["status"] == "held"
        ready.done(f"/v1/holds/{own['id']}/releases", {}, client=till)
    ready.done("/v1/holds/WEB:ours/releases", {})


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (basket(), 422, "invalid-request", "lines"),
        (basket(("A", 0)), 422, "invalid-request", "lines.0.quantity"),
        (basket(("A", 1), minutes=61), 422, "invalid-request", "minutes"),
        (basket(("A", 1), minutes=True), 422, "invalid-request", "minutes"),
        (basket(("A", 1), minutes="soon"), 422, "invalid-request", "minutes"),
        (basket(("A", 1), hold_id="a b"), 422, "invalid-request", "hold_id"),
        (basket(("A", 1), hold_id="\x00"), 422, "invalid-request", "hold_id"),
        (basket(("A", 1), colour="red"), 422, "invalid-request", "colour"),
        (
            basket(("A", 1), destination={"country": "DE", "recipient": "Ada"}),
            422,
            "invalid-request",
            "destination.recipient",
        ),
        (basket(("A", 1), destination=None), 422, "invalid-order", "destination"),
        (basket(("A", "0.5")), 422, "invalid-quantity-step", "lines.0.quantity"),
        (basket(("A", 1), ("NONE", 1)), 404, "unknown-item", "lines.1.sku"),
        (basket(("A", 1), channel_id="NONE"), 404, "unknown-channel", "channel_id"),
        (
            basket(("A", 1), groups=[{"id": "1", "method": "pickup", "store": "NONE"}]),
            409,
            "cannot-deliver-there",
            "groups.0.store",
        ),
    ],
)
def test_a_bad_basket_is_told_where(
    unchanged: Shop, body: Json, status: int, code: str, field: str
) -> None:
    """A problem document names the field, and nothing is written."""
    response = unchanged.post("/v1/holds", body)
    shown = field if code != "invalid-request" else None
    problem = check_problem(response, status, code, shown or response.json().get("field"))
    if code == "invalid-request":
        assert problem["errors"][0]["field"] == field


@pytest.mark.parametrize("hold_id", ["none", "WEB:none", "WEB:", ":", "W B:x", "WEB:a:b"])
def test_an_unknown_hold_is_told_so(unchanged: Shop, hold_id: str) -> None:
    """Whatever the address says."""
    unknown = unchanged.client.get(f"/v1/holds/{hold_id}")
    check_problem(unknown, 404, "unknown-hold", "hold_id")
    release = unchanged.post(f"/v1/holds/{hold_id}/releases", {})
    check_problem(release, 404, "unknown-hold", "hold_id")


def test_a_bad_release_is_told_where(unchanged: Shop) -> None:
    """A reason is one of three words."""
    response = unchanged.post("/v1/holds/WEB:none/releases", {"reason": "Ada changed her mind"})
    (error,) = response.json()["errors"]
    assert (response.status_code, error["field"]) == (422, "reason")


def test_the_holder_gets_all_while_fifty_orders_race(ready: Shop) -> None:
    """Ten in stock, ten held: every other order is refused, the holder's is placed whole."""
    ready.stocked("RARE", quantity=10, location_id="W9", channel_id="RACE")
    held = basket(("RARE", 10), channel_id="RACE", hold_id="mine")
    ready.done("/v1/holds", held)
    racing = [order(f"race-{n}", ("RARE", 1), channel_id="RACE") for n in range(50)]
    mine = order("mine", ("RARE", 10), channel_id="RACE") | {"hold_id": "mine"}
    racing.insert(25, mine)
    with ThreadPoolExecutor(51) as pool:
        answers = list(pool.map(lambda body: ready.post("/v1/orders", body), racing))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 50}
    assert answers[25].json()["lines"][0]["allocated"][0]["quantity"] == 10
    assert available(ready, "RARE") == (0, 0)


def test_one_hold_is_placed_once_by_many(ready: Shop) -> None:
    """Twenty orders name one hold of ten in twenty: one takes it over, the others are refused."""
    ready.stocked("PAIR", quantity=20, location_id="W8", channel_id="MANY")
    ready.done("/v1/holds", basket(("PAIR", 10), channel_id="MANY", hold_id="one"))
    orders = [
        order(f"many-{n}", ("PAIR", 10), channel_id="MANY") | {"hold_id": "one"} for n in range(20)
    ]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda body: ready.post("/v1/orders", body), orders))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert available(ready, "PAIR") == (10, 10)
