"""Facts for routing: what the read models know, as the engine wants it."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from domain.base.handling import FactsWanted
from domain.base.streams import capacity_stream, item_stream, location_stream, sku_stream
from domain.capacity.events import CapacityBooked, CapacityReleased
from domain.item.events import ItemAttributes, ItemChanged, SkuWithdrawn
from domain.location.events import LocationSuspended
from domain.routing.facts import NO_FACTS, RoutingFacts, StockFacts
from domain.stock.events import BackorderQueued, ReceiptExpected, SafetyStockSet
from eventstore.main import Log
from eventstore.reference.loading import load_carriers, load_holidays
from eventstore.reference.postal_codes import load_postal_codes
from eventstore.reference.shelf import ReferenceShelf
from projections.capacity.queries import booked_days
from projections.facts import PostgresFacts
from tests.projections.story import (
    DUE,
    MUG_AT_A,
    ORDER,
    allocated,
    item,
    kit,
    line,
    location,
    placed,
    received,
    reserved,
)
from tests.projections.writing import Written, append, engine
from tests.support.reference import HOLIDAYS, carrier_folder

CODES: Final = "country,postal_code,latitude,longitude\nGB,LS1,53.8,-1.55\nNL,5928,51.4,6.1\n"


def told(log: Log, *events: Written) -> int:
    """Write events and fold them."""
    position = append(log, *events)
    engine(log).catch_up()
    return position


def asked(facts: PostgresFacts, *skus: str, to: tuple[tuple[str, str], ...] = ()) -> RoutingFacts:
    """Return the facts on these SKUs."""
    return facts.read(FactsWanted(channel_id="web", skus=skus, destinations=to))


def test_an_item_is_known_with_its_stock_at_every_location(log: Log) -> None:
    """By SKU without regard to case, at the position of the read model."""
    later = DUE + timedelta(days=1)
    last = told(
        log,
        *item("mug", "Mug"),
        received("mug", "A", 20),
        reserved("mug", "A", 5),
        (MUG_AT_A, SafetyStockSet(Decimal("2.5"))),
        (MUG_AT_A, BackorderQueued("b", ORDER, "1", Decimal(1), 0, None)),
        (MUG_AT_A, ReceiptExpected("e1", Decimal(7), later, None)),
        (MUG_AT_A, ReceiptExpected("e2", Decimal("0.25"), DUE, None)),
        received("mug", "B", 3),
    )
    found = asked(PostgresFacts(log.datastore), "MUG", "nothing")
    assert found.position == last
    assert found.skus == {"mug": "mug"}
    assert list(found.items) == ["mug"]
    mug = found.items["mug"]
    assert mug.attributes == ItemAttributes(sku="Mug", name="Mug")
    assert dict(mug.stock) == {
        "A": StockFacts(
            free=Decimal("11.5"),
            on_hand=Decimal(20),
            safety_stock=Decimal("2.5"),
            queued=Decimal(1),
            expected=((DUE, Decimal("0.25")), (later, Decimal(7))),
        ),
        "B": StockFacts(free=Decimal(3), on_hand=Decimal(3)),
    }
    assert "C" not in mug.stock
    assert mug.stock.get("C") is None
    assert len(mug.stock) == 2


def test_a_kit_comes_with_its_components(log: Log) -> None:
    """Asked by SKU or by id, whatever is needed to plan it is there."""
    told(
        log,
        *item("mug", "MUG"),
        *item("tea", "TEA"),
        *kit("set", "SET", mug=2, tea=1),
        received("tea", "A", 3),
    )
    facts = PostgresFacts(log.datastore)
    assert set(asked(facts, "set").items) == {"set", "mug", "tea"}
    assert set(asked(facts, "set", "tea").items) == {"set", "mug", "tea"}
    by_id = facts.read(FactsWanted("web", item_ids=("set", "ghost")))
    assert set(by_id.items) == {"set", "mug", "tea"}
    assert by_id.skus == {}
    assert by_id.items["tea"].stock["A"].free == 3


def test_changes_of_items_and_skus_are_seen(log: Log) -> None:
    """Attributes that were read before are read again when they change."""
    told(log, *item("mug", "MUG"))
    facts = PostgresFacts(log.datastore)
    assert asked(facts, "mug").items["mug"].attributes.bulky is False
    told(
        log,
        (item_stream("mug"), ItemChanged(ItemAttributes("CUP", "Cup", bulky=True))),
        (sku_stream("mug"), SkuWithdrawn("mug")),
    )
    assert asked(facts, "mug").items == {}
    changed = facts.read(FactsWanted("web", item_ids=("mug",)))
    assert changed.items["mug"].attributes.bulky is True


def test_locations_are_known_with_their_state_and_work(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are kept in memory until one changes; open work is read again after a while."""
    told(log, location("A", latitude=52.6, longitude=-1.1), location("B"))
    facts = PostgresFacts(log.datastore)
    before = asked(facts).locations
    assert before["A"].attributes.latitude == 52.6
    assert {key: at.suspended for key, at in before.items()} == {"A": False, "B": False}
    told(log, placed(line("1", 3, "1.00")), allocated(("a1", "1", "A", 3)))
    assert asked(facts).locations is before
    monkeypatch.setattr("projections.facts._WORK_IS_FRESH_FOR", -1.0)
    fresh = asked(facts).locations
    assert {key: at.open_fulfilments for key, at in fresh.items()} == {"A": 1, "B": 0}
    assert fresh["A"].attributes is before["A"].attributes
    monkeypatch.setattr("projections.facts._WORK_IS_FRESH_FOR", 1000.0)
    told(log, (location_stream("B"), LocationSuspended("flood")))
    assert asked(facts).locations["B"].suspended is True


