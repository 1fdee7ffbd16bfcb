"""Bad input of every kind: a problem document that names the field, and nothing written."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.api.shop import Json, Shop, fresh_key, order

HUGE = "9" * 5000


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units of A."""
    shop.stocked("A")
    shop.done("/v1/orders", order("taken", ("A", 1)))
    return shop


@pytest.fixture
def unchanged(ready: Shop) -> Iterator[Shop]:
    """Return the shop, and check afterwards that the log's head is where it was."""
    before = ready.head()
    yield ready
    assert ready.head() == before


def check_problem(response: httpx.Response, status: int, code: str, field: str | None) -> Json:
    """Check that an answer is a problem document of a kind that names a field."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: Json = response.json()
    assert problem["type"] == f"/problems/{code}", problem
    assert problem["status"] == status
    assert problem["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    assert problem.get("field") == field, problem
    assert problem["title"]
    assert problem["detail"]
    return problem


def with_line(**fields: Any) -> Json:
    """Return an order whose one line has these fields."""
    changed = order("bad", ("A", 1))
    changed["lines"][0] |= fields
    return changed


def with_fields(**fields: Any) -> Json:
    """Return an order with these fields."""
    return order("bad", ("A", 1)) | fields


MALFORMED: list[tuple[str, Json, str]] = [
    ("text for a number", with_line(quantity="many"), "lines.0.quantity"),
    ("a list for a number", with_line(quantity=[1]), "lines.0.quantity"),
    ("nothing for a number", with_line(quantity=None), "lines.0.quantity"),
    ("true for a number", with_line(quantity=True), "lines.0.quantity"),
    ("a negative quantity", with_line(quantity=-1), "lines.0.quantity"),
    ("no quantity", with_line(quantity=0), "lines.0.quantity"),
    ("a huge quantity", with_line(quantity=10**12), "lines.0.quantity"),
    ("a huger quantity", with_line(quantity=HUGE), "lines.0.quantity"),
    ("too many places", with_line(quantity="0.00001"), "lines.0.quantity"),
    ("no number", with_line(quantity="NaN"), "lines.0.quantity"),
    ("an infinite number", with_line(quantity="Infinity"), "lines.0.quantity"),
    ("a number for text", with_line(sku=7), "lines.0.sku"),
    ("an empty SKU", with_line(sku=" "), "lines.0.sku"),
    ("a long SKU", with_line(sku="A" * 65), "lines.0.sku"),
    ("NUL in a SKU", with_line(sku="A\x00"), "lines.0.sku"),
    ("NUL in an id", with_line(id="A\x00"), "lines.0.id"),
    ("NUL in a name", with_fields(contact={"name": "A\x00"}), "contact.name"),
    ("NUL in a country", with_fields(destination={"country": "D\x00"}), "destination.country"),
    ("a surrogate in a SKU", with_line(sku="\ud800"), "lines.0.sku"),
    ("a surrogate in a number", with_line(quantity="\udfff"), "lines.0.quantity"),
    ("a surrogate in a name", with_fields(contact={"name": "\ud800"}), "contact.name"),
    ("a surrogate in a field's name", with_fields(**{"\ud800": 1}), "\\ud800"),
    ("a surrogate in a currency", with_fields(currency="\ud83d"), "currency"),
    ("an unknown currency", with_fields(currency="EUX"), "currency"),
    (
        "an unknown currency of money",
        with_line(unit_price={"amount": "1", "currency": "EUX"}),
        "lines.0.unit_price.currency",
    ),
    (
        "money in another currency",
        with_line(unit_price={"amount": "1", "currency": "GBP"}),
        "lines.0.unit_price.currency",
    ),
    (
        "money without currency",
        with_line(unit_price={"amount": "1"}),
        "lines.0.unit_price.currency",
    ),
    ("money as a number", with_line(unit_price=1), "lines.0.unit_price"),
    (
        "negative money",
        with_line(unit_price={"amount": "-1", "currency": "EUR"}),
        "lines.0.unit_price.amount",
    ),
    ("an unknown country", with_fields(destination={"country": "XX"}), "destination.country"),
    ("no country", with_fields(destination={}), "destination.country"),
    ("an unknown field", with_line(colour="red"), "lines.0.colour"),
    ("the command's id", with_fields(id="00000000-0000-0000-0000-000000000000"), "id"),
    ("a missing field", {"channel_id": "WEB", "currency": "EUR"}, "external_id"),
    ("a long number", with_fields(external_id="1" * 101), "external_id"),
    ("a list as the order", [], "body"),  # type: ignore[list-item]
    ("text as the order", "order", "body"),  # type: ignore[list-item]
    ("an object as the lines", with_fields(lines={}), "lines"),
    ("too many lines", with_fields(lines=[{"sku": "A", "quantity": 1}] * 10_000), "lines"),
    (
        "a day that overflows",
        with_fields(groups=[{"id": "1", "requested_date": "0001-01-01T00:00:00+14:00"}]),
        "groups.0.requested_date",
    ),
    (
        "a day without offset",
        with_fields(groups=[{"id": "1", "requested_date": "2026-01-01T00:00:00"}]),
        "groups.0.requested_date",
    ),
]


@pytest.mark.parametrize(("body", "field"), [pytest.param(b, f, id=n) for n, b, f in MALFORMED])
def test_a_malformed_order_names_the_field(unchanged: Shop, body: Json, field: str) -> None:
    """What cannot be an order is answered 422 with the path of the field."""
    headers = {"Idempotency-Key": fresh_key(), "Content-Type": "application/json"}
    response = unchanged.client.post("/v1/orders", content=json.dumps(body), headers=headers)
    problem = check_problem(response, 422, "invalid-request", field)
    assert {"field", "message", "code"} == problem["errors"][0].keys()


REFUSED: list[tuple[str, Json, int, str, str]] = [
    ("an unknown SKU", order("bad", ("B", 1)), 404, "unknown-item", "lines.0.sku"),
    ("an unknown channel", with_fields(channel_id="X"), 404, "unknown-channel", "channel_id"),
    ("a known number", order("taken", ("A", 1)), 409, "order-exists", "external_id"),
    ("another currency", with_fields(currency="GBP", lines=[]), 422, "wrong-currency", "currency"),
    ("no lines", with_fields(lines=[]), 422, "invalid-order", "lines"),
    ("half a unit", with_line(quantity="0.5"), 422, "invalid-quantity-step", "lines.0.quantity"),
    (
        "an unknown store",
        with_fields(groups=[{"id": "1", "method": "pickup", "store": "S9"}]),
        409,
        "cannot-deliver-there",
        "groups.0.store",
    ),
]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"), [pytest.param(*rest, id=n) for n, *rest in REFUSED]
)
def test_a_refused_order_names_the_field(
    unchanged: Shop, body: Json, status: int, code: str, field: str
) -> None:
    """What the present state refuses is answered with the refusal's own type and field."""
    check_problem(unchanged.post("/v1/orders", body), status, code, field)


