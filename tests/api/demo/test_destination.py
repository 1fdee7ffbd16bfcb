"""Where an invoice goes."""

import pytest

from api.demo.destination import COUNTRIES, Destination, country_code, destination_of
from api.demo.drafts import Invoice
from api.demo.errors import UnknownCountryError
from api.demo.network import PostalPlace
from api.demo.orders import read_invoices
from tests.api.demo.making import row

PLACES = {
    "GB": tuple(PostalPlace("GB", f"NN{n}", 52 + n / 100, -1.0) for n in range(50)),
    "BE": (PostalPlace("BE", "1000", 50.85, 4.35),),
    "DE": tuple(PostalPlace("DE", f"{n}", 50.0, n / 1000) for n in range(10000, 10050)),
}


def invoice(number: str, *, customer: str | None, country: str = "United Kingdom") -> Invoice:
    """Return an invoice of one row."""
    (made,) = read_invoices([row(number, customer=customer, country=country)])
    return made


def test_a_customer_keeps_one_place_in_each_country() -> None:
    """Invoice and time do not matter; another country has another place."""
    first = destination_of(invoice("1", customer="12345"), PLACES)
    again = destination_of(invoice("2", customer="12345"), PLACES)
    abroad = destination_of(invoice("3", customer="12345", country="Germany"), PLACES)
    assert first == again == Destination("GB", "NN31", 52.31, -1.0)
    assert abroad.country == "DE"
    assert abroad.postal_code is not None


def test_guests_and_customers_are_spread_over_all_places() -> None:
    """A thousand guests reach each of fifty places."""
    drawn = {
        destination_of(invoice(str(number), customer=None), PLACES).postal_code
        for number in range(1000)
    }
    assert drawn == {place.postal_code for place in PLACES["GB"]}


def test_a_guest_is_drawn_by_invoice_and_not_mistaken_for_a_customer() -> None:
    """Invoice 7 of a guest and customer 7 are different people."""
    guests = [destination_of(invoice(str(n), customer=None), PLACES) for n in range(20)]
    customers = [destination_of(invoice("x", customer=str(n)), PLACES) for n in range(20)]
    assert guests != customers
    assert guests[3] == destination_of(invoice("3", customer=None), PLACES)


@pytest.mark.parametrize(
    ("name", "code"),
    [("EIRE", "IE"), ("Channel Islands", "JE"), ("European Community", "BE"), ("RSA", "ZA")],
)
def test_without_codes_or_without_a_country_the_code_stands_alone(name: str, code: str) -> None:
    """No postal code is drawn where none is known, nor where the file names no country."""
    assert destination_of(invoice("1", customer="1", country=name), PLACES) == Destination(code)
    assert destination_of(invoice("1", customer="1", country="Unspecified"), PLACES).country == "GB"


def test_an_unknown_country_is_refused_by_name() -> None:
    """A wrong guess would route wrongly in silence."""
    with pytest.raises(UnknownCountryError, match="'Atlantis'"):
        country_code("Atlantis")


def test_codes_are_two_capital_letters() -> None:
    """Every name of the table has an alpha-2 code."""
    assert all(
        len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()
        for code in COUNTRIES.values()
    )
