"""The closed lists: every event type, every aggregate, every handler."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.base.handling import Aggregate, Handler
from domain.base.messages import Command, Event
from domain.capacity import decider as capacity_decider
from domain.capacity import events as capacity
from domain.channel import decider as channel_decider
from domain.channel import events as channel
from domain.channel.commands import ChangeChannel, OpenChannel
from domain.handlers.baskets import (
    ExpireHoldHandler,
    HoldBasketHandler,
    ReleaseHoldHandler,
)
from domain.handlers.cancel_order import CancelOrderHandler
from domain.handlers.channels import ChangeChannelHandler, OpenChannelHandler
from domain.handlers.choose_delivery import ChooseDeliveryHandler
from domain.handlers.items import ChangeItemHandler, RegisterItemHandler
from domain.handlers.locations import (
    ChangeLocationHandler,
    RegisterLocationHandler,
    ResumeLocationHandler,
    SuspendLocationHandler,
)
from domain.handlers.move_allocations import MoveAllocationsHandler
from domain.handlers.place_order import PlaceOrderHandler
from domain.handlers.policies import PublishPolicyHandler, RetirePolicyHandler
from domain.handlers.refuse_allocation import RefuseAllocationHandler
from domain.handlers.release_routing_hold import ReleaseRoutingHoldHandler
from domain.handlers.reroute_order import RerouteOrderHandler
from domain.handlers.ship_and_deliver import DeliverAllocationHandler, ShipAllocationHandler
from domain.handlers.stock import (
    AdjustStockHandler,
    CancelExpectedReceiptHandler,
    CountStockHandler,
    ExpectReceiptHandler,
    FeedStockHandler,
    ReceiveStockHandler,
    ReleaseStockHandler,
    ReserveStockHandler,
    SetDemandForecastHandler,
    SetSafetyStockHandler,
    ShipStockHandler,
)
from domain.handlers.subjects import EraseSubjectHandler
from domain.hold import events as hold
from domain.hold.commands import ExpireHold, HoldBasket, ReleaseHold
from domain.hold.state import NO_HOLD, Hold
from domain.hold.state import evolve as evolve_hold
from domain.item import decider as item_decider
from domain.item import events as item
from domain.item.commands import ChangeItem, RegisterItem
from domain.location import decider as location_decider
from domain.location import events as location
from domain.location.commands import (
    ChangeLocation,
    RegisterLocation,
    ResumeLocation,
    SuspendLocation,
)
from domain.order import events as order
from domain.order import rerouting_events as rerouting
from domain.order.commands import (
    CancelOrder,
    DeliverAllocation,
    PlaceOrder,
    RerouteOrder,
    ShipAllocation,
)
from domain.order.evolve import evolve as evolve_order
from domain.order.rerouting_commands import (
    ChooseDelivery,
    MoveAllocations,
    RefuseAllocation,
    ReleaseRoutingHold,
)
from domain.order.state import Order
from domain.policy import decider as policy_decider
from domain.policy import events as policy
from domain.policy.commands import PublishPolicy, RetirePolicy
from domain.stock import events as stock
from domain.stock.commands import (
    AdjustStock,
    CancelExpectedReceipt,
    CountStock,
    ExpectReceipt,
    FeedStock,
    ReceiveStock,
    ReleaseStock,
    ReserveStock,
    SetDemandForecast,
    SetSafetyStock,
    ShipStock,
)
from domain.stock.evolve import evolve as evolve_stock
from domain.stock.snapshot import STATE_VERSION, from_snapshot, to_snapshot
from domain.stock.state import NO_STOCK, StockItem
from domain.subject import decider as subject_decider
from domain.subject import events as subject
from domain.subject.commands import EraseSubject


@dataclass(frozen=True, slots=True)
class EventType:
    """The stable name of an event class in the log, and the present version of its shape."""

    name: str
    version: int
    cls: type[Event]


EVENT_TYPES: Final[tuple[EventType, ...]] = (
    EventType("ItemRegistered", 1, item.ItemRegistered),
    EventType("ItemChanged", 1, item.ItemChanged),
    EventType("SkuAssigned", 1, item.SkuAssigned),
    EventType("SkuWithdrawn", 1, item.SkuWithdrawn),
    EventType("ChannelOpened", 1, channel.ChannelOpened),
    EventType("ChannelChanged", 1, channel.ChannelChanged),
    EventType("LocationRegistered", 2, location.LocationRegistered),
    EventType("LocationChanged", 2, location.LocationChanged),
    EventType("LocationSuspended", 2, location.LocationSuspended),
    EventType("LocationResumed", 1, location.LocationResumed),
    EventType("PolicyPublished", 1, policy.PolicyPublished),
    EventType("PolicyRetired", 1, policy.PolicyRetired),
    EventType("SubjectErased", 1, subject.SubjectErased),
    EventType("StockReceived", 1, stock.StockReceived),
    EventType("ReceiptExpected", 1, stock.ReceiptExpected),
    EventType("ExpectedReceiptCancelled", 1, stock.ExpectedReceiptCancelled),
    EventType("StockAdjusted", 1, stock.StockAdjusted),
    EventType("StockCounted", 1, stock.StockCounted),
    EventType("StockCountIgnored", 1, stock.StockCountIgnored),
    EventType("SafetyStockSet", 1, stock.SafetyStockSet),
    EventType("DemandForecastSet", 1, stock.DemandForecastSet),
    EventType("StockReserved", 1, stock.StockReserved),
    EventType("ReservationReleased", 1, stock.ReservationReleased),
    EventType("ReservationLost", 1, stock.ReservationLost),
    EventType("StockShipped", 1, stock.StockShipped),
    EventType("ShortfallRecorded", 1, stock.ShortfallRecorded),
    EventType("BackorderQueued", 1, stock.BackorderQueued),
    EventType("BackorderServed", 1, stock.BackorderServed),
    EventType("BackorderWithdrawn", 1, stock.BackorderWithdrawn),
    EventType("OrderPlaced", 2, order.OrderPlaced),
    EventType("LinesAllocated", 2, order.LinesAllocated),
    EventType("RoutingFoundNothing", 2, order.RoutingFoundNothing),
    EventType("BackorderFilled", 1, order.BackorderFilled),
    EventType("AllocationLost", 1, order.AllocationLost),
    EventType("AllocationReleased", 1, order.AllocationReleased),
    EventType("LinesCancelled", 1, order.LinesCancelled),
    EventType("AllocationShipped", 1, order.AllocationShipped),
    EventType("AllocationDelivered", 1, order.AllocationDelivered),
    EventType("CapacityBooked", 1, capacity.CapacityBooked),
    EventType("CapacityReleased", 1, capacity.CapacityReleased),
    EventType("AllocationRefused", 1, rerouting.AllocationRefused),
    EventType("AllocationsKept", 1, rerouting.AllocationsKept),
    EventType("BackorderReleased", 1, rerouting.BackorderReleased),
    EventType("RoutingHeld", 1, rerouting.RoutingHeld),
    EventType("RoutingHoldReleased", 1, rerouting.RoutingHoldReleased),
    EventType("DeliveryChoiceAwaited", 1, rerouting.DeliveryChoiceAwaited),
    EventType("DeliveryChosen", 1, rerouting.DeliveryChosen),
    EventType("BasketHeld", 1, hold.BasketHeld),
    EventType("HeldStockLost", 1, hold.HeldStockLost),
    EventType("HoldReleased", 1, hold.HoldReleased),
    EventType("HoldExpired", 1, hold.HoldExpired),
    EventType("HoldPlaced", 1, hold.HoldPlaced),
)

AGGREGATES: Final[Mapping[str, Aggregate]] = {
    "item": Aggregate(item_decider.Item(), item_decider.Item, item_decider.evolve_item),
    "sku": Aggregate(item_decider.Sku(), item_decider.Sku, item_decider.evolve_sku),
    "channel": Aggregate(
        channel_decider.Channel(), channel_decider.Channel, channel_decider.evolve
    ),
    "location": Aggregate(
        location_decider.Location(), location_decider.Location, location_decider.evolve
    ),
    "policy": Aggregate(
        policy_decider.RoutingPolicy(), policy_decider.RoutingPolicy, policy_decider.evolve
    ),
    "subject": Aggregate(
        subject_decider.Subject(), subject_decider.Subject, subject_decider.evolve
    ),
    "stock": Aggregate(
        NO_STOCK,
        StockItem,
        evolve_stock,
        state_version=STATE_VERSION,
        snapshot_every=500,
        to_snapshot=to_snapshot,
        from_snapshot=from_snapshot,
    ),
    "capacity": Aggregate(
        capacity_decider.Capacity(),
        capacity_decider.Capacity,
        capacity_decider.evolve,
        state_version=capacity_decider.STATE_VERSION,
        snapshot_every=500,
        to_snapshot=capacity_decider.to_snapshot,
        from_snapshot=capacity_decider.from_snapshot,
    ),
    "order": Aggregate(Order(), Order, evolve_order, kept_hot=1_000),
    "hold": Aggregate(NO_HOLD, Hold, evolve_hold, kept_hot=5_000),
}

HANDLERS: Final[Mapping[type[Command], Handler[Any]]] = {
    RegisterItem: RegisterItemHandler(),
    ChangeItem: ChangeItemHandler(),
    OpenChannel: OpenChannelHandler(),
    ChangeChannel: ChangeChannelHandler(),
    RegisterLocation: RegisterLocationHandler(),
    ChangeLocation: ChangeLocationHandler(),
    SuspendLocation: SuspendLocationHandler(),
    ResumeLocation: ResumeLocationHandler(),
    PublishPolicy: PublishPolicyHandler(),
    RetirePolicy: RetirePolicyHandler(),
    EraseSubject: EraseSubjectHandler(),
    ReceiveStock: ReceiveStockHandler(),
    AdjustStock: AdjustStockHandler(),
    CountStock: CountStockHandler(),
    FeedStock: FeedStockHandler(),
    SetDemandForecast: SetDemandForecastHandler(),
    SetSafetyStock: SetSafetyStockHandler(),
    ExpectReceipt: ExpectReceiptHandler(),
    CancelExpectedReceipt: CancelExpectedReceiptHandler(),
    ReserveStock: ReserveStockHandler(),
    ReleaseStock: ReleaseStockHandler(),
    ShipStock: ShipStockHandler(),
    PlaceOrder: PlaceOrderHandler(),
    CancelOrder: CancelOrderHandler(),
    ShipAllocation: ShipAllocationHandler(),
    DeliverAllocation: DeliverAllocationHandler(),
    RerouteOrder: RerouteOrderHandler(),
    RefuseAllocation: RefuseAllocationHandler(),
    MoveAllocations: MoveAllocationsHandler(),
    ReleaseRoutingHold: ReleaseRoutingHoldHandler(),
    ChooseDelivery: ChooseDeliveryHandler(),
    HoldBasket: HoldBasketHandler(),
    ReleaseHold: ReleaseHoldHandler(),
    ExpireHold: ExpireHoldHandler(),
}
