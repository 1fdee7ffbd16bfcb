"""The same idempotency key is one request, however often and from wherever it comes."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.api.shop import Json, Shop, fresh_key, order


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units of A."""
    shop.stocked("A")
    return shop


def receipts(*quantities: object) -> Json:
    """Return a batch that receives these quantities of A."""
    return {"lines": [{"sku": "A", "location_id": "W1", "quantity": q} for q in quantities]}


def test_one_key_three_times_is_one_order(ready: Shop) -> None:
    """Repeats answer the same, say that they are repeats, and write nothing."""
    key, body = fresh_key(), order("i1", ("A", 1))
    first = ready.post("/v1/orders", body, key=key)
    head = ready.head()
    repeats = [ready.post("/v1/orders", body, key=key) for _ in range(2)]
    assert {(r.status_code, r.text) for r in [first, *repeats]} == {(201, first.text)}
    assert {r.headers["Location"] for r in [first, *repeats]} == {"/v1/orders/WEB:i1"}
    assert "Idempotency-Replayed" not in first.headers
    assert {r.headers["Idempotency-Replayed"] for r in repeats} == {"true"}
    assert ready.head() == head


def test_one_key_many_times_at_once_is_one_order(ready: Shop) -> None:
    """Repeats that arrive together, within one group, all get the one answer."""
    key, body = fresh_key(), order("i2", ("A", 1))
    before = ready.head()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ready.post("/v1/orders", body, key=key), range(24)))
    assert {(r.status_code, r.text) for r in answers} == {(201, answers[0].text)}
    assert ready.head() == before + 3


def test_a_key_with_another_body_is_refused(ready: Shop) -> None:
    """The same key for another order is refused, and nothing is written."""
    key = fresh_key()
    ready.post("/v1/orders", order("i3", ("A", 1)), key=key)
    head = ready.head()
    for body in (order("i4", ("A", 1)), order("i3", ("A", 2))):
        refused = ready.post("/v1/orders", body, key=key)
        assert refused.status_code == 422
        assert refused.json()["type"] == "/problems/idempotency-key-reused"
        assert refused.json()["field"] == "Idempotency-Key"
    assert ready.head() == head


def test_another_spelling_of_the_same_body_is_a_repeat(ready: Shop) -> None:
    """What counts is what the body means, not how its numbers and fields are written."""
    key, body = fresh_key(), order("i5", ("A", 1))
    first = ready.post("/v1/orders", body, key=key)
    body["lines"][0] |= {"quantity": "1.0", "discounts": []}
    repeat = ready.post("/v1/orders", dict(reversed(body.items())), key=key)
    assert (repeat.status_code, repeat.text) == (201, first.text)


def test_a_refusal_is_repeated_too(ready: Shop) -> None:
    """A refused request stays refused under its key, even when it would pass by now."""
    key, body = fresh_key(), order("i6", ("NEW", 1))
    refused = ready.post("/v1/orders", body, key=key)
    assert refused.status_code == 404
    ready.done("/v1/items", {"item_id": "NEW", "sku": "NEW", "name": "New"})
    line = {"sku": "NEW", "location_id": "W1", "quantity": 1}
    ready.done("/v1/stock/receipts", {"lines": [line]})
    assert ready.post("/v1/orders", body, key=key).json() == refused.json()
    assert ready.post("/v1/orders", body).status_code == 201


def test_keys_belong_to_their_principal(ready: Shop) -> None:
    """Two principals may use the same key for different requests."""
    key, client = fresh_key(), ready.channel_client("WEB")
    with client:
        one = ready.post("/v1/orders", order("i7", ("A", 1)), key=key)
        other = ready.post("/v1/orders", order("i8", ("A", 1)), key=key, client=client)
    assert (one.status_code, other.status_code) == (201, 201)


