"""Refusals, holds, choices and moves through the front door."""

from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import httpx
import pytest

from projections.main import catch_up
from tests.api.shop import WAREHOUSE, Json, Shop, order

STORE: Final = {**WAREHOUSE, "kind": "store", "capabilities": ["ship", "pickup"]}


_numbers = count(1)


@dataclass(frozen=True)
class Sold:
    """An order of 3 cups that a warehouse holds; a store of the same channel has as many."""

    shop: Shop
    channel: str
    warehouse: str
    store: str
    allocation_id: str

    def id(self, number: str = "1") -> str:
        """Return the id of an order of the channel."""
        return f"{self.channel}:{number}"

    def view(self, number: str = "1") -> Json:
        """Return an order as it stands."""
        found: Json = self.shop.client.get(f"/v1/orders/{self.id(number)}").json()
        return found

    def post(self, path: str, body: Json, number: str = "1", **options: Any) -> httpx.Response:
        """Post to an order."""
        return self.shop.post(f"/v1/orders/{self.id(number)}/{path}", body, **options)

    def fold(self) -> None:
        """Bring the read models up to date."""
        catch_up(self.shop.services.datastore, self.shop.services.reader)

    def moves(self) -> Json:
        """Return how far the work of the warehouse has moved."""
        self.fold()
        found: Json = self.shop.client.get(f"/v1/locations/{self.warehouse}/moves").json()
        return found

    def picked_up(self) -> str:
        """Place the order 2 of cups that are picked up at the store; return its allocation."""
        body = order("2", (f"CUP-{self.channel}", 2), channel_id=self.channel)
        del body["destination"]
        body["groups"] = [{"id": "p", "method": "pickup", "store": self.store}]
        return allocated(self.shop.done("/v1/orders", body))


def allocated(answer: Json) -> str:
    """Return the one allocation of an answer's first line."""
    [allocation] = answer["lines"][0]["allocated"]
    found: str = allocation["allocation_id"]
    return found


@pytest.fixture
def sold(shop: Shop) -> Sold:
    """Return an order in a channel of its own, since the module's tests share a shop."""
    number = next(_numbers)
    channel, warehouse, store, sku = f"C{number}", f"W{number}", f"S{number}", f"CUP-C{number}"
    shop.done("/v1/locations", {"location_id": store, **STORE})
    shop.done("/v1/locations", {"location_id": warehouse, **WAREHOUSE})
    shop.done("/v1/items", {"item_id": sku, "sku": sku, "name": sku})
    opening = {"channel_id": channel, "name": "Shop", "currency": "EUR"}
    shop.done("/v1/channels", {**opening, "sources": [warehouse, store]})
    stock = [{"sku": sku, "location_id": at, "quantity": 5} for at in (warehouse, store)]
    shop.done("/v1/stock/receipts", {"lines": stock})
    answer = shop.done("/v1/orders", order("1", (sku, 3), channel_id=channel))
    assert answer["lines"][0]["allocated"][0]["location_id"] == warehouse
    return Sold(shop, channel, warehouse, store, allocated(answer))


def test_a_refusal_goes_elsewhere(sold: Sold) -> None:
    """The answer says where; the order says who refused; a repeat is done once."""
    body = {"allocation_id": sold.allocation_id, "reason": "damaged"}
    first = sold.post("refusals", body, key=f"refusal-{sold.channel}").json()
    [part] = first["routed"][0]["allocated"]
    assert (part["location_id"], part["quantity"]) == (sold.store, 3)
    assert (first["status"], first["routing_hold"]) == ("open", None)
    assert sold.view()["routing"] == {
        "hold": None,
        "tries": 1,
        "refused_by": [sold.warehouse],
        "exclusions": {"refused-before": 1},
    }
    again = sold.post("refusals", body, key=f"refusal-{sold.channel}")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first


