"""Says where an invoice goes: a country code, and a drawn postal code where there are some."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.demo.drafts import Invoice
from api.demo.draws import draw
from api.demo.errors import UnknownCountryError
from api.demo.network import PostalPlace

COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        "Australia": "AU",
        "Austria": "AT",
        "Bahrain": "BH",
        "Belgium": "BE",
        "Bermuda": "BM",
        "Brazil": "BR",
        "Canada": "CA",
        "Channel Islands": "JE",
        "Cyprus": "CY",
        "Czech Republic": "CZ",
        "Denmark": "DK",
        "EIRE": "IE",
        "European Community": "BE",
        "Finland": "FI",
        "France": "FR",
        "Germany": "DE",
        "Greece": "GR",
        "Hong Kong": "HK",
        "Iceland": "IS",
        "Israel": "IL",
        "Italy": "IT",
        "Japan": "JP",
        "Korea": "KR",
        "Lebanon": "LB",
        "Lithuania": "LT",
        "Luxembourg": "LU",
        "Malta": "MT",
        "Netherlands": "NL",
        "Nigeria": "NG",
        "Norway": "NO",
        "Poland": "PL",
        "Portugal": "PT",
        "RSA": "ZA",
        "Saudi Arabia": "SA",
        "Singapore": "SG",
        "Spain": "ES",
        "Sweden": "SE",
        "Switzerland": "CH",
        "Thailand": "TH",
        "USA": "US",
        "United Arab Emirates": "AE",
        "United Kingdom": "GB",
        "Unspecified": "GB",
    }
)
"""ISO 3166-1 alpha-2 of each country name of the data set."""

NO_PLACE_KNOWN = frozenset({"European Community", "Unspecified"})
"""Names that say no country: their code stands in for it, and no postal code is drawn."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes; postal code and degrees are None where the country has no codes."""

    country: str
    postal_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def country_code(name: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of the file's country name.

    Raises UnknownCountryError.
    """
    try:
        return COUNTRIES[name]
    except KeyError:
        raise UnknownCountryError(name) from None


def destination_of(
    invoice: Invoice, postal_codes: Mapping[str, tuple[PostalPlace, ...]]
) -> Destination:
    """Return where an invoice goes: the same place for all of a customer's in one country.

    A guest's place is drawn by invoice. Raises UnknownCountryError.
    """
    country = country_code(invoice.country)
    places = postal_codes.get(country, ())
    if not places or invoice.country in NO_PLACE_KNOWN:
        return Destination(country)
    who = ("customer", invoice.customer) if invoice.customer else ("invoice", invoice.number)
    place = places[draw(len(places), country, *who)]
    return Destination(country, place.postal_code, place.latitude, place.longitude)
