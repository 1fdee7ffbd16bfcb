"""The committed network: places that exist, codes that can be drawn."""

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from api.demo.destination import COUNTRIES
from api.demo.errors import FileUnreadableError, RowError
from api.demo.files import DECEMBER, LOCATIONS, example_file
from api.demo.network import read_locations, read_postal_codes
from domain.base.text import Code, PostalCode

SAMPLED = {"AT", "BE", "BR", "CH", "DE", "ES", "FR", "IT", "LU", "NL", "US"}


def test_locations_stand_at_their_postal_codes() -> None:
    """Each location's code is in the table, with the same coordinates; its zone is known."""
    middles = {
        (place.country, place.postal_code): (place.latitude, place.longitude)
        for places in read_postal_codes().values()
        for place in places
    }
    for location in read_locations():
        middle = middles[location.country, location.postal_code]
        assert (location.latitude, location.longitude) == middle
        assert ZoneInfo(location.time_zone).key == location.time_zone
        TypeAdapter(Code).validate_python(location.code)


def test_the_network_is_three_warehouses_and_five_shops_in_three_countries() -> None:
    """Mostly in Britain, the main warehouse first."""
    locations = read_locations()
    assert Counter(location.kind for location in locations) == {"warehouse": 3, "store": 5}
    assert Counter(location.country for location in locations) == {"GB": 6, "NL": 1, "DE": 1}
    assert locations[0].code == "WH-NORTHAMPTON"
    assert len({location.code for location in locations}) == 8


def test_postal_codes_are_distinct_valid_and_where_their_country_is() -> None:
    """One row per code; no military, polar or overseas strays."""
    codes = read_postal_codes()
    assert {country: len(places) for country, places in codes.items()} == {
        "GB": 2979,
        "GG": 10,
        "IM": 9,
        "JE": 4,
        **dict.fromkeys(SAMPLED, 300),
        "DE": 301,
        "NL": 301,
    }
    assert set(codes) <= set(COUNTRIES.values()) | {"GG", "IM"}
    code = TypeAdapter(PostalCode)
    for places in codes.values():
        assert len({code.validate_python(place.postal_code) for place in places}) == len(places)
    assert all(41 < place.latitude < 51.2 and -5.2 < place.longitude < 9.6 for place in codes["FR"])
    assert all(18 < place.latitude < 72 and place.longitude < -66 for place in codes["US"])


def test_the_files_are_small() -> None:
    """The network stays under 200 kB in a clone."""
    folder = example_file(LOCATIONS).parent
    assert sum(path.stat().st_size for path in folder.iterdir()) < 200_000


def test_a_missing_example_says_what_to_do(tmp_path: Path) -> None:
    """Outside a clone the message points at --file for orders, and at the clone for the rest."""
    with pytest.raises(FileUnreadableError, match=r"online_retail_2010-12.*--file"):
        example_file(DECEMBER, examples=tmp_path)
    with pytest.raises(FileUnreadableError, match=r"whole clone of the repository$"):
        example_file(LOCATIONS, examples=tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("kind", "kiosk", "neither warehouse nor store"),
        ("latitude", "north", "not in degrees"),
        ("depth", "-1", "not a whole number"),
        ("code", "", "is blank"),
    ],
)
def test_a_malformed_location_is_named(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    """A network of one's own is checked like the orders."""
    header, first, *_ = example_file(LOCATIONS).read_text(encoding="utf-8").splitlines()
    fields = first.split(",")
    fields[header.split(",").index(column)] = value
    path = tmp_path / "locations.csv"
    path.write_text(f"{header}\n{','.join(fields)}\n")
    with pytest.raises(RowError, match=f"line 2, column '{column}': .*{problem}"):
        read_locations(path)
