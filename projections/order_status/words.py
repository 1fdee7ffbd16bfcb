"""An order's or a line's quantities in words that a customer understands."""

from domain.base.quantity import plain
from domain.order.status import Stages


def words(stages: Stages) -> str:
    """Return `On the way`, or with counts where quantities stand at several stages."""
    found = [
        (quantity, text)
        for quantity, text in (
            (stages.delivered, "delivered"),
            (stages.in_transit, "on the way"),
            (stages.reserved, "being prepared"),
            (stages.backordered, "waiting for goods"),
            (stages.unassigned, "being arranged"),
            (stages.cancelled, "cancelled"),
        )
        if quantity > 0
    ]
    if not found:
        return "Nothing to deliver"
    if len(found) == 1:
        return found[0][1].capitalize()
    return ", ".join(f"{plain(quantity):f} {text}" for quantity, text in found)
