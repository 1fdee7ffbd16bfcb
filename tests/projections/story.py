"""A small shop's events, from which tests tell their stories."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from domain.base.streams import (
    channel_stream,
    item_stream,
    location_stream,
    order_stream,
    sku_stream,
    stock_stream,
)
from domain.channel.events import ChannelOpened, ChannelSettings
from domain.item.events import Component, ItemAttributes, ItemRegistered, SkuAssigned
from domain.location.events import LocationAttributes, LocationRegistered
from domain.order.events import (
    Allocation,
    AllocationDelivered,
    AllocationShipped,
    Backorder,
    DeliveryGroup,
    Destination,
    Discount,
    GroupPromise,
    GroupShare,
    LinePart,
    LinesAllocated,
    OrderCharge,
    OrderLine,
    OrderPlaced,
)
from domain.routing.plan import GroupPolicy, RoutingDecision
from domain.stock.events import StockReceived, StockReserved
from tests.projections.writing import Written

DUE: Final = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
ORDER: Final = order_stream("web", "1001")
MUG_AT_A: Final = stock_stream("mug", "A")
MUG_AT_B: Final = stock_stream("mug", "B")


def item(item_id: str, sku: str, **fields: object) -> list[Written]:
    """Return the events of a registered item."""
    attributes = ItemAttributes(sku=sku, name=sku.title(), **fields)  # type: ignore[arg-type]
    return [
        (item_stream(item_id), ItemRegistered(attributes)),
        (sku_stream(sku), SkuAssigned(sku, item_id)),
    ]


def kit(item_id: str, sku: str, **parts: int) -> list[Written]:
    """Return the events of a registered kit of so many of each item."""
    share = Decimal(1) / len(parts)
    components = tuple(Component(part, Decimal(count), share) for part, count in parts.items())
    return item(item_id, sku, components=components)


def location(location_id: str, **fields: object) -> Written:
    """Return the event of a registered location."""
    attributes = LocationAttributes(
        name=f"Warehouse {location_id}",
        kind="warehouse",
        country="GB",
        time_zone="Europe/London",
        **fields,  # type: ignore[arg-type]
    )
    return location_stream(location_id), LocationRegistered(attributes)


def channel(channel_id: str, *sources: str) -> Written:
    """Return the event of an open channel."""
    settings = ChannelSettings(
        name=channel_id, currency="GBP", prices="gross", time_zone="UTC", sources=sources
    )
    return channel_stream(channel_id), ChannelOpened(settings)


def received(item_id: str, location_id: str, quantity: int) -> Written:
    """Return the event of goods received."""
    event = StockReceived(Decimal(quantity), "sellable", None, None, DUE)
    return stock_stream(item_id, location_id), event


def reserved(item_id: str, location_id: str, quantity: int, number: int = 1) -> Written:
    """Return the event of goods reserved for the order."""
    event = StockReserved(f"r{number}", ORDER, "1", Decimal(quantity), 0, None)
    return stock_stream(item_id, location_id), event


def line(line_id: str, quantity: int, price: str, item_id: str = "mug") -> OrderLine:
    """Return a line of so many at a price each, with 20 % tax included and 1.00 taken off."""
    amount = quantity * Decimal(price) - 1
    return OrderLine(
        line_id=line_id,
        item_id=item_id,
        sku=item_id.upper(),
        description=f"A {item_id}",
        quantity=Decimal(quantity),
        step=Decimal(1),
        parts=(LinePart(item_id, Decimal(1)),),
        shares=(GroupShare("g1", Decimal(quantity)),),
        list_price=Decimal(price),
        unit_price=Decimal(price),
        discounts=(Discount("spring", Decimal(1)),),
        amount=amount,
        tax_rate=Decimal("0.2"),
        tax_amount=round(amount / 6, 2),
    )


def placed(
    *lines: OrderLine, order: str = ORDER, customer: str | None = "c1", subject: str | None = "s1"
) -> Written:
    """Return the event of an order of these lines with 3.99 for shipping."""
    channel_id, external_id = order.split(":")[1:]
    group = DeliveryGroup("g1", "ship", Destination("GB", postal_code="LS1"))
    charge = OrderCharge("s", "shipping", None, Decimal("3.99"), Decimal("0.2"), Decimal("0.67"))
    return order, OrderPlaced(
        channel_id=channel_id,
        external_id=external_id,
        customer_id=customer,
        subject_id=subject,
        currency="GBP",
        prices="gross",
        priority=0,
        groups=(group,),
        lines=lines,
        charges=(charge,),
        contact=None,
        note=None,
    )


def allocated(
    *parts: tuple[str, str, str, int],
    waiting: tuple[tuple[str, str, str, int], ...] = (),
    order: str = ORDER,
    ship_by: datetime | None = DUE,
) -> Written:
    """Return the routing of (id, line, location, quantity) parts."""
    decision = RoutingDecision(
        engine="exact/1", policies=(GroupPolicy("g1", "default/1"),), facts_position=0, figures=()
    )
    return order, LinesAllocated(
        allocations=tuple(Allocation(a, ln, "g1", at, Decimal(q)) for a, ln, at, q in parts),
        backorders=tuple(Backorder(b, ln, "g1", at, Decimal(q)) for b, ln, at, q in waiting),
        promises=(GroupPromise("g1", ship_by, None),),
        decision=decision,
    )


def shipped(
    allocation: str, line_id: str, at: str, quantity: int, parcel: str = "p1", order: str = ORDER
) -> Written:
    """Return the event of an allocation that left."""
    return order, AllocationShipped(
        parcel, allocation, line_id, at, Decimal(quantity), f"TRACK-{parcel}"
    )


def delivered(allocation: str, line_id: str, quantity: int, order: str = ORDER) -> Written:
    """Return the event of an allocation that arrived."""
    return order, AllocationDelivered(allocation, line_id, Decimal(quantity))
