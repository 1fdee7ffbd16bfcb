"""The demo's carriers and holidays: every order of the network can be carried, and dated."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Final

import pytest

from api.demo.destination import COUNTRIES
from api.demo.files import CARRIERS, HOLIDAYS, example_file
from api.demo.month import load_reference
from api.demo.network import read_locations, read_postal_codes
from domain.routing.reference import Service
from eventstore.datastore import Datastore
from eventstore.main import open_log
from eventstore.migrate import migrate
from eventstore.reference.calendars import read_calendars
from eventstore.reference.carriers import TABLES, read_carriers
from eventstore.reference.loading import load_holidays
from eventstore.reference.sets import all_sets
from eventstore.reference.tables import read_text
from tests.support.partitions import place, settings_for_tests
from tests.support.reference import HOLIDAYS as OWN_HOLIDAYS

NOWHERE: Final = ""


@pytest.fixture
def bare(postgres: str, schema: str) -> Iterator[Datastore]:
    """Return an empty partition."""
    with open_log(place(postgres, schema), settings_for_tests()) as log:
        migrate(log.datastore)
        yield log.datastore


@cache
def services() -> Mapping[str, Service]:
    """Return the example's services by name."""
    folder = example_file(CARRIERS)
    tables = {name: read_text(folder / name) for name in TABLES}
    return {one.name: one for one in read_carriers(tables, f"{folder}/")}


def test_every_country_of_the_data_set_is_served_from_every_location() -> None:
    """By standard, with or without a postal code: no order of the demo is without a carrier."""
    codes = read_postal_codes()
    standard = [one for one in services().values() if one.level == "standard"]
    for location in read_locations():
        here = location.country, location.postal_code
        for country in {*COUNTRIES.values(), *codes}:
            some = [place.postal_code for place in codes.get(country, ())[::20]]
            for code in (NOWHERE, *some):
                assert any(one.zone(here, (country, code)) for one in standard), (here, country)


def test_the_example_shows_zones_by_prefix_levels_hazard_and_volume() -> None:
    """Islands are a zone of their own, express is faster, freight takes what is hazardous."""
    two_day, next_day = services()["Two Day"], services()["Next Day"]
    here = "GB", "NN4"
    assert two_day.zone(here, ("GB", "LS1")) == "mainland"
    assert two_day.zone(here, ("GB", "BT1 5GS")) == "highlands and islands"
    assert two_day.zone(here, ("GB", "PH33")) == "highlands and islands"
    assert two_day.zone(here, ("JE", "JE2")) == "channel islands"
    assert services()["Paket"].zone(("NL", "5928"), ("DE", "50667")) == "home"
    assert services()["Paket"].zone(("NL", "5928"), ("DE", "10115")) == "neighbours"
    assert next_day.level == "express"
    assert next_day.transit_days["mainland"] < two_day.transit_days["mainland"]
    assert {one.name for one in services().values() if one.hazardous} == {"Economy", "Gefahrgut"}
    assert all(one.divisor and one.currency == "GBP" for one in services().values())


def test_every_location_and_country_has_its_holidays() -> None:
    """From the month of the demo to the years in which somebody tries it."""
    days = example_file(HOLIDAYS)
    calendars = read_calendars(read_text(days), str(days))
    for location in read_locations():
        assert date(2010, 12, 27) in calendars[location.holiday_calendar] or (
            location.country != "GB"
        )
        assert {day.year for day in calendars[location.holiday_calendar]} >= {2010, 2026, 2027}
    assert set(COUNTRIES.values()) <= calendars.keys()
    assert date(2010, 11, 30) in calendars["GB-SCT"]
    assert date(2010, 11, 30) not in calendars["GB-ENG"]


def test_reference_data_of_ones_own_stay_in_use(bare: Datastore) -> None:
    """A later start of the demo loads what is missing, and brings nothing back."""
    own = load_holidays(bare, OWN_HOLIDAYS, "own.csv")
    for _ in range(2):
        load_reference(bare)
        found = {one.kind: one for one in all_sets(bare) if one.in_use}
        assert found.keys() == {"postal_codes", "holidays", "carriers"}
        assert found["holidays"].hash == own.hash
    assert len(all_sets(bare)) == 3