def test_coordinates_come_from_the_newest_postal_codes(log: Log, tmp_path: Path) -> None:
    """Codes are found however they are written; unknown ones are left out."""
    facts = PostgresFacts(log.datastore)
    to = (("GB", "ls1 4ap"), ("NL", "5928 PR"), ("NL", "9999"))
    assert asked(facts, to=to).coordinates == {}
    first = tmp_path / "codes.csv"
    first.write_text(CODES)
    loaded = load_postal_codes(log.datastore, first)
    found = asked(facts, to=to)
    assert found.coordinates == {to[0]: (53.8, -1.55), to[1]: (51.4, 6.1)}
    assert found.hashes == {"postal_codes": loaded.hash}
    second = tmp_path / "more.csv"
    second.write_text(CODES + "NL,9999,53.0,7.0\n")
    newer = load_postal_codes(log.datastore, second)
    assert newer.hash != loaded.hash
    found = asked(facts, to=to)
    assert found.coordinates[to[2]] == (53.0, 7.0)
    assert found.hashes == {"postal_codes": newer.hash}


def test_carriers_and_holidays_come_from_the_sets_in_use(log: Log, tmp_path: Path) -> None:
    """Parsed once: the same object until another set comes into use; older ones stay by hash."""
    facts = PostgresFacts(log.datastore)
    assert asked(facts).reference.services == ()
    first = load_carriers(log.datastore, [carrier_folder(tmp_path / "first")])
    days = load_holidays(log.datastore, HOLIDAYS, "days.csv")
    found = asked(facts)
    assert found.hashes == {"carriers": first.hash, "holidays": days.hash}
    assert [service.name for service in found.reference.services] == ["Parcel", "Express"]
    assert found.reference.calendars["DE"] == {date(2026, 12, 25)}
    assert asked(facts).reference is found.reference
    second = load_carriers(
        log.datastore, [carrier_folder(tmp_path / "second", {"rates.csv": ("4.90", "5.10")})]
    )
    newer = asked(facts)
    assert newer.hashes == {"carriers": second.hash, "holidays": days.hash}
    assert newer.reference.calendars is found.reference.calendars
    shelf = ReferenceShelf(log.datastore)
    assert shelf.reference(found.hashes) == found.reference
    assert shelf.reference(newer.hashes).services[0].rates["near"][0][1] == Decimal("5.10")


def test_without_read_models_nothing_is_known(bare_log: Log) -> None:
    """Decisions then read streams."""
    assert asked(PostgresFacts(bare_log.datastore), "mug") == NO_FACTS


def test_a_location_is_known_with_what_its_coming_days_have_booked(log: Log) -> None:
    """Days that are over are left out, and days whose bookings were all given back."""
    past, coming, later = date(2020, 1, 6), date(2999, 1, 7), date(2999, 1, 8)
    told(
        log,
        location("A", capacity_per_day=2),
        location("B"),
        (capacity_stream("A", past), CapacityBooked(ORDER, "1")),
        (capacity_stream("A", coming), CapacityBooked(ORDER, "1")),
        (capacity_stream("A", coming), CapacityBooked(ORDER, "2")),
        (capacity_stream("A", later), CapacityBooked(ORDER, "3")),
        (capacity_stream("A", later), CapacityReleased(ORDER, "3")),
    )
    found = asked(PostgresFacts(log.datastore), "MUG").locations
    assert {name: dict(one.booked) for name, one in found.items()} == {"A": {coming: 2}, "B": {}}
    assert [
        (one.location_id, one.day, one.booked)
        for one in booked_days(log.datastore, first=past, last=coming)
    ] == [("A", past, 1), ("A", coming, 2)]
    assert booked_days(log.datastore, first=past, locations=["B"]) == []
