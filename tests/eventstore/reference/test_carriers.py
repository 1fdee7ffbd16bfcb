"""Carrier bundles: what they say is what routing looks up, and mistakes are told by their place."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.routing.reference import Service
from eventstore.datastore import Datastore
from eventstore.errors import BadReferenceData
from eventstore.reference.carriers import read_carriers
from eventstore.reference.loading import load_carriers
from eventstore.reference.sets import all_sets
from eventstore.reference.shelf import ReferenceShelf
from tests.support.reference import BUNDLE, carrier_folder

BERLIN, SYLT, WIEN = ("DE", "10115"), ("DE", "18565"), ("AT", "1010")


def services(**changes: tuple[str, str]) -> tuple[Service, ...]:
    """Return the services of the bundle with a text of a table replaced by another."""
    tables = dict(BUNDLE)
    for name, (old, new) in changes.items():
        assert old in tables[f"{name}.csv"]
        tables[f"{name}.csv"] = tables[f"{name}.csv"].replace(old, new)
    return read_carriers(tables)


def test_a_bundle_says_everything_of_a_service() -> None:
    """Blank columns have their stated meaning; of transit days the upper end is promised."""
    parcel, express = services()
    assert (parcel.carrier, parcel.name, parcel.level) == ("Post", "Parcel", "standard")
    assert parcel.rates["near"] == ((1_000, Decimal("4.90")), (5_000, Decimal("6.90")))
    assert parcel.transit_days == {"near": 2, "far": 5}
    assert (parcel.currency, parcel.cut_off, parcel.divisor) == ("EUR", "14:30", 5_000)
    assert parcel.delivers_on == (1, 2, 3, 4, 5, 6)
    assert parcel.greatest_mm == (1_200, 600, 600)
    assert (parcel.hazardous, express.hazardous) == (False, True)
    assert (express.level, express.cut_off, express.divisor) == ("express", None, 0)
    assert (express.delivers_on, express.greatest_mm) == ((1, 2, 3, 4, 5), ())


def test_the_most_exact_row_of_a_zone_table_counts() -> None:
    """An island before its country; what is not listed is the unknown zone, if there is one."""
    parcel, express = services()
    assert parcel.zone(BERLIN, BERLIN) == "near"
    assert parcel.zone(BERLIN, SYLT) == "far"
    assert parcel.zone(BERLIN, ("DE", "")) == "near"
    assert parcel.zone(BERLIN, WIEN) == "far"
    assert parcel.zone(BERLIN, ("US", "10001")) == "far"
    assert express.zone(BERLIN, ("US", "10001")) is None


def test_from_an_origin_that_no_zone_names_nothing_goes() -> None:
    """The unknown zone stands for destinations, never for origins."""
    parcel, _ = services()
    assert parcel.zone(("FR", "75001"), BERLIN) is None


def test_zones_may_depend_on_where_the_origin_lies() -> None:
    """Of the starts of an origin's postal code the longest that is listed counts alone."""
    parcel, _ = services(zones=("Post,,DE,,AT,,,far\n", "Post,,DE,8,DE,80,89,near\n"))
    assert parcel.zone(("DE", "80331"), ("DE", "85049")) == "near"
    assert parcel.zone(("DE", "80331"), BERLIN) == "far"
    assert parcel.zone(BERLIN, ("DE", "85049")) == "near"


def test_without_zones_a_service_goes_everywhere() -> None:
    """Where its only zone has no name."""
    tables = {
        "services.csv": "carrier,service,currency\nVan,Round,EUR\n",
        "rates.csv": "carrier,service,zone,up_to_grams,price\nVan,Round,,20000,3.00\n",
        "transit.csv": "carrier,service,zone,days\nVan,Round,,1\n",
    }
    [van] = read_carriers(tables)
    assert van.zone(("FR", ""), WIEN) == ""


