"""Why an order was routed as it was, through HTTP: explained, and proven equal."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.main import present
from domain.order.rerouting_commands import RefuseAllocation
from projections.main import catch_up
from tests.api.shop import WAREHOUSE, Json, Shop, open_shop, order
from tests.api.test_bad_input import check_problem
from tests.support.partitions import TESTER, fresh_id
from tests.support.postgres import fresh_schema

PLACES = {"NEAR": 52.0, "FAR": 56.0, "FLOODED": 51.0, "EMPTY": 53.0}


@pytest.fixture(scope="module")
def shop(postgres: str) -> Iterator[Shop]:
    """Return a shop with four places: one has it near, one far, one is suspended, one has none."""
    with fresh_schema(postgres) as schema, open_shop(postgres, schema) as opened:
        for place, latitude in PLACES.items():
            at = {**WAREHOUSE, "name": f"{place.title()} depot", "latitude": latitude}
            opened.done("/v1/locations", {"location_id": place, **at})
        opened.done("/v1/items", {"item_id": "mug", "sku": "MUG", "name": "Mug"})
        for channel in ("WEB", "POS"):
            rules = {"name": channel, "currency": "EUR", "sources": list(PLACES)}
            opened.done("/v1/channels", {"channel_id": channel, "backorders": True, **rules})
        held = [
            {"sku": "MUG", "location_id": place, "quantity": 9}
            for place in ("NEAR", "FAR", "FLOODED")
        ]
        opened.done("/v1/stock/receipts", {"lines": held})
        opened.done("/v1/locations/FLOODED/suspensions", {"reason": "flood"})
        catch_up(opened.services.datastore, opened.services.reader)
        placed = order("1001", ("MUG", 5))
        opened.done("/v1/orders", placed | {"destination": {**TO, "country": "GB"}})
        short = order("1002", ("MUG", 30))
        opened.done("/v1/orders", short | {"destination": {**TO, "country": "GB"}})
        yield opened


TO = {"postal_code": "LE1", "latitude": 52.0, "longitude": -1.0}


def routing(client: httpx.Client, external_id: str, **query: Any) -> Json:
    """Return the routing of an order of the web shop."""
    response = client.get(f"/v1/orders/WEB:{external_id}/routing", params=query)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def test_a_decision_is_verified_and_told_in_sentences(shop: Shop) -> None:
    """What was chosen, who lost by how much, who was kept out and why."""
    [made] = routing(shop.client, "1001")["decisions"]
    assert (made["verified"], made["differences"], made["obstacle"]) == (True, [], None)
    assert made["summary"] == (
        "The order was routed when it was placed: all of it comes from 1 location."
    )
    [group] = made["groups"]
    assert group["title"] == "Shipped to GB LE1, service standard"
    [chosen] = group["chosen"]
    assert chosen["location"] == {"location_id": "NEAR", "name": "Near depot"}
    [runner_up] = group["runners_up"]
    assert runner_up["lost_by"] == "distance"
    assert runner_up["difference"] == pytest.approx(435.9, abs=0.5)
    told = "\n".join(group["sentences"])
    assert "Near depot (NEAR) was chosen for 5 × MUG: it ships from the warehouse, 8.9 km" in told
    assert "Policy default/1 decided, since no published policy is for this group." in told
    assert "In its order, the choice has 0 units unfilled, 1 fulfilment and 8.9 km." in told
    assert "Runner-up Far depot (FAR) lost by distance: 436.0 km more (444.9 km instead of" in told
    assert "Excluded, suspended: Flooded depot (FLOODED)." in told
    assert "Empty depot (EMPTY) has nothing free of what was wanted." in told


def test_what_is_short_is_told_with_its_reason(shop: Shop) -> None:
    """How much waits, why, and what lies where a rule forbids to take it."""
    [made] = routing(shop.client, "1002")["decisions"]
    assert made["verified"]
    [short] = made["groups"][0]["short"]
    assert (short["line"]["quantity"], short["waits"]) == (17, 17)
    assert short["why"] == "Only 13 are free in all at the locations that may send it."
    assert short["elsewhere"] == "9 more are free at an excluded location: Flooded depot (FLOODED)."
    assert made["corrected"][0]["facts_said"] == 9
    assert "The facts were behind, and stock itself was asked." in made["sentences"][0]


def test_a_channel_sees_nothing_of_places_that_its_order_does_not_use(shop: Shop) -> None:
    """What stands in the order's events anyhow, and numbers for the rest."""
    with shop.channel_client("WEB") as web:
        [made] = routing(web, "1002")["decisions"]
    assert made["verified"]
    assert "FLOODED" not in str(made)
    assert "EMPTY" not in str(made)
    assert (made["corrected"], made["sentences"]) == ([], [])
    [excluded] = made["groups"][0]["excluded"]
    assert (excluded["reason"], excluded["count"], excluded["locations"]) == ("suspended", 1, [])
    assert "Excluded, suspended: 1 location." in made["groups"][0]["sentences"]


