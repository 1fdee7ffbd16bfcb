"""Keys, roles and scopes: who may do what, and what others must not even know."""

from collections.abc import Iterator

import httpx
import pytest

from api.keys import ApiKeys
from tests.api.shop import WAREHOUSE, Shop, fresh_key, order


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with two channels on one warehouse."""
    shop.stocked("A")
    channel = {"channel_id": "POS", "name": "Till", "currency": "EUR", "sources": ["W1"]}
    shop.done("/v1/channels", channel)
    shop.done("/v1/orders", order("p1", ("A", 1), channel_id="POS"))
    return shop


@pytest.fixture
def web(ready: Shop) -> Iterator[httpx.Client]:
    """Return a client whose key is for the channel WEB."""
    with ready.channel_client("WEB") as client:
        yield client


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Basic dGs6dGs=",
        "Bearer tk_main_000000000000_00",
        "Bearer tk_other_000000000000_00",
        "Bearer tk_main__",
        "Bearer " + "x" * 5000,
        "Bearer tk_main_\xff_\xff",
    ],
)
def test_no_valid_key_is_401(ready: Shop, header: str | None) -> None:
    """Without a valid key nothing is read or done, not even the body."""
    with ready.client_of(None) as client:
        headers = {} if header is None else {b"Authorization": header.encode("latin-1")}
        response = client.post("/v1/orders", content=b"{", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["type"] == "/problems/unauthenticated"


def test_a_secret_opens_only_its_own_key(ready: Shop) -> None:
    """An id with another key's secret opens nothing, and neither does a shortened secret."""
    one = ready.services.keys.create("one", "administrator")[1]
    other = ready.services.keys.create("other", "administrator")[1]
    mixed = one.rpartition("_")[0] + "_" + other.rpartition("_")[2]
    for token, status in ((one, 200), (other, 200), (mixed, 401), (one[:-1], 401)):
        with ready.client_of(token) as client:
            assert client.get("/v1/items/A").status_code == status


def test_the_secret_is_kept_as_a_hash(ready: Shop) -> None:
    """The table holds 32 bytes that are not the secret's text."""
    key, token = ready.services.keys.create("hashed", "administrator")
    secret = token.rpartition("_")[2]
    assert len(bytes.fromhex(secret)) == 32
    assert len(key.secret_sha256) == 32
    assert secret.encode() not in key.secret_sha256
    assert bytes.fromhex(secret) != key.secret_sha256


def test_a_revoked_key_closes_within_the_remembered_seconds(ready: Shop) -> None:
    """The process that revokes notices at once, another one when its memory is over."""
    now = [0.0]
    elsewhere = ApiKeys(
        ready.services.datastore, "main", remember_seconds=5, monotonic=lambda: now[0]
    )
    key, token = ready.services.keys.create("revoked", "administrator")
    with ready.client_of(token) as client:
        assert client.get("/v1/items/A").status_code == 200
        assert elsewhere.check(token) is not None
        assert ready.services.keys.revoke(key.key_id)
        assert client.get("/v1/items/A").status_code == 401
    assert elsewhere.remembered(token) is not None
    now[0] = 5.1
    assert elsewhere.remembered(token) is None
    assert elsewhere.check(token) is None
    assert not ready.services.keys.revoke(key.key_id)


def test_a_channel_key_places_and_sees_its_own_orders(ready: Shop, web: httpx.Client) -> None:
    """Within its channel a key places, reads and cancels."""
    placed = ready.post("/v1/orders", order("w1", ("A", 1)), client=web)
    assert placed.status_code == 201
    assert web.get("/v1/orders/WEB:w1").json()["external_id"] == "w1"
    assert web.get("/v1/orders/WEB:w1/events").status_code == 200
    assert web.get("/v1/channels/WEB").json()["currency"] == "EUR"
    assert web.get("/v1/items/A").status_code == 200
    cancelled = ready.post("/v1/orders/WEB:w1/cancellations", {"reason": "other"}, client=web)
    assert cancelled.json()["status"] == "cancelled"


