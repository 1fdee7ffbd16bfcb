"""What happened to an order that a site, a suspension or a lack of goods sent on its way again."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.base.messages import Event
from domain.base.personal import Personal
from domain.order.events import DeliveryGroup

RefusalReason = Literal["not-found", "damaged", "no-capacity", "closed", "carrier-missing", "other"]
"""Why a site does not send what it was given: a word in clear, so it says nothing of a person."""

HoldReason = Literal["too-many-tries", "nothing-left"]
"""`nothing-left`: every place that may ever serve what is open has refused the order."""

HoldReleaseReason = Literal["checked", "stock-found", "customer-agreed", "other"]
KeepReason = Literal["no-other-place", "too-many-tries"]
ChoiceReason = Literal["refused", "suspended"]
Choice = Literal["another-store", "ship", "wait"]


@dataclass(frozen=True, slots=True)
class AllocationRefused(Event):
    """A site said no to `quantity` of an allocation: it is asked for nothing of this order again.

    What the site gave back is told by the `AllocationReleased` that follows.
    """

    allocation_id: str
    line_id: str
    location_id: str
    quantity: Decimal
    reason: RefusalReason
    note: Personal | None = None


@dataclass(frozen=True, slots=True)
class BackorderReleased(Event):
    """`quantity` of a backorder waits no longer, so that it can be routed anew."""

    backorder_id: str
    line_id: str
    location_id: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class KeptPart:
    """`quantity` of an allocation that no other place could take."""

    allocation_id: str
    line_id: str
    group_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class AllocationsKept(Event):
    """Work of a suspended location was to move, and this much of it stays reserved there."""

    location_id: str
    parts: tuple[KeptPart, ...]
    reason: KeepReason


@dataclass(frozen=True, slots=True)
class RoutingHeld(Event):
    """What the order has open is routed no more until a person or the customer says so.

    `tries` is how often it was routed after something was taken back, since something new
    happened.
    """

    reason: HoldReason
    tries: int


@dataclass(frozen=True, slots=True)
class RoutingHoldReleased(Event):
    """A person lets the order be routed again; with `ask_again` also where it was refused."""

    reason: HoldReleaseReason
    ask_again: bool
    note: Personal | None = None


@dataclass(frozen=True, slots=True)
class DeliveryChoiceAwaited(Event):
    """A store will not hand a delivery group out: the customer chooses how it goes on."""

    group_id: str
    location_id: str
    reason: ChoiceReason


@dataclass(frozen=True, slots=True)
class DeliveryChosen(Event):
    """The customer chose how a delivery group goes on: `group` replaces it."""

    choice: Choice
    group: DeliveryGroup
