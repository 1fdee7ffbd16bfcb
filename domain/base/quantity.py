"""Quantities: decimals of an item's unit, bounded, with at most four decimal places."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

ZERO = Decimal(0)
ONE = Decimal(1)
LARGEST = Decimal(1_000_000_000)
PLACES = 4


def plain(value: Decimal) -> Decimal:
    """Return the same value with one spelling: no exponent, no trailing zeros, no minus zero."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) + ZERO
    return value.normalize()


def as_number(value: Decimal) -> int | float:
    """Return a JSON number that reads back as the same decimal (at most 14 digits)."""
    return int(value) if value == value.to_integral_value() else float(value)


_AsNumber = PlainSerializer(as_number, return_type=int | float, when_used="json")

Quantity = Annotated[
    Decimal,
    Field(gt=0, le=LARGEST, decimal_places=PLACES, allow_inf_nan=False),
    AfterValidator(plain),
    _AsNumber,
]
"""More than nothing, in the item's unit."""

QuantityOrZero = Annotated[
    Decimal,
    Field(ge=0, le=LARGEST, decimal_places=PLACES, allow_inf_nan=False),
    AfterValidator(plain),
    _AsNumber,
]
"""Nothing or more, in the item's unit."""

QuantityChange = Annotated[
    Decimal,
    Field(ge=-LARGEST, le=LARGEST, decimal_places=PLACES, allow_inf_nan=False),
    AfterValidator(plain),
    _AsNumber,
]
"""A difference, in the item's unit."""
