"""An order's or a line's quantities in words that a customer understands."""

from domain.base.quantity import plain
from domain.order.status import Stages

YOUR_CHOICE = "waiting for your choice"


def words(stages: Stages, *, awaits_choice: bool = False) -> str:
    """Return `On the way`, or with counts where quantities stand at several stages.

    Where the customer has to choose how it goes on, all that has not left waits for that.
    """
    open_words = {
        "reserved": "being prepared",
        "backordered": "waiting for goods",
        "unassigned": "being arranged",
    }
    if awaits_choice:
        parts = [(stages.cancellable, YOUR_CHOICE)]
    else:
        parts = [(getattr(stages, stage), text) for stage, text in open_words.items()]
    found = [
        (quantity, text)
        for quantity, text in (
            (stages.delivered, "delivered"),
            (stages.in_transit, "on the way"),
            *parts,
            (stages.cancelled, "cancelled"),
        )
        if quantity > 0
    ]
    if not found:
        return "Nothing to deliver"
    if len(found) == 1:
        return found[0][1].capitalize()
    return ", ".join(f"{plain(quantity):f} {text}" for quantity, text in found)
