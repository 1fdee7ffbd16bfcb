"""Events decided so far, and the state as it stands after them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.base.messages import Event
from domain.stock.evolve import evolve
from domain.stock.state import StockItem


@dataclass(slots=True)
class Draft:
    """A decision in the making: each event added changes the state the next one is decided on."""

    state: StockItem
    events: list[Event] = field(default_factory=list)

    def add(self, events: Iterable[Event]) -> None:
        """Append events and fold them into the state."""
        for event in events:
            self.state = evolve(self.state, event)
            self.events.append(event)