def test_a_batch_repeated_does_only_what_is_left(ready: Shop) -> None:
    """Each line has a key of its own, so a repeat adds nothing for lines that were done."""
    key = fresh_key()
    lines: list[Json] = [
        {"sku": "A", "location_id": "W1", "quantity": 1},
        {"sku": "LATE", "location_id": "W1", "quantity": 1},
    ]
    first = ready.post("/v1/stock/receipts", {"lines": lines}, key=key)
    assert (first.status_code, first.json()["accepted"]) == (207, 1)
    head = ready.head()
    again = ready.post("/v1/stock/receipts", {"lines": lines}, key=key)
    assert again.json() == first.json()
    assert ready.head() == head


@pytest.mark.parametrize(
    "quantities", [[1], [1, 1, 1], [2, 1]], ids=["fewer", "more", "another quantity"]
)
def test_a_batch_key_with_other_lines_is_refused(ready: Shop, quantities: list[int]) -> None:
    """A batch's key belongs to its whole body; with another one nothing at all is done."""
    key = fresh_key()
    ready.done("/v1/stock/receipts", receipts(1, 1), key=key)
    head = ready.head()
    refused = ready.post("/v1/stock/receipts", receipts(*quantities), key=key)
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/idempotency-key-reused"
    assert refused.json()["field"] == "Idempotency-Key"
    counts = ready.post("/v1/stock/holds", receipts(1, 1), key=key)
    assert counts.status_code == 422
    assert ready.head() == head
    assert ready.done("/v1/stock/receipts", receipts(1, 1), key=key)["accepted"] == 2


def test_another_spelling_of_a_batch_is_a_repeat(ready: Shop) -> None:
    """What counts is what the lines mean."""
    key = fresh_key()
    first = ready.done("/v1/stock/receipts", receipts(1, 1), key=key)
    spelled = receipts("1.0", "1")
    spelled["lines"][0]["condition"] = "sellable"
    assert ready.done("/v1/stock/receipts", spelled, key=key) == first


def test_a_batch_and_a_single_command_do_not_share_a_key(ready: Shop) -> None:
    """Whichever came first has the key; the other is refused, and nothing is written."""
    one, other = fresh_key(), fresh_key()
    ready.done("/v1/stock/receipts", receipts(1), key=one)
    ready.done("/v1/orders", order("shared", ("A", 1)), key=other)
    head = ready.head()
    refused = [
        ready.post("/v1/orders", order("shared2", ("A", 1)), key=one),
        ready.post("/v1/stock/receipts", receipts(1), key=other),
    ]
    assert [answer.status_code for answer in refused] == [422, 422]
    assert ready.head() == head


@pytest.mark.parametrize("separator", ["/", " "])
def test_no_key_of_a_client_is_a_key_of_a_line(ready: Shop, separator: str) -> None:
    """Lines' keys are made so that no header can hold one."""
    key = fresh_key()
    ready.done("/v1/stock/receipts", receipts(1), key=key)
    answer = ready.post("/v1/stock/receipts", receipts(3), key=f"{key}{separator}0")
    assert answer.status_code == (200 if separator == "/" else 422)
    if separator == " ":
        assert answer.json()["type"] == "/problems/invalid-request"
    repeat = ready.post("/v1/stock/receipts", receipts(1), key=key)
    assert repeat.headers["Idempotency-Replayed"] == "true"


def test_one_batch_many_times_at_once_is_one_batch(ready: Shop) -> None:
    """Of repeats that arrive together each line is done once; another body loses."""
    key = fresh_key()
    head = ready.head()
    with ThreadPoolExecutor(8) as pool:
        bodies = [receipts(1, 1), receipts(1, 1, 1)] * 6
        answers = list(
            pool.map(lambda body: ready.post("/v1/stock/receipts", body, key=key), bodies)
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [422] * 6
    accepted = {answer.json()["accepted"] for answer in answers if answer.status_code == 200}
    assert accepted == {ready.head() - head}


def test_put_may_carry_a_key(ready: Shop) -> None:
    """Replacing is repeatable by nature; with a key the answer is the same too."""
    item = {"sku": "A", "name": "Another name"}
    key = {"Idempotency-Key": fresh_key()}
    answers: list[httpx.Response] = [
        ready.client.put("/v1/items/A", json=item, headers=headers) for headers in (key, key, {})
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert ready.client.get("/v1/items/A").json()["name"] == "Another name"
