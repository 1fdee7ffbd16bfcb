"""Queries on read models through HTTP: lists, availability, backlog, status, timeline."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from projections.main import catch_up
from tests.api.shop import WAREHOUSE, Json, Shop, open_shop, order
from tests.support.postgres import fresh_schema


@pytest.fixture(scope="module")
def ready(postgres: str) -> Iterator[Shop]:
    """Return a shop with orders in two channels, its read models caught up once."""
    with fresh_schema(postgres) as schema, open_shop(postgres, schema, wait_seconds=0.3) as shop:
        shop.stocked("A", "B", quantity=20)
        channel = {"channel_id": "POS", "name": "Till", "currency": "EUR", "sources": ["W1"]}
        shop.done("/v1/channels", channel)
        for number in range(7):
            shop.done("/v1/orders", order(f"w{number}", ("A", 1), ("B", 2)))
        placed = shop.done("/v1/orders", order("p/1", ("A", 2), channel_id="POS"))
        held = placed["lines"][0]["allocated"][0]["allocation_id"]
        shipped = {"allocation_id": held, "tracking": "00340"}
        shop.done("/v1/orders/POS:p~2F1/shipments", shipped)
        shop.done("/v1/orders/WEB:w0/cancellations", {"reason": "other"})
        catch_up(shop.services.datastore, shop.services.reader)
        yield shop


@pytest.fixture
def web(ready: Shop) -> Iterator[httpx.Client]:
    """Return a client whose key is for the channel WEB."""
    with ready.channel_client("WEB") as client:
        yield client


def get(shop: Shop, path: str, **query: Any) -> Json:
    """Return what an administrator is answered."""
    response = shop.client.get(path, params=query)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def test_availability_at_locations_and_through_channels(ready: Shop) -> None:
    """Available is on hand less reserved; SKUs compare without case; unknown ones are named."""
    answer = get(ready, "/v1/availability", sku=["a", "B", "nothing"])
    assert answer["unknown"] == ["nothing"]
    a, b = answer["items"]
    assert (a["sku"], a["item_id"]) == ("a", "A")
    (at,) = a["locations"]
    assert (at["location_id"], at["on_hand"], at["reserved"], at["available"]) == ("W1", 18, 6, 12)
    assert [(c["channel_id"], c["available"]) for c in a["channels"]] == [("POS", 12), ("WEB", 12)]
    assert b["locations"][0]["available"] == 8
    one = get(ready, "/v1/availability", sku="A", channel="WEB", location="W9")
    assert [c["channel_id"] for c in one["items"][0]["channels"]] == ["WEB"]
    assert one["items"][0]["locations"] == []


def test_a_channel_key_sees_its_own_availability(web: httpx.Client) -> None:
    """A channel's key is told what its channels can sell, and nothing of locations."""
    (item,) = web.get("/v1/availability", params={"sku": "A"}).json()["items"]
    assert item["locations"] == []
    assert [c["channel_id"] for c in item["channels"]] == ["WEB"]
    assert web.get("/v1/availability", params={"sku": "A", "channel": "POS"}).status_code == 404
    assert web.get("/v1/backlog").status_code == 403
    assert web.get("/v1/locations").status_code == 403
    assert [c["channel_id"] for c in web.get("/v1/channels").json()["channels"]] == ["WEB"]


