"""Postal codes as they are compared: the form in which reference data is stored and asked for."""

import re
from functools import lru_cache
from typing import Final

_NOT_CODE: Final = re.compile(r"[^A-Z0-9]")
_COUNTRY_PREFIX: Final = re.compile(r"^[A-Z]{1,2}-(?=\d)")
_BRITISH: Final = frozenset({"GB", "GG", "IM", "JE"})
_INWARD: Final = re.compile(r"[0-9][A-Z]{2}$")
_SHORTEST_WITH_INWARD: Final = 5
_LEADING: Final = {"NL": 4, "US": 5, "CA": 3, "IE": 3}
"""How many characters name the area, where the code goes on to name a street or a house."""


@lru_cache(maxsize=100_000)
def normalise(country: str, code: str) -> str:
    """Return a code in capitals, without spaces, dashes and country prefix, as far as the area.

    British codes are cut to the outward code: `nn4 8ab` becomes `NN4`.
    """
    text = _COUNTRY_PREFIX.sub("", code.strip().upper())
    text = _NOT_CODE.sub("", text)
    if country in _BRITISH and len(text) >= _SHORTEST_WITH_INWARD:
        return _INWARD.sub("", text)
    return text[: _LEADING.get(country, len(text))]


def as_prefix(text: str) -> str:
    """Return the start of a postal code in the form in which codes are compared."""
    return _NOT_CODE.sub("", text.upper())