def test_a_service_with_rows_of_its_own_does_not_share_its_carriers_zones() -> None:
    """So that a service that goes to fewer places leaves no hole."""
    rows = "Post,Express,DE,,DE,,,near\n"
    _, express = services(
        zones=("Post,,DE,,AT,,,far\n", f"Post,,DE,,AT,,,far\n{rows}"),
        rates=("Post,Express,far,2000,25\n", ""),
    )
    assert express.zone(BERLIN, SYLT) == "near"
    assert express.zone(BERLIN, WIEN) is None


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("services", "currency,", "money,", r"services\.csv: has no column 'currency'"),
        ("services", ",hazardous,", ",hazardus,", "unknown column 'hazardus'; use carrier"),
        ("services", "standard,EUR", "standard,", "line 2, currency: '' is no currency"),
        ("services", "standard,EUR", "standard,EUX", "line 2, currency: 'EUX' is no currency"),
        ("services", "14:30", "2pm", "line 2, cut_off: '2pm' should be a time of day"),
        ("services", "123456", "89", "line 2, delivers_on: '89' should be weekdays"),
        ("services", "1200x600x600", "big", "line 2, greatest_mm: 'big' should be sides"),
        ("services", ",no,", ",maybe,", "line 2, hazardous: 'maybe' is neither yes nor no"),
        ("services", "5000", "5.5", "line 2, divisor: '5.5' is no whole number"),
        ("services", "no,far", "no,farther", "unknown_zone: 'farther' has no rates"),
        ("services", "Post,Express", "Post,Parcel", "line 3, service: is listed in line 2"),
        ("services", "Post,Express", "Post,Fast", "rates.csv, line 5, service: Post has no"),
        ("rates", "Post,Express,n", "Pots,Express,n", "line 5, carrier: 'Pots' is unknown"),
        ("rates", "4.90", "4,90", r"rates\.csv, line 2: has 6 fields where the header has 5"),
        ("rates", "4.90", "cheap", r"rates\.csv, line 2, price: 'cheap' is no number"),
        ("rates", "4.90", "-4.90", "line 2, price: '-4.90' is no number"),
        ("rates", "4.90", "4.9001", "line 2, price: 4.9001 has more than three decimals"),
        ("rates", "4.90", "7.90", "line 3, price: 6.90 follows 7.90.* must not fall"),
        ("rates", "5000,6.90", "900,6.90", "line 3, up_to_grams: 900 follows 1000.* must rise"),
        ("rates", "5000,6.90", "1000,6.90", "line 3, up_to_grams: 1000 follows 1000"),
        ("rates", "near,1000", "near,0", "line 2, up_to_grams: is 0"),
        ("rates", "Post,Parcel,far,5000,14.90\n", "", r"unknown_zone: 'far' has no rates"),
        ("rates", "Post,Express,far,2000,25\n", "", r"zones\.csv, .*'far' has no rates for Post E"),
        ("transit", "Post,Parcel,far,5\n", "", r"rates\.csv, line 4, zone: 'far' has no transit"),
        ("transit", "1-2", "soon", "line 2, days: 'soon' are no working days"),
        ("transit", "Post,Parcel,far", "Post,Parcel,near", "line 3, zone: is listed in line 2"),
        ("zones", "DE,18,18", "DE,18,1", r"zones\.csv, line 3, last_prefix: '18' to '1' is no"),
        ("zones", "DE,18,18", "DE,19,18", "line 3, last_prefix: '19' to '18' is no range"),
        ("zones", "DE,18,18", "DE,,", "line 3, first_prefix: '' is listed in line 2 already"),
        ("zones", "Post,,DE,,AT", "Post,,DE,,Austria", "line 4, country: 'AUSTRIA' is no country"),
        ("zones", "Post,,DE,,AT,,,far", "Post,,DE,,AT,,,", "line 4, zone: is blank"),
    ],
)
def test_mistakes_are_told_by_file_line_and_column(
    table: str, old: str, new: str, message: str
) -> None:
    """A hole, a wrong number, a name spelt wrong: never a crash, never a silent guess."""
    with pytest.raises(BadReferenceData, match=message):
        services(**{table: (old, new)})


def test_ranges_that_overlap_are_refused() -> None:
    """Two rows of one length that name the same destination contradict each other."""
    row = "Post,,DE,,DE,17,18,near\n"
    with pytest.raises(BadReferenceData, match="first_prefix: '18' is listed in line 4 already"):
        services(zones=("Post,,DE,,AT,,,far\n", row))


def test_a_missing_table_and_an_empty_one_are_named() -> None:
    """Only the zones may be missing, and only where the rates have none."""
    tables = dict(BUNDLE)
    del tables["transit.csv"]
    with pytest.raises(BadReferenceData, match=r"dhl/transit\.csv: is missing"):
        read_carriers(tables, "dhl/")
    header = BUNDLE["services.csv"].splitlines()[0]
    empty = {**BUNDLE, "services.csv": header, "rates.csv": BUNDLE["rates.csv"].splitlines()[0]}
    empty |= {"transit.csv": "carrier,service,zone,days", "zones.csv": ""}
    del empty["zones.csv"]
    with pytest.raises(BadReferenceData, match=r"services\.csv: names no service"):
        read_carriers(empty)
    with pytest.raises(BadReferenceData, match=r"zones\.csv does not say where the zones are"):
        read_carriers({name: text for name, text in BUNDLE.items() if name != "zones.csv"})


def test_bundles_are_joined_and_nothing_is_half_loaded(
    datastore: Datastore, tmp_path: Path
) -> None:
    """Several folders make one set; a mistake in the second keeps nothing of the first."""
    first = carrier_folder(tmp_path / "post")
    second = carrier_folder(tmp_path / "bahn")
    with pytest.raises(BadReferenceData, match=r"bahn/services\.csv: Post Parcel is in another"):
        load_carriers(datastore, [first, second])
    assert all_sets(datastore) == []
    for path in second.iterdir():
        path.write_text(path.read_text().replace("Post,", "Bahn,"))
    kept = load_carriers(datastore, [first, second])
    found = ReferenceShelf(datastore).reference({"carriers": kept.hash}).services
    assert [one.carrier for one in found] == ["Post", "Post", "Bahn", "Bahn"]
    with pytest.raises(BadReferenceData, match="nowhere: is no folder"):
        load_carriers(datastore, [tmp_path / "nowhere"])