def test_later_tries_follow_and_pages_give_each_once(shop: Shop) -> None:
    """The newest is last; a moment before it shows only what was there then."""
    shop.done("/v1/items", {"item_id": "cup", "sku": "CUP", "name": "Cup"})
    lines = [{"sku": "CUP", "location_id": place, "quantity": 9} for place in ("NEAR", "FAR")]
    shop.done("/v1/stock/receipts", {"lines": lines})
    placed = order("1003", ("CUP", 1)) | {"destination": {**TO, "country": "GB"}}
    [line] = shop.done("/v1/orders", placed)["lines"]
    refusal = RefuseAllocation(
        id=fresh_id(),
        now=present(),
        channel_id="WEB",
        external_id="1003",
        allocation_id=line["allocated"][0]["allocation_id"],
        reason="damaged",
    )
    shop.services.oms.do(refusal, caller=TESTER)
    first, second = routing(shop.client, "1003")["decisions"]
    assert [first["cause"], second["cause"]] == ["placed", "refused"]
    assert first["verified"]
    assert second["verified"]
    [group] = second["groups"]
    assert group["chosen"][0]["location"]["location_id"] == "FAR"
    assert "Excluded, refused this order before: Near depot (NEAR)." in group["sentences"]
    page = routing(shop.client, "1003", limit=1)
    assert page["decisions"] == [first]
    rest = routing(shop.client, "1003", limit=1, cursor=page["next"])
    assert (rest["decisions"], rest["next"]) == ([second], None)
    assert routing(shop.client, "1003", position=first["position"])["decisions"] == [first]


def test_what_is_somebody_elses_does_not_exist(shop: Shop) -> None:
    """The same problem as for an order that nobody placed."""
    with shop.channel_client("POS") as till:
        other = till.get("/v1/orders/WEB:1001/routing")
        none = shop.client.get("/v1/orders/WEB:9/routing")
        check_problem(other, 404, "unknown-order", "order_id")
        check_problem(none, 404, "unknown-order", "order_id")


BAD: list[tuple[str, Json, str]] = [
    ("WEB:1001", {"position": "other-7"}, "position"),
    ("WEB:1001", {"position": "main-x"}, "position"),
    ("WEB:1001", {"position": "main-1", "known_at": "2026-01-01T00:00:00Z"}, "known_at"),
    ("WEB:1001", {"limit": 0}, "limit"),
    ("WEB:1001", {"cursor": "@@@"}, "cursor"),
    ("WEB:1001", {"verbose": 1}, "verbose"),
    ("WEB:~00", {}, "order_id"),
]


@pytest.mark.parametrize(("order_id", "query", "field"), BAD)
def test_bad_input_is_told_by_its_field(shop: Shop, order_id: str, query: Json, field: str) -> None:
    """A problem document that names the parameter."""
    response = shop.client.get(f"/v1/orders/{order_id}/routing", params=query)
    check_problem(response, 422, "invalid-request", field)
    assert shop.client.get("/v1/orders/nothing/routing").status_code == 404