def test_an_order_that_everybody_refused_is_held_and_let_go(sold: Sold) -> None:
    """Lists and the order say why; a person lets it be asked again."""
    first = sold.post("refusals", {"allocation_id": sold.allocation_id, "reason": "closed"}).json()
    second = first["routed"][0]["allocated"][0]["allocation_id"]
    body = {"allocation_id": second, "reason": "closed", "note": "Ada knows"}
    assert sold.post("refusals", body).json()["routing_hold"] == "nothing-left"
    sold.fold()
    [listed] = sold.shop.client.get("/v1/orders", params={"channel": sold.channel}).json()["orders"]
    assert (listed["routing_hold"], listed["routing_exclusions"]) == (
        "nothing-left",
        {"refused-before": 2},
    )
    asked = {"reason": "checked", "ask_again": True}
    released = sold.post("routing-holds/releases", asked).json()
    assert released["routing_hold"] is None
    assert released["lines"][0]["reserved"] == 3
    refused = sold.post("routing-holds/releases", {"reason": "checked"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-held")


def test_a_refused_pick_up_waits_for_its_customer(sold: Sold) -> None:
    """Words say so; shipped home instead, its new address is in the order and sealed in the log."""
    body = {"allocation_id": sold.picked_up(), "reason": "not-found"}
    assert sold.post("refusals", body, "2").json()["routed"] == []
    assert sold.view("2")["groups"][0]["awaits_choice"] == "refused"
    sold.fold()
    status = sold.shop.client.get(f"/v1/orders/{sold.id('2')}/status").json()
    assert (status["words"], status["choices"]) == ("Waiting for your choice", {"p": "refused"})
    home = {"country": "DE", "postal_code": "10115", "recipient": "Ada", "street": "High Street 1"}
    choice = {"group_id": "p", "choice": "ship", "destination": home}
    with sold.shop.channel_client(sold.channel) as customer:
        chosen = sold.post("delivery-choices", choice, "2", client=customer).json()
    assert chosen["routed"][0]["allocated"][0]["location_id"] == sold.warehouse
    [group] = sold.view("2")["groups"]
    assert (group["method"], group["store"], group["awaits_choice"]) == ("ship", None, None)
    assert group["destination"]["recipient"] == "Ada"
    datastore = sold.shop.services.datastore
    with datastore.connect() as connection:
        statement = "SELECT count(*) FROM {schema}.log WHERE payload::text LIKE '%%High Street%%'"
        [(found,)] = connection.execute(datastore.sql(statement)).fetchall()
    assert found == 0
    refused = sold.post("delivery-choices", choice, "2")
    assert refused.json()["type"] == "/problems/no-choice-awaited"


def test_a_suspensions_work_moves_unless_told_otherwise(sold: Sold) -> None:
    """Progress says what waits; without `move_work` nothing does."""
    never = sold.moves()
    assert (never["since"], never["waiting"]) == (None, {"orders": 0, "units": 0})
    address = f"/v1/locations/{sold.warehouse}"
    sold.shop.done(f"{address}/suspensions", {"reason": "flood", "move_work": False})
    found = sold.moves()
    assert (found["suspended"], found["moves_work"]) == (True, False)
    sold.shop.done(f"{address}/resumptions", None)
    sold.shop.done(f"{address}/suspensions", {"reason": "flood"})
    found = sold.moves()
    assert found["moves_work"] is True
    assert found["waiting"] == {"orders": 1, "units": 3}
    assert (found["moved"], found["staying"]) == ({"orders": 0, "units": 0}, {})
    unknown = sold.shop.client.get("/v1/locations/NO/moves").json()
    assert unknown["type"] == "/problems/unknown-location"


@pytest.mark.parametrize(
    ("path", "body", "status", "problem", "field"),
    [
        ("refusals", {"allocation_id": "no", "reason": "other"}, 404, "unknown-allocation", None),
        ("refusals", {"allocation_id": "$held", "reason": "tired"}, 422, "invalid-request", None),
        (
            "refusals",
            {"allocation_id": "$held", "reason": "other", "quantity": 9},
            409,
            "not-enough-allocated",
            "quantity",
        ),
        (
            "refusals",
            {"allocation_id": "$held", "reason": "other", "quantity": 0.5},
            422,
            "invalid-quantity-step",
            "quantity",
        ),
        ("routing-holds/releases", {"reason": "checked", "why": 1}, 422, "invalid-request", None),
        (
            "delivery-choices",
            {"group_id": "x", "choice": "wait"},
            404,
            "unknown-delivery-group",
            "group_id",
        ),
        ("delivery-choices", {"group_id": "1", "choice": "fly"}, 422, "invalid-request", None),
        (
            "delivery-choices",
            {"group_id": "1", "choice": "wait"},
            409,
            "no-choice-awaited",
            "group_id",
        ),
    ],
)
def test_bad_input_changes_nothing(
    sold: Sold, path: str, body: Json, status: int, problem: str, field: str | None
) -> None:
    """Each is a problem that names what is wrong."""
    given = {name: sold.allocation_id if said == "$held" else said for name, said in body.items()}
    head = sold.shop.head()
    answer = sold.post(path, given)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert field is None or answer.json()["field"] == field
    assert sold.shop.head() == head


def test_what_has_shipped_and_what_is_anothers(sold: Sold) -> None:
    """A shipped allocation cannot be refused; another channel's order does not exist."""
    assert sold.post("shipments", {"allocation_id": sold.allocation_id}).is_success
    body = {"allocation_id": sold.allocation_id, "reason": "other"}
    assert sold.post("refusals", body).json()["type"] == "/problems/not-enough-allocated"
    choice = {"group_id": "1", "choice": "wait"}
    with sold.shop.channel_client("OTHER") as other:
        answer = sold.post("delivery-choices", choice, client=other)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-order")
    assert sold.post("refusals", body, "99").json()["type"] == "/problems/unknown-order"


@pytest.mark.parametrize("path", ["refusals", "routing-holds/releases"])
def test_what_sites_and_people_do_is_not_a_channels(sold: Sold, path: str) -> None:
    """A channel's key may choose for its customer, and neither refuse nor release."""
    body = {"allocation_id": "x", "reason": "other"}
    with sold.shop.channel_client(sold.channel) as channel:
        answer = sold.post(path, body, client=channel)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