def test_orders_are_listed_page_by_page_newest_first(ready: Shop) -> None:
    """Following the cursors gives every order once."""
    seen: list[str] = []
    cursor: Json = {}
    while True:
        page = get(ready, "/v1/orders", limit=3, **cursor)
        seen += [listed["id"] for listed in page["orders"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ["POS:p~2F1", *(f"WEB:w{number}" for number in reversed(range(7)))]


def test_orders_are_filtered(ready: Shop, web: httpx.Client) -> None:
    """Channel, number, status, location and time narrow a list, and so does the key's scope."""

    def ids(**query: Any) -> list[str]:
        return [listed["id"] for listed in get(ready, "/v1/orders", **query)["orders"]]

    assert ids(channel="POS") == ["POS:p~2F1"]
    assert ids(channel="POS", external_id="p/1") == ["POS:p~2F1"]
    assert ids(channel="POS", external_id="p/2") == []
    assert ids(status="cancelled") == ["WEB:w0"]
    assert ids(status="shipped") == ["POS:p~2F1"]
    assert ids(location="W1", status="open", limit=2) == ["WEB:w6", "WEB:w5"]
    assert ids(placed_before="2000-01-01T00:00:00Z") == []
    assert len(ids(placed_from="2000-01-01T00:00:00Z")) == 8
    assert len(web.get("/v1/orders").json()["orders"]) == 7
    assert web.get("/v1/orders", params={"channel": "POS"}).status_code == 404


def test_a_listed_order_has_its_figures(ready: Shop) -> None:
    """A list shows quantities by stage as numbers, and money with its currency."""
    (listed,) = get(ready, "/v1/orders", channel="WEB", external_id="w3")["orders"]
    figures = ("line_count", "ordered", "reserved", "shipped", "cancelled")
    assert [listed[name] for name in figures] == [2, 3, 3, 0, 0]
    assert listed["total"] == {"amount": "30.00", "currency": "EUR"}


BAD = [
    ("/v1/orders?cursor=x", "cursor"),
    ("/v1/orders?cursor=WyJcdTAwMDAiLDFd", "cursor"),
    ("/v1/orders?cursor=WyIyMDI2IiwxXQ&limit=0", "limit"),
    ("/v1/items?cursor=WyJcdTAwMDAiLCJhIl0", "cursor"),
    ("/v1/items?limit=201", "limit"),
    ("/v1/items?sku=%00", "sku"),
    ("/v1/orders?status=lost", "status"),
    ("/v1/orders?external_id=1", "channel"),
    ("/v1/orders?placed_from=now", "placed_from"),
    ("/v1/orders?after=main-x", "after"),
    ("/v1/orders/WEB:w1/events?cursor=x", "cursor"),
    ("/v1/orders/WEB:w1/timeline?cursor=WzE4NDQ2NzQ0MDczNzA5NTUxNjE1XQ", "cursor"),
    ("/v1/availability", "sku"),
    ("/v1/availability?sku=", "sku.0"),
    ("/v1/availability?" + "sku=A&" * 201, "sku"),
    ("/v1/backlog?location=%00", "location.0"),
]


@pytest.mark.parametrize(("path", "field"), BAD, ids=[path[:60] for path, _ in BAD])
def test_a_malformed_query_names_the_parameter(ready: Shop, path: str, field: str) -> None:
    """Queries are checked as bodies are."""
    response = ready.client.get(path)
    assert (response.status_code, response.json()["field"]) == (422, field)


def test_items_and_locations_are_listed(ready: Shop) -> None:
    """Lists show what the single resources show; an item is found by its SKU."""
    items = get(ready, "/v1/items", limit=1)
    assert [item["item_id"] for item in items["items"]] == ["A"]
    more = get(ready, "/v1/items", limit=1, cursor=items["next"])
    assert (more["items"][0], more["next"]) == (get(ready, "/v1/items/B"), None)
    assert get(ready, "/v1/items", sku="b")["items"] == more["items"]
    assert get(ready, "/v1/items", sku="c")["items"] == []
    (location,) = get(ready, "/v1/locations")["locations"]
    assert location == get(ready, "/v1/locations/W1")
    channels = get(ready, "/v1/channels")["channels"]
    assert channels[0] == get(ready, "/v1/channels/POS")


def test_the_backlog_of_a_location(ready: Shop) -> None:
    """Six open orders of three units wait at the warehouse."""
    (at,) = get(ready, "/v1/backlog")["locations"]
    assert (at["location_id"], at["open_fulfilments"], at["units_allocated"]) == ("W1", 6, 18)
    assert at["oldest_ship_by"] is not None
    assert get(ready, "/v1/backlog", location="W9")["locations"] == []
    assert get(ready, "/v1/backlog", zone="north")["locations"] == []


def test_what_a_customer_may_know(ready: Shop, web: httpx.Client) -> None:
    """The status is in words, with parcels; it belongs to the order's channel."""
    status = get(ready, "/v1/orders/POS:p~2F1/status")
    assert status["status"] == "shipped"
    assert status["words"]
    assert status["parcels"][0]["tracking"] == "00340"
    for path in ("/v1/orders/POS:p~2F1/status", "/v1/orders/WEB:unknown/status"):
        assert web.get(path).json()["type"] == "/problems/unknown-order"


def test_what_happened_in_words(ready: Shop, web: httpx.Client) -> None:
    """The timeline has an entry for each event, page by page."""
    first = get(ready, "/v1/orders/WEB:w0/timeline", limit=2)
    rest = get(ready, "/v1/orders/WEB:w0/timeline", cursor=first["next"])
    types = [one["type"] for one in first["happenings"] + rest["happenings"]]
    assert types == ["OrderPlaced", "LinesAllocated", "LinesCancelled"]
    for path in ("/v1/orders/POS:p~2F1/timeline", "/v1/orders/WEB:unknown/timeline"):
        assert web.get(path).json()["type"] == "/problems/unknown-order"


def test_a_query_waits_for_a_position_and_not_for_ever(ready: Shop) -> None:
    """What is not up to date within the time allowed is told, with when to come back."""
    registered = ready.done("/v1/items", {"item_id": "C", "sku": "C", "name": "C"})
    query = {"sku": "C", "after": registered["position"]}
    began = time.monotonic()
    late = ready.client.get("/v1/items", params=query)
    assert 0.3 <= time.monotonic() - began < 2
    assert (late.status_code, late.json()["type"]) == (503, "/problems/position-not-reached")
    assert late.headers["Retry-After"] == "1"
    services = ready.services
    catching = threading.Timer(0.1, catch_up, [services.datastore, services.reader])
    catching.start()
    found = ready.client.get("/v1/items", params=query)
    catching.join()
    assert [item["item_id"] for item in found.json()["items"]] == ["C"]


def test_waiting_takes_no_threads_from_work(postgres: str, schema: str) -> None:
    """While many wait for a position, commands are answered at once, with few threads."""
    with open_shop(postgres, schema, wait_seconds=2.0, threads=2) as shop:
        shop.done("/v1/locations", {"location_id": "W1", **WAREHOUSE})
        statuses: list[int] = []

        def wait() -> None:
            statuses.append(shop.client.get("/v1/items?after=main-999999").status_code)

        waiting = [threading.Thread(target=wait) for _ in range(50)]
        for thread in waiting:
            thread.start()
        time.sleep(0.3)
        began = time.monotonic()
        for number in range(10):
            item = {"item_id": f"I{number}", "sku": f"I{number}", "name": "Item"}
            shop.done("/v1/items", item)
        assert time.monotonic() - began < 1
        assert not statuses
        for thread in waiting:
            thread.join()
        assert statuses == [503] * 50


def test_health_says_what_is_wrong(postgres: str, schema: str) -> None:
    """Alive always; ready only while the read models are within their lag."""
    with open_shop(postgres, schema, ready_lag_events=3) as shop, shop.client_of(None) as client:
        assert client.get("/health/live").json() == {"status": "alive"}
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        shop.stocked("A")
        late = client.get("/health/ready")
        assert (late.status_code, late.json()["log_writable"]) == (503, True)
        assert "the read model orders is" in " ".join(late.json()["faults"])
        catch_up(shop.services.datastore, shop.services.reader)
        assert client.get("/health/ready").status_code == 200


BROKEN_INVARIANT = (
    "INSERT INTO {schema}.invariant_checks "
    "(invariant, holds, checked_at, broken_since, head, figures) "
    "VALUES ('stock adds up', false, now(), '2026-03-02T09:00Z', 7, '{{}}')"
)


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (
            "UPDATE {schema}.read_models SET parked = 2 WHERE name = 'orders'",
            "the read model orders: 2 events are parked",
        ),
        (
            "UPDATE {schema}.read_models SET version = 99 WHERE name = 'orders'",
            "the read model orders: its live tables are of version 99",
        ),
        (
            "DELETE FROM {schema}.read_models WHERE name = 'orders'",
            "the read model orders: missing",
        ),
    ],
    ids=["parked", "version", "missing"],
)
def test_health_tells_of_answers_that_may_be_wrong(
    postgres: str, schema: str, break_it: str, fault: str
) -> None:
    """Not ready with parked events, a read model missing or outdated."""
    with open_shop(postgres, schema) as shop:
        datastore = shop.services.datastore
        with datastore.connect() as connection:
            connection.execute(datastore.sql(break_it))
        answer = shop.client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "not-ready")
    (told,) = answer.json()["faults"]
    assert told.startswith(fault)


def test_health_warns_of_a_broken_invariant_and_stays_ready(postgres: str, schema: str) -> None:
    """A broken invariant is told; were it a fault, every process would be taken out at once."""
    with open_shop(postgres, schema) as shop:
        datastore = shop.services.datastore
        with datastore.connect() as connection:
            connection.execute(datastore.sql(BROKEN_INVARIANT))
        answer = shop.client.get("/health/ready")
    assert (answer.status_code, answer.json()["faults"]) == (200, [])
    (told,) = answer.json()["warnings"]
    assert told.startswith("the invariant stock adds up has not held since 2026-03-02T09:00:00Z")


def test_health_before_any_invariant_could_be_checked(postgres: str, schema: str) -> None:
    """A database without the table of checks is ready: nothing was found broken."""
    with open_shop(postgres, schema) as shop:
        datastore = shop.services.datastore
        with datastore.connect() as connection:
            connection.execute(datastore.sql("DROP TABLE {schema}.invariant_checks"))
        assert shop.client.get("/health/ready").status_code == 200
