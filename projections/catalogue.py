"""The closed list of read models."""

from typing import Final

from projections.availability.fold import READ_MODEL as AVAILABILITY
from projections.backlog.fold import READ_MODEL as BACKLOG
from projections.basket_holds.fold import READ_MODEL as BASKET_HOLDS
from projections.capacity.fold import READ_MODEL as CAPACITY
from projections.channels.fold import READ_MODEL as CHANNELS
from projections.errors import UnknownReadModel
from projections.items.fold import READ_MODEL as ITEMS
from projections.locations.fold import READ_MODEL as LOCATIONS
from projections.order_lines.fold import READ_MODEL as ORDER_LINES
from projections.order_status.fold import READ_MODEL as ORDER_STATUS
from projections.order_timeline.fold import READ_MODEL as ORDER_TIMELINE
from projections.orders.fold import READ_MODEL as ORDERS
from projections.read_model import ReadModel
from projections.routing_facts.fold import READ_MODEL as ROUTING_FACTS
from projections.routing_policies.fold import READ_MODEL as ROUTING_POLICIES

READ_MODELS: Final[tuple[ReadModel, ...]] = (
    AVAILABILITY,
    ROUTING_FACTS,
    ROUTING_POLICIES,
    ITEMS,
    CHANNELS,
    LOCATIONS,
    BACKLOG,
    CAPACITY,
    ORDERS,
    ORDER_LINES,
    ORDER_STATUS,
    ORDER_TIMELINE,
    BASKET_HOLDS,
)


def read_model(name: str) -> ReadModel:
    """Return a read model by its name.

    Raises:
        UnknownReadModel: there is none of that name.
    """
    for model in READ_MODELS:
        if model.name == name:
            return model
    raise UnknownReadModel(name, [model.name for model in READ_MODELS])
