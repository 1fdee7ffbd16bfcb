"""Texts that cannot poison the log: NFC, no control characters or lone surrogates, bounded."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,63}$"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_CONTROL_BUT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def _clean(value: str, forbidden: re.Pattern[str]) -> str:
    if value.isascii() and value.isprintable():
        return value.strip()
    _check_encodes(value)
    if forbidden.search(value):
        msg = "contains a control character; remove it"
        raise ValueError(msg)
    return unicodedata.normalize("NFC", value).strip()


def _not_lone_surrogate(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        _check_encodes(value)
    return value


def _check_encodes(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("contains a lone surrogate; send valid Unicode text") from None


def clean_line(value: str) -> str:
    """Return `value` in NFC and stripped; raise ValueError for control characters."""
    return _clean(value, _CONTROL)


def clean_text(value: str) -> str:
    """Return `value` in NFC and stripped, newlines allowed; raise ValueError otherwise."""
    return _clean(value.replace("\r\n", "\n"), _CONTROL_BUT_NEWLINE)


Code = Annotated[str, BeforeValidator(_not_lone_surrogate), StringConstraints(pattern=CODE_PATTERN)]
"""An identifier: 1 to 64 letters, digits, dots, dashes, underscores; a letter or digit first."""

Line = Annotated[
    str,
    BeforeValidator(_not_lone_surrogate),
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(clean_line),
    StringConstraints(min_length=1, max_length=200),
]
"""One line of text, 1 to 200 characters."""

Note = Annotated[
    str,
    BeforeValidator(_not_lone_surrogate),
    StringConstraints(min_length=1, max_length=4000),
    AfterValidator(clean_text),
]
"""Free text of some lines, up to 4,000 characters."""

ExternalId = Annotated[
    str,
    BeforeValidator(_not_lone_surrogate),
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(clean_line),
    StringConstraints(min_length=1, max_length=100),
]
"""The number another system gave, 1 to 100 characters."""

Sku = Annotated[
    str,
    BeforeValidator(_not_lone_surrogate),
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(clean_line),
    StringConstraints(min_length=1, max_length=64),
]
"""A stock keeping unit, 1 to 64 characters, compared without case."""

PostalCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 \-]{0,15}$")]
"""A postal code as written in its country."""


def sku_key(sku: str) -> str:
    """Return the form of a SKU that is compared and indexed: case-folded NFC."""
    return unicodedata.normalize("NFC", sku.strip().casefold())
