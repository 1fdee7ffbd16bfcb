"""Rate sheets become bundles that say the same, or say where they are wrong."""

from decimal import Decimal
from typing import Final

import pytest

from api.reference.rate_sheets import Sheet, convert_rate_sheet
from domain.routing.reference import Service
from eventstore.errors import BadReferenceData
from eventstore.reference.carriers import read_carriers

HEADER: Final = (
    "service_code,service_name,zone_label,country_codes,min_weight,max_weight,max_length,"
    "max_width,max_height,rate,currency,transit_days,domicile,international\n"
)
SHEET: Final = HEADER + (
    "PKG,Package,Home,DE,0.01,2.0,120,60,35.5,4.10,EUR,1-2,true,false\n"
    "PKG,Package,Home,DE,2.0,31.5,120,60,35.5,6.20,EUR,1-2,true,false\n"
    'PKG,Package,Union,"AT,FR",0.01,31.5,120,60,35.5,9.30,EUR,3-5,false,true\n'
    "FAR,World,World,,0.01,20,,,,30.40,EUR,7-14,false,true\n"
    "DAY,Same day,Home,,0.01,5,,,,12.00,EUR,,true,false\n"
)
ABOUT: Final = Sheet("Karl", "DE", {"DAY": "express"}, days=1)
HERE: Final = ("DE", "10115")


def services(text: str = SHEET, sheet: Sheet = ABOUT) -> dict[str, Service]:
    """Return the services of a converted sheet by name."""
    tables = convert_rate_sheet(text, "karl.csv", sheet)
    return {service.name: service for service in read_carriers(tables)}


def test_a_sheet_says_weights_sides_zones_and_the_upper_end_of_days() -> None:
    """Kilograms become grams, centimetres millimetres."""
    package = services()["PKG"]
    assert (package.carrier, package.currency, package.level) == ("Karl", "EUR", "standard")
    assert package.rates["Home"] == ((2_000, Decimal("4.10")), (31_500, Decimal("6.20")))
    assert package.transit_days == {"Home": 2, "Union": 5}
    assert package.greatest_mm == (1_200, 600, 355)
    assert package.zone(HERE, ("FR", "75001")) == "Union"
    assert package.zone(HERE, HERE) == "Home"
    assert package.zone(HERE, ("PL", "00-001")) is None
    assert package.zone(("FR", "75001"), HERE) is None


def test_a_zone_without_countries_is_the_rest_or_home() -> None:
    """The rest is every country that is not named, but never home."""
    found = services()
    assert found["FAR"].zone(HERE, ("US", "10001")) == "World"
    assert found["FAR"].zone(HERE, HERE) is None
    assert found["DAY"].zone(HERE, HERE) == "Home"
    assert found["DAY"].zone(HERE, ("AT", "1010")) is None
    assert (found["DAY"].level, found["DAY"].transit_days) == ("express", {"Home": 1})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rate,currency", "price,currency", r"karl\.csv: has no column 'rate'"),
        ("0.01,2.0", "0.5,2.0", "line 2, min_weight: nothing is said of goods below 0.5 kg"),
        ("2.0,31.5", "5.0,31.5", "line 3, min_weight: 5.0 does not follow the 2.0 kg of line 2"),
        ("6.20,EUR", "6.20,CHF", "line 3, currency: 'CHF' differs from 'EUR' in line 2"),
        ("30.40,EUR", "30.40,", "line 5, currency: '' is no currency"),
        ("6.20", "free", "line 3, rate: 'free' is no number"),
        ("6.20", "2.20", r"as rates\.csv, line 3, price: 2.20 follows 4.10"),
        ("31.5,120,60,35.5,6.20", "31.5,90,60,35.5,6.20", "line 3, max_length: '90' differs"),
        ("120,60,35.5", "120,,35.5", "line 2, max_length: is stated without the other sides"),
        ('"AT,FR"', '"AT,DE"', "line 4, country_codes: DE is in zone 'Home' already"),
        ('"AT,FR"', "Austria", r"as zones\.csv, line 3, country: 'AUSTRIA' is no country code"),
        ("EUR,1-2,true,false\nPKG,Package,U", "EUR,2,true,false\nPKG,Package,U", "line 3, tran"),
        ("PKG,Package,Union", ",Package,Union", "line 4, service_code: is blank"),
    ],
)
def test_mistakes_are_told_by_line_and_column(old: str, new: str, message: str) -> None:
    """Nothing is guessed of a sheet that contradicts itself."""
    assert old in SHEET
    with pytest.raises(BadReferenceData, match=message):
        services(SHEET.replace(old, new))


def test_what_a_sheet_does_not_say_must_be_said() -> None:
    """Days that are blank, and levels of services that are there."""
    with pytest.raises(BadReferenceData, match="line 6, transit_days: is blank; fill it, or say"):
        services(sheet=Sheet("Karl", "DE"))
    with pytest.raises(BadReferenceData, match="has no service 'NIGHT' to give a level"):
        services(sheet=Sheet("Karl", "DE", {"NIGHT": "express"}, days=1))


def test_only_one_zone_can_be_the_rest() -> None:
    """Two without countries would leave it to chance."""
    more = "FAR,World,Moon,,0.01,20,,,,99.00,EUR,30,false,true\n"
    with pytest.raises(BadReferenceData, match="line 7, country_codes: 'World' names no countries"):
        services(SHEET + more)
