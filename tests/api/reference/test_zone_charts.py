"""Zone charts by three digits with exceptions by five, and prices by ounces."""

from decimal import Decimal
from typing import Final

import pytest

from api.reference.usps import Chart, convert_zone_chart
from domain.routing.reference import Service
from eventstore.errors import BadReferenceData
from eventstore.reference.carriers import read_carriers

ZONES: Final = (
    "origin_zip3,dest_zip3_from,dest_zip3_to,zone\n"
    "100,100,104,1\n100,105,212,2\n100,900,969,8\n941,100,104,8\n941,900,961,1\n"
)
EXCEPTIONS: Final = "origin_zip3,dest_zip5_from,dest_zip5_to,zone\n100,96900,96938,2\n"
RATES: Final = "service,max_weight_oz,zone,price_usd\n" + "".join(
    f"Ground,{ounces},{zone},{price}\n"
    for zone, prices in {"1": (3, 4, 5, 6), "2": (4, 5, 6, 7), "8": (5, 6, 7, 8)}.items()
    for ounces, price in zip(("8.0", "15.999", "16.0", "32.0"), prices, strict=True)
)


def chart(**changes: object) -> Chart:
    """Return a chart of two origins and one service."""
    values = {
        "zones": (ZONES, "zones.csv"),
        "rates": (RATES, "rates.csv"),
        "exceptions": (EXCEPTIONS, "exceptions.csv"),
        "days": {"Ground": 5},
        **changes,
    }
    return Chart(**values)  # type: ignore[arg-type]


def ground(of: Chart | None = None) -> Service:
    """Return the converted service."""
    [service] = read_carriers(convert_zone_chart(of or chart()))
    return service


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        ("10001", "10499", "1"),
        ("10001", "10500", "2"),
        ("10001", "94103-1234", "8"),
        ("10001", "96938", "2"),
        ("10001", "96939", "8"),
        ("94103", "10001", "8"),
        ("94103", "96100", "1"),
        ("94103", "96938", None),
        ("10001", "30301", None),
        ("60601", "10001", None),
        ("10001", "", None),
    ],
)
def test_the_chart_is_read_by_three_digits_and_its_exceptions_by_five(
    origin: str, destination: str, zone: str | None
) -> None:
    """An exception counts before the range it lies in; what is not listed has no zone."""
    assert ground().zone(("US", origin), ("US", destination)) == zone


def test_ounces_become_whole_grams() -> None:
    """Between 15.999 and 16 ounces lies no whole gram: that band is left out."""
    service = ground()
    assert service.rates["1"] == ((226, Decimal(3)), (453, Decimal(4)), (907, Decimal(6)))
    assert (service.currency, service.delivers_on) == ("USD", (1, 2, 3, 4, 5, 6))
    assert service.transit_days == {"1": 5, "2": 5, "8": 5}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"days": {}}, "'Ground' has no working days; say --days 'Ground=3'"),
        ({"days": {"Ground": 5, "Air": 1}}, r"rates\.csv: has no service 'Air'; there are Ground"),
        ({"levels": {"Air": "express"}}, r"rates\.csv: has no service 'Air'"),
        ({"zones": ("origin_zip3,zone\n", "z.csv")}, r"z\.csv: has no column 'dest_zip3_from'"),
        (
            {"zones": (ZONES + "100,300,399,4\n", "z.csv")},
            r"as zones\.csv, line 7, zone: '4' has no rates for USPS Ground",
        ),
        (
            {"zones": (ZONES + "100,104,104,2\n", "z.csv")},
            r"as zones\.csv, line 7, first_prefix: '104' is listed in line 2 already",
        ),
        ({"rates": (RATES + "Ground,64,8,1\n", "r.csv")}, "price: 1 follows 8"),
    ],
)
def test_what_does_not_fit_together_is_told(changes: dict[str, object], message: str) -> None:
    """A zone without prices, ranges that overlap, prices that fall, a service without days."""
    with pytest.raises(BadReferenceData, match=message):
        convert_zone_chart(chart(**changes))