def test_what_belongs_to_others_is_not_found(ready: Shop, web: httpx.Client) -> None:
    """Another channel and its orders answer exactly as unknown ones do."""
    head = ready.head()
    for known, unknown in (
        ("/v1/orders/POS:p1", "/v1/orders/POS:p2"),
        ("/v1/orders/POS:p1/events", "/v1/orders/POS:p2/events"),
        ("/v1/channels/POS", "/v1/channels/ZZZ"),
    ):
        one, other = web.get(known), web.get(unknown)
        assert (one.status_code, other.status_code) == (404, 404)
        assert one.json()["type"] == other.json()["type"]
    one = ready.post("/v1/orders", order("p3", ("A", 1), channel_id="POS"), client=web)
    other = ready.post("/v1/orders", order("p3", ("A", 1), channel_id="ZZZ"), client=web)
    assert (one.status_code, one.json()["type"]) == (404, other.json()["type"])
    cancel = ready.post("/v1/orders/POS:p1/cancellations", {"reason": "other"}, client=web)
    assert cancel.status_code == 404
    assert ready.head() == head


CHANNEL = {"name": "X", "currency": "EUR", "sources": ["W1"]}
WRITES = [
    ("POST", "/v1/items", {"item_id": "B", "sku": "B", "name": "B"}),
    ("PUT", "/v1/items/A", {"sku": "A", "name": "B"}),
    (
        "POST",
        "/v1/channels",
        {"channel_id": "X", "name": "X", "currency": "EUR", "sources": ["W1"]},
    ),
    ("PUT", "/v1/channels/WEB", {"name": "X", "currency": "EUR", "sources": ["W1"]}),
    ("POST", "/v1/locations", {"location_id": "W9", **WAREHOUSE}),
    ("PUT", "/v1/locations/W1", dict(WAREHOUSE)),
    ("POST", "/v1/locations/W1/suspensions", {"reason": "fire"}),
    ("POST", "/v1/locations/W1/resumptions", None),
    ("GET", "/v1/locations/W1", None),
    ("POST", "/v1/stock/receipts", {"lines": [{"sku": "A", "location_id": "W1", "quantity": 1}]}),
    ("POST", "/v1/stock/adjustments", {"lines": []}),
    ("POST", "/v1/stock/counts", {"lines": []}),
    ("POST", "/v1/stock/feeds", {"lines": []}),
    ("POST", "/v1/stock/safety-stocks", {"lines": []}),
    ("POST", "/v1/stock/expected-receipts", {"lines": []}),
    ("POST", "/v1/stock/expected-receipt-cancellations", {"lines": []}),
    ("POST", "/v1/stock/holds", {"lines": []}),
    ("POST", "/v1/stock/hold-releases", {"lines": []}),
    ("POST", "/v1/stock/hold-shipments", {"lines": []}),
    ("POST", "/v1/orders/WEB:w1/shipments", {"allocation_id": "x"}),
    ("POST", "/v1/orders/WEB:w1/deliveries", {"allocation_id": "x"}),
    ("POST", "/v1/subjects/erasures", {"subject_id": "x", "reason": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=[" ".join(w[:2]) for w in WRITES])
def test_a_channel_key_cannot_do_what_is_the_administrators(
    ready: Shop, web: httpx.Client, method: str, path: str, body: object
) -> None:
    """Writes of the catalogue and of stock answer 403 and change nothing."""
    head = ready.head()
    headers = {"Idempotency-Key": fresh_key()}
    response = web.request(method, path, json=body, headers=headers)
    assert response.status_code == 403
    assert response.json()["type"] == "/problems/forbidden"
    assert ready.head() == head


def test_a_channel_key_needs_a_channel(ready: Shop) -> None:
    """A key that could see nothing is not made."""
    with pytest.raises(ValueError, match="at least one channel"):
        ready.services.keys.create("nothing", "channel")
