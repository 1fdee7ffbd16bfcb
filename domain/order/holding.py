"""How often an order is routed again before somebody has to look at it."""

from typing import Final

from domain.order.state import Order

MOST_TRIES: Final = 10
"""Routings after something was taken back, since something new happened."""


def tried_too_often(order: Order) -> bool:
    """Say whether what was taken back from an order must not be routed once more."""
    return order.taken_back and order.tries >= MOST_TRIES


def may_move(order: Order) -> bool:
    """Say whether what an order holds may still be moved from one place to another."""
    return order.tries < MOST_TRIES and (order.hold is None or order.hold.reason == "nothing-left")