NO_JSON = [
    b"",
    b"{",
    b"{'a': 1}",
    b'{"a": NaN}',
    b"\xff\xfe",
    b"\x00",
    b'{"a": 1}}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", NO_JSON, ids=[str(body[:10]) for body in NO_JSON])
def test_a_body_that_is_no_json(unchanged: Shop, body: bytes) -> None:
    """A body that is no JSON is answered 400, and an empty one 422."""
    headers = {"Idempotency-Key": fresh_key(), "Content-Type": "application/json"}
    response = unchanged.client.post("/v1/orders", content=body, headers=headers)
    if body:
        check_problem(response, 400, "malformed-json", "body")
    else:
        check_problem(response, 422, "invalid-request", "body")


def test_a_body_of_another_type(unchanged: Shop) -> None:
    """A form is answered 415."""
    headers = {"Idempotency-Key": fresh_key()}
    response = unchanged.client.post("/v1/orders", data={"a": "b"}, headers=headers)
    check_problem(response, 415, "unsupported-media-type", None)


def ten_megabytes() -> Iterator[bytes]:
    """Yield a body piece by piece, so that its length is not announced."""
    yield b'{"note": "'
    for _ in range(160):
        yield b"x" * 65536
    yield b'"}'


@pytest.mark.parametrize(
    "body",
    [lambda: b"".join(ten_megabytes()), ten_megabytes],
    ids=["announced", "in pieces"],
)
def test_a_body_of_ten_megabytes(unchanged: Shop, body: Callable[[], Any]) -> None:
    """A large body is answered 413, announced or not, and the client can read the answer."""
    headers = {"Idempotency-Key": fresh_key(), "Content-Type": "application/json"}
    response = unchanged.client.post("/v1/orders", content=body(), headers=headers)
    check_problem(response, 413, "body-too-large", None)


def test_a_post_without_idempotency_key(unchanged: Shop) -> None:
    """The header's name is in the problem."""
    response = unchanged.client.post("/v1/orders", json=order("bad", ("A", 1)))
    problem = check_problem(response, 400, "idempotency-key-required", "Idempotency-Key")
    assert "Idempotency-Key" in problem["detail"]


@pytest.mark.parametrize("key", ["", "a b", "k" * 151, "schlüssel".encode("latin-1")])
def test_a_malformed_idempotency_key(unchanged: Shop, key: str | bytes) -> None:
    """A key is 1 to 150 visible ASCII characters."""
    headers: Any = {"Idempotency-Key": key}
    response = unchanged.client.post("/v1/orders", json=order("bad", ("A", 1)), headers=headers)
    check_problem(response, 422, "invalid-request", "Idempotency-Key")


PATHS = [
    ("/v1/items/%00", 422, "invalid-request", "item_id"),
    ("/v1/items/%ED%A0%80", 422, "invalid-request", "item_id"),
    ("/v1/items/a%20b", 422, "invalid-request", "item_id"),
    ("/v1/items/unknown", 404, "unknown-item", "item_id"),
    ("/v1/channels/unknown", 404, "unknown-channel", "channel_id"),
    ("/v1/locations/unknown", 404, "unknown-location", "location_id"),
    ("/v1/orders/WEB:%00", 422, "invalid-request", "order_id"),
    ("/v1/orders/WEB:~00", 422, "invalid-request", "order_id"),
    ("/v1/orders/WEB:~ED~A0~80", 422, "invalid-request", "order_id"),
    ("/v1/orders/WEB%00:1", 422, "invalid-request", "order_id"),
    ("/v1/orders/WEB:", 422, "invalid-request", "order_id"),
    ("/v1/orders/WEB:unknown", 404, "unknown-order", "order_id"),
    ("/v1/orders/unknown", 404, "no-such-resource", "order_id"),
    ("/v1/orders/WEB:taken?known_at=yesterday", 422, "invalid-request", "known_at"),
    ("/v1/orders/WEB:taken?known_at=2026-01-01T00:00:00", 422, "invalid-request", "known_at"),
    ("/v1/orders/WEB:taken?true_at=0001-01-01T00:00:00%2B14:00", 422, "invalid-request", "true_at"),
    ("/v1/orders/WEB:taken?true_at=1999-01-01T00:00:00Z", 404, "unknown-order", "order_id"),
    ("/v1/orders/WEB:taken?true_at=%00", 422, "invalid-request", "true_at"),
    ("/v1/orders/WEB:taken?position=12", 422, "invalid-request", "position"),
    ("/v1/orders/WEB:taken?position=other-12", 422, "invalid-request", "position"),
    ("/v1/orders/WEB:taken?position=main-" + "9" * 50, 422, "invalid-request", "position"),
    (
        "/v1/orders/WEB:taken?position=main-1&true_at=1999-01-01T00:00:00Z",
        422,
        "invalid-request",
        "known_at",
    ),
    ("/v1/orders/WEB:taken/events?limit=201", 422, "invalid-request", "limit"),
    ("/v1/orders/WEB:taken/events?limt=1", 422, "invalid-request", "limt"),
    ("/v1/orders?chanel=WEB", 422, "invalid-request", "chanel"),
    ("/v1/nothing", 404, "no-such-resource", None),
    ("/%00", 404, "no-such-resource", None),
    ("/problems/unknown", 404, "no-such-resource", None),
]


@pytest.mark.parametrize(
    ("path", "status", "code", "field"), PATHS, ids=[row[0][:60] for row in PATHS]
)
def test_a_bad_address(unchanged: Shop, path: str, status: int, code: str, field: str) -> None:
    """Paths and queries are checked as bodies are."""
    check_problem(unchanged.client.get(path), status, code, field)


def test_another_method(unchanged: Shop) -> None:
    """The methods that an address takes are in the header Allow."""
    response = unchanged.client.patch("/v1/items/A")
    check_problem(response, 405, "method-not-allowed", None)
    assert response.headers["Allow"]


def test_what_was_sent_is_never_repeated(unchanged: Shop) -> None:
    """A name in the wrong place does not come back in the problem, nor in any error."""
    secret = "Erika Mustermann"
    body = with_fields(
        contact={"name": secret * 400, "email": [secret]},
        currency=secret,
        priority=secret,
        destination={"country": secret, "postal_code": secret * 5, "latitude": secret},
        groups=secret,
    )
    response = unchanged.post("/v1/orders", body)
    problem = check_problem(response, 422, "invalid-request", "currency")
    assert secret not in response.text
    assert {error["field"] for error in problem["errors"]} == {
        "currency",
        "contact.name",
        "contact.email",
        "priority",
        "destination.country",
        "destination.postal_code",
        "destination.latitude",
        "groups",
    }
