"""Counts and quantities in words."""

from decimal import Decimal

from domain.base.quantity import plain


def count(number: int, noun: str) -> str:
    """Return `1 line`, `2 lines`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def units(quantity: Decimal) -> str:
    """Return `1 unit`, `2.5 units`."""
    return f"{plain(quantity):f} unit" + ("" if quantity == 1 else "s")
