"""What sites, people and the scheduler ask of an order that has to be routed again."""

from typing import ClassVar

from domain.base.personal import Personal
from domain.base.quantity import Quantity
from domain.base.text import Code
from domain.order.commands import DestinationInput, OrderCommand
from domain.order.rerouting_events import Choice, HoldReleaseReason, RefusalReason


class RefuseAllocation(OrderCommand):
    """A site says no to an allocation, or to a part of it: route that elsewhere.

    `note` is sealed for the customer of the order, or for the order itself where it names none.
    """

    command_type: ClassVar[str] = "RefuseAllocation"

    allocation_id: Code
    quantity: Quantity | None = None
    reason: RefusalReason
    note: Personal | None = None


class MoveAllocations(OrderCommand):
    """Move what a suspended location has not shipped of an order to where it can be served."""

    command_type: ClassVar[str] = "MoveAllocations"

    location_id: Code


class ReleaseRoutingHold(OrderCommand):
    """Route a held order again; with `ask_again` also where it was refused before."""

    command_type: ClassVar[str] = "ReleaseRoutingHold"

    reason: HoldReleaseReason
    ask_again: bool = False
    note: Personal | None = None


class ChooseDelivery(OrderCommand):
    """The customer's choice for a delivery group that its store will not hand out.

    `another-store` names a `store`, `ship` a `destination`; `wait` keeps the store. A store that
    the customer chooses is asked even if it refused the order before.
    """

    command_type: ClassVar[str] = "ChooseDelivery"

    group_id: Code
    choice: Choice
    store: Code | None = None
    destination: DestinationInput | None = None
    service: Code | None = None
