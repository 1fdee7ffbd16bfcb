"""Postal codes in the form in which they are compared."""

import pytest

from domain.routing.postal_codes import as_prefix, normalise


@pytest.mark.parametrize(
    ("country", "written", "compared"),
    [
        ("GB", "nn4 8ab", "NN4"),
        ("GB", "SW1A1AA", "SW1A"),
        ("GB", "W1B", "W1B"),
        ("GB", "E1", "E1"),
        ("JE", "JE2 3AB", "JE2"),
        ("NL", "5928 PR", "5928"),
        ("LU", "L-1111", "1111"),
        ("DE", "D-01053", "01053"),
        ("US", "94103-1234", "94103"),
        ("CA", "k1a 0b1", "K1A"),
        ("SE", "111 22", "11122"),
        ("BR", "01000-000", "01000000"),
    ],
)
def test_postal_codes_are_compared_in_one_form(country: str, written: str, compared: str) -> None:
    """The same for what is stored and what is asked, and again for what is in that form."""
    assert normalise(country, written) == compared
    assert normalise(country, compared) == compared


def test_a_start_of_a_code_is_compared_likewise() -> None:
    """Capitals, letters and digits only."""
    assert as_prefix("bt ") == "BT"
    assert as_prefix("97-1") == "971"
