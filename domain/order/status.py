"""An order's status, derived from its quantities by stage; the decider and read models share it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.base.quantity import ZERO

OrderStatus = Literal[
    "open", "backordered", "partly-shipped", "shipped", "delivered", "cancelled", "closed"
]


@dataclass(frozen=True, slots=True)
class Stages:
    """Where the ordered quantity stands, in the line's unit or summed over lines.

    `shipped` is everything that ever left, so it counts what is delivered too:
    ordered = unassigned + backordered + reserved + shipped + cancelled.
    """

    ordered: Decimal = ZERO
    unassigned: Decimal = ZERO
    backordered: Decimal = ZERO
    reserved: Decimal = ZERO
    shipped: Decimal = ZERO
    delivered: Decimal = ZERO
    cancelled: Decimal = ZERO

    @property
    def in_transit(self) -> Decimal:
        """Return what has shipped and not arrived."""
        return self.shipped - self.delivered

    @property
    def cancellable(self) -> Decimal:
        """Return what can still be cancelled: all that has not shipped."""
        return self.unassigned + self.backordered + self.reserved

    def __add__(self, other: "Stages") -> "Stages":
        """Return the sums by stage."""
        return Stages(
            ordered=self.ordered + other.ordered,
            unassigned=self.unassigned + other.unassigned,
            backordered=self.backordered + other.backordered,
            reserved=self.reserved + other.reserved,
            shipped=self.shipped + other.shipped,
            delivered=self.delivered + other.delivered,
            cancelled=self.cancelled + other.cancelled,
        )


def status(stages: Stages) -> OrderStatus:
    """Return the status of an order, or of a line, from its summed quantities.

    Only charges were ordered: `closed`. Nothing of it is left: `cancelled`. Otherwise the word
    says how far what is not cancelled has come; `backordered` while any of it waits for goods.
    """
    if stages.ordered == 0:
        return "closed"
    live = stages.ordered - stages.cancelled
    if live <= 0:
        return "cancelled"
    if stages.delivered >= live:
        return "delivered"
    if stages.shipped >= live:
        return "shipped"
    if stages.shipped > 0:
        return "partly-shipped"
    return "backordered" if stages.backordered > 0 else "open"
