"""The commands for operators and auditors, on a real database."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.limits import Limits
from api.http.services import Services
from api.main import open_services
from projections.main import catch_up
from tests.api.cli.conftest import Taktstock
from tests.api.shop import Shop, order, served
from tests.support.partitions import place, settings_for_tests


@pytest.fixture
def services(postgres: str, schema: str) -> Iterator[Services]:
    """Return the services of an API on the test's schema, migrated."""
    with open_services(place(postgres, schema), settings_for_tests(), limits=Limits()) as opened:
        yield opened


@pytest.fixture
def shop(services: Services) -> Iterator[Shop]:
    """Return a shop with 5 units of A and one order of 2, about a person."""
    with served(services) as address:
        opened = Shop(services, address)
        with opened.client:
            opened.stocked("A", quantity=5)
            placed = order("1001", ("A", 2)) | {"contact": {"name": "Erika Mustermann"}}
            opened.done("/v1/orders", placed)
            yield opened


def test_migrating_twice_does_nothing_more(taktstock: Taktstock) -> None:
    """The first run applies every step, the second finds nothing to do."""
    assert "0001_log.sql" in taktstock("migrate").stdout
    assert taktstock("migrate").stdout == "main: nothing to do\n"


def test_keys_are_made_listed_and_revoked(taktstock: Taktstock) -> None:
    """The secret is shown when the key is made and never again."""
    taktstock("migrate")
    token = taktstock("keys", "create", "web shop", "--channel", "WEB").stdout.strip()
    assert token.startswith("tk_main_")
    made = json.loads(
        taktstock("keys", "create", "ops", "--role", "administrator", "--json").stdout
    )
    listed = taktstock("keys", "list").stdout
    assert "web shop" in listed
    assert token.rpartition("_")[2] not in listed
    taktstock("keys", "revoke", made["key_id"])
    keys: list[dict[str, Any]] = json.loads(taktstock("keys", "list", "--json").stdout)
    assert [key["revoked_at"] is None for key in keys] == [True, False]


def test_read_models_are_watched_verified_and_rebuilt(taktstock: Taktstock, shop: Shop) -> None:
    """Status tells how far they are; verify is clean; a rebuild shows the same rows."""
    behind = json.loads(taktstock("projections", "status", "--json").stdout)
    assert {row["lag_events"] for row in behind} == {shop.head()}
    catch_up(shop.services.datastore, shop.services.reader)
    status = taktstock("projections", "status").stdout
    assert "availability" in status
    verified = json.loads(taktstock("projections", "verify", "--json").stdout)
    assert all(row["clean"] for row in verified)
    assert "True" in taktstock("projections", "verify", "availability").stdout
    rebuilt = taktstock("projections", "rebuild", "availability").stdout
    assert "availability: v2_2 in use" in rebuilt
    assert "0 rows differ" in rebuilt
    assert "0 still parked" in taktstock("projections", "replay-parked").stdout


def test_verify_ends_with_1_where_a_row_differs(taktstock: Taktstock, shop: Shop) -> None:
    """A row that was tampered with is found and named."""
    catch_up(shop.services.datastore, shop.services.reader)
    statement = "UPDATE {schema}.orders_v3 SET currency = 'GBP'"
    with shop.services.datastore.get_connection() as connection:
        connection.execute(shop.services.datastore.sql(statement))
    result = taktstock("projections", "verify", "orders", code=1)
    assert "differs: orders:" in result.stdout


def test_auditors_see_an_order_and_its_events(taktstock: Taktstock, shop: Shop) -> None:
    """An order is shown by line and stage, its events with actor and cause, now and before."""
    shop.done("/v1/orders/WEB:1001/cancellations", {"reason": "other"})
    shown = taktstock("orders", "show", "WEB:1001").stdout
    assert shown.startswith("WEB:1001: cancelled, as of position ")
    events = json.loads(taktstock("orders", "events", "WEB:1001", "--json").stdout)
    assert [e["type"] for e in events] == ["OrderPlaced", "LinesAllocated", "LinesCancelled"]
    assert events[2]["payload"]["reason"] == "other"
    assert "LinesCancelled" in taktstock("orders", "events", "WEB:1001").stdout
    before = f"main-{events[1]['position']}"
    past = json.loads(
        taktstock("orders", "show", "WEB:1001", "--position", before, "--json").stdout
    )
    assert (past["status"], past["lines"][0]["reserved"]) == ("open", "2")
    instant = events[1]["recorded_at"]
    known = taktstock("orders", "show", "WEB:1001", "--known-at", instant).stdout
    assert known.startswith("WEB:1001: open")


def test_planners_see_why_an_order_was_routed(taktstock: Taktstock, shop: Shop) -> None:
    """In sentences, verified, with runners-up side by side; as JSON like the API; at a moment."""
    told = " ".join(taktstock("orders", "routing", "WEB:1001").stdout.split())
    assert told.startswith("WEB:1001, decision 1 of 1, ")
    assert "Verified: made again from the log, it is equal to what was recorded." in told
    assert "Group 1: Shipped to DE 10115, service standard" in told
    assert "- Warehouse (W1) was chosen for 2 × A: it ships from the warehouse" in told
    [made] = json.loads(taktstock("orders", "routing", "WEB:1001", "--json").stdout)
    [answered] = shop.client.get("/v1/orders/WEB:1001/routing").json()["decisions"]
    assert made == answered
    placed = f"main-{shop.services.reader.stream('order:WEB:1001')[0].position}"
    before = taktstock("orders", "routing", "WEB:1001", "--position", placed)
    assert "was not routed" in before.stdout


def test_operators_see_how_far_suspended_work_has_moved(taktstock: Taktstock, shop: Shop) -> None:
    """A suspended location is listed with what waits to move; without any nothing has to."""
    catch_up(shop.services.datastore, shop.services.reader)
    assert taktstock("routing", "moves").stdout == "no work has to move\n"
    shop.done("/v1/locations/W1/suspensions", {"reason": "flood"})
    catch_up(shop.services.datastore, shop.services.reader)
    assert "W1" in taktstock("routing", "moves").stdout
    [told] = json.loads(taktstock("routing", "moves", "W1", "--json").stdout)
    assert (told["suspended"], told["waiting_orders"], told["moved_orders"]) == (True, 1, 0)
    assert taktstock("routing", "moves", "W2").stdout == "no work has to move\n"


def test_a_person_is_erased(taktstock: Taktstock, shop: Shop) -> None:
    """After erasing, the auditor's view has no trace of the person, and verify stays clean."""
    (placed, *_) = json.loads(taktstock("orders", "events", "WEB:1001", "--json").stdout)
    subject = placed["payload"]["subject_id"]
    assert placed["payload"]["contact"]["name"] == "Erika Mustermann"
    assert "is erased" in taktstock("erase", subject, "--reason", "request").stdout
    assert "Erika" not in taktstock("orders", "events", "WEB:1001", "--json").stdout
    catch_up(shop.services.datastore, shop.services.reader)
    taktstock("projections", "verify")
