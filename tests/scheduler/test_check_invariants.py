"""Checking what must always hold: it holds here, and each breach that is planted is found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.stock.state import NO_STOCK
from projections.catalogue import READ_MODELS
from scheduler.invariants import positions, stock_law
from scheduler.invariants.finding import record
from scheduler.invariants.positions import check_positions
from scheduler.invariants.stock_law import check_stock_in_log, covered
from scheduler.jobs.check_invariants import check_invariants
from tests.scheduler.shop import Shop, open_shop

NOW = datetime(2030, 1, 1, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
NAMES = [
    "positions-without-gap",
    "read-models-equal-replay",
    "stock-covers-reservations",
    "stock-covers-reservations-in-the-log",
]


@pytest.fixture
def shop(postgres: str, schema: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Return the shop with two orders placed."""
    monkeypatch.setattr(stock_law, "_LOOK_AGAIN_AFTER", 0.01)
    with open_shop(postgres, schema) as opened:
        opened.place("1001")
        opened.place("1002", 4)
        opened.fold()
        yield opened


def tamper(shop: Shop, statement: str) -> None:
    """Change rows behind everybody's back."""
    with shop.partition.datastore.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(shop.partition.datastore.sql(statement))


def recorded(shop: Shop) -> dict[str, tuple[Any, ...]]:
    """Return (holds, checked at, broken since, figures) of the last check of each invariant."""
    rows = shop.rows(
        "SELECT invariant, holds, checked_at, broken_since, figures FROM {schema}.invariant_checks"
    )
    return {name: tuple(rest) for name, *rest in rows}


def test_everything_holds_in_a_sound_shop(shop: Shop) -> None:
    """Each invariant holds, is recorded with the instant of the run, and nothing is logged."""
    with capture_logs() as logs:
        assert check_invariants(shop.desk, NOW) == {"checked": 4, "broken": 0}
    assert logs == []
    found = recorded(shop)
    assert sorted(found) == NAMES
    assert {rest[:3] for rest in found.values()} == {(True, NOW, None)}
    head = shop.partition.reader.head()
    assert found["positions-without-gap"][3]["looked_at"] == head
    assert found["stock-covers-reservations"][3]["stock_items"] == 2
    assert found["stock-covers-reservations-in-the-log"][3]["stock_items"] == 2
    replayed = found["read-models-equal-replay"][3]
    assert replayed["read_models"] == len(READ_MODELS)
    assert replayed["rows"] > 0


def test_a_tampered_read_model_is_found_and_left_as_it_is(shop: Shop) -> None:
    """More reserved than there is breaks two invariants, is logged, and is not mended."""
    tamper(shop, "UPDATE {schema}.availability_v2 SET reserved = 50 WHERE location_id = 'north'")
    with capture_logs() as logs:
        assert check_invariants(shop.desk, NOW)["broken"] == 2
    assert {(entry["log_level"], entry["event"], entry["invariant"]) for entry in logs} == {
        ("error", "invariant broken", "stock-covers-reservations"),
        ("error", "invariant broken", "read-models-equal-replay"),
    }
    found = recorded(shop)
    holds, checked_at, broken_since, figures = found["stock-covers-reservations"]
    assert (holds, checked_at, broken_since) == (False, NOW, NOW)
    assert figures == {"stock_items": 2, "broken": 1, "examples": ["tea@north"]}
    assert found["read-models-equal-replay"][3]["unclean"] == ["availability"]
    assert found["positions-without-gap"][0]
    reserved = "SELECT reserved FROM {schema}.availability WHERE location_id = 'north'"
    assert shop.rows(reserved) == [(50,)]


def test_how_long_it_is_broken_is_remembered(shop: Shop) -> None:
    """The first check that found it broken stays named until one finds that it holds."""
    tamper(shop, "UPDATE {schema}.availability_v2 SET reserved = reserved + 50")
    check_invariants(shop.desk, NOW)
    check_invariants(shop.desk, LATER)
    assert recorded(shop)["stock-covers-reservations"][:3] == (False, LATER, NOW)
    tamper(shop, "UPDATE {schema}.availability_v2 SET reserved = reserved - 50")
    check_invariants(shop.desk, LATER)
    assert recorded(shop)["stock-covers-reservations"][:3] == (True, LATER, None)


def test_a_shortfall_that_is_open_is_no_breach(shop: Shop) -> None:
    """More sold at a till than was known of is a shortfall, and the law says so itself."""
    tamper(
        shop,
        "UPDATE {schema}.availability_v2 SET on_hand = -2, reserved = 0, shortfall = 2 "
        "WHERE location_id = 'north'",
    )
    check_invariants(shop.desk, NOW)
    assert recorded(shop)["stock-covers-reservations"][0]


def test_a_lost_event_is_found(shop: Shop) -> None:
    """A position that no event has any more is counted and named."""
    tamper(shop, "DELETE FROM {schema}.events WHERE notification_id = 3")
    finding = check_positions(shop.desk)
    assert not finding.holds
    assert (finding.figures["missing"], finding.figures["first_missing"]) == (1, ["3 to 3"])


def test_a_lost_receipt_breaks_the_law_in_the_log(shop: Shop) -> None:
    """Reservations on goods that never came are found by folding the log itself."""
    tamper(
        shop,
        "UPDATE {schema}.events SET state = convert_to(replace(convert_from(state, 'UTF8'), "
        "'\"quantity\":\"5\"', '\"quantity\":\"1\"'), 'UTF8') WHERE topic = 'StockReceived' "
        "AND originator_id = 'stock:tea@north'",
    )
    finding = check_stock_in_log(shop.desk)
    assert not finding.holds
    assert finding.figures["examples"] == ["stock:tea@north"]


def test_long_logs_are_checked_stretch_by_stretch(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run looks at the newest events and at the next old stretch, and begins anew."""
    monkeypatch.setattr(positions, "NEWEST", 2)
    monkeypatch.setattr(positions, "STRETCH", 6)
    head = shop.partition.reader.head()
    stretches = []
    for _ in range(4):
        record(shop.partition.datastore, check_positions(shop.desk), head=head, now=NOW)
        figures = recorded(shop)["positions-without-gap"][3]
        stretches.append((figures["after"], figures["through"], figures["looked_at"]))
    assert head == 13
    assert stretches == [(0, 6, 8), (6, 12, 7), (0, 6, 8), (6, 12, 7)]


def test_the_law_of_stock() -> None:
    """On hand and shortfall together cover what is reserved, and sums fit what they sum up."""
    assert covered(NO_STOCK)
    assert not covered(NO_STOCK._replace(sellable=NO_STOCK.sellable - 1))
    assert covered(
        NO_STOCK._replace(sellable=NO_STOCK.sellable - 1, shortfall=NO_STOCK.sellable + 1)
    )
    assert not covered(NO_STOCK._replace(reserved=NO_STOCK.reserved + 1))
