"""Quantities in answers: JSON numbers, without limits, since what was recorded is never refused."""

from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from domain.base.quantity import as_number

Number = Annotated[Decimal, PlainSerializer(as_number, return_type=int | float, when_used="json")]
"""A quantity in the item's unit; it reads back as the same decimal."""
