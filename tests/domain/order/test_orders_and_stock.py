"""Whatever orders and stock go through, nothing is lost, doubled or oversold."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from domain.base.errors import Conflict
from domain.base.messages import Command
from domain.base.quantity import ZERO
from domain.base.streams import (
    capacity_stream,
    category_of,
    location_stream,
    order_stream,
    stock_key,
    stock_stream,
)
from domain.location.events import LocationChanged
from domain.order.commands import (
    CancelLine,
    CancelOrder,
    DeliverAllocation,
    RerouteOrder,
    ShipAllocation,
)
from domain.order.events import LinesAllocated
from domain.order.state import Order
from domain.stock.commands import CountStock, ReceiveStock
from domain.stock.state import StockItem
from tests.domain.order.shop import NOW, command_id, line, place, shop
from tests.support.specification import World

CHANNELS = st.sampled_from(["web", "later", "market"])
SIMPLE = st.sampled_from(["tea", "cup"])
SKUS = st.sampled_from(["tea", "cup", "set"])
PLACES = st.sampled_from(["north", "south", "shop"])
FEW = st.integers(1, 6)


class Shop(RuleBasedStateMachine):
    """Commands in any order on a few items, places and channels."""

    @initialize()
    def open_up(self) -> None:
        """Start with an empty shop, of which one place takes two fulfilments a day."""
        self.world: World = shop()
        self.limit_north(2)
        self.commands = 0
        self.orders: list[tuple[str, str]] = []

    def do(self, kind: type[Command], **fields: Any) -> bool:
        """Do a command; say whether it was accepted."""
        self.commands += 1
        try:
            self.world.do(
                kind(
                    id=command_id(f"step {self.commands}"),
                    now=NOW + timedelta(minutes=self.commands),
                    **fields,
                )
            )
        except Conflict:
            return False
        return True

    @rule(per_day=st.integers(1, 3))
    def limit_north(self, per_day: int) -> None:
        """Change how much one place takes a day: what is booked stands."""
        stream = location_stream("north")
        attributes = replace(self.world.state(stream).attributes, capacity_per_day=per_day)
        self.world.append(stream, [LocationChanged(attributes)])

    def order(self, pick: int) -> Order:
        """Return one of the orders."""
        order: Order = self.world.state(order_stream(*self.orders[pick % len(self.orders)]))
        return order

    def name(self, pick: int) -> dict[str, str]:
        """Return the fields that name one of the orders."""
        channel_id, external_id = self.orders[pick % len(self.orders)]
        return {"channel_id": channel_id, "external_id": external_id}

    @rule(
        channel=CHANNELS,
        lines=st.lists(st.tuples(SKUS, FEW), min_size=1, max_size=3),
        priority=st.integers(0, 2),
    )
    def place(self, channel: str, lines: list[tuple[str, int]], priority: int) -> None:
        """Order some things; a channel that is told, or backorders, is never refused."""
        number = str(len(self.orders) + self.commands)
        command = place(
            *(line(sku, str(quantity)) for sku, quantity in lines),
            channel=channel,
            number=number,
            priority=priority,
        )
        fields = {name: getattr(command, name) for name in type(command).model_fields}
        del fields["id"], fields["now"]
        if self.do(type(command), **fields):
            self.orders.append((channel, number))
        else:
            assert channel == "web"

    @rule(item_id=SIMPLE, place=PLACES, quantity=FEW)
    def receive(self, item_id: str, place: str, quantity: int) -> None:
        """Take goods in."""
        assert self.do(ReceiveStock, sku=item_id, location_id=place, quantity=Decimal(quantity))

    @rule(item_id=SIMPLE, place=PLACES, counted=st.integers(0, 6))
    def count(self, item_id: str, place: str, counted: int) -> None:
        """Count a shelf, above or below what is held."""
        assert self.do(
            CountStock,
            sku=item_id,
            location_id=place,
            counted=Decimal(counted),
            as_of=NOW + timedelta(minutes=self.commands + 1),
            sequence=self.commands,
        )

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 99))
    def cancel_whole(self, pick: int) -> None:
        """Cancel what is left of an order."""
        left = sum((s.cancellable for s in self.order(pick).stages().values()), ZERO)
        assert self.do(CancelOrder, **self.name(pick), reason="other") == (left > 0)

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 99), quantity=FEW)
    def cancel_some(self, pick: int, quantity: int) -> None:
        """Cancel some of an order's first line."""
        left = self.order(pick).stages()["1"].cancellable
        lines = (CancelLine(line_id="1", quantity=Decimal(quantity)),)
        done = self.do(CancelOrder, **self.name(pick), lines=lines, reason="customer-request")
        assert done == (quantity <= left)

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 99), which=st.integers(0, 9), quantity=st.none() | FEW)
    def ship(self, pick: int, which: int, quantity: int | None) -> None:
        """Ship from one of an order's allocations."""
        held = sorted(self.order(pick).allocations.items(), key=lambda each: each[0])
        if held:
            allocation_id, allocation = held[which % len(held)]
            done = self.do(
                ShipAllocation, **self.name(pick), allocation_id=allocation_id, quantity=quantity
            )
            assert done == (allocation.quantity >= (quantity or 1))

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 99), which=st.integers(0, 9))
    def deliver(self, pick: int, which: int) -> None:
        """Deliver what is on its way of one of an order's allocations."""
        held = sorted(self.order(pick).allocations.items(), key=lambda each: each[0])
        if held:
            allocation_id, allocation = held[which % len(held)]
            done = self.do(DeliverAllocation, **self.name(pick), allocation_id=allocation_id)
            assert done == (allocation.shipped > allocation.delivered)

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 99))
    def reroute(self, pick: int) -> None:
        """Route an order again; a second time at once changes nothing."""
        assert self.do(RerouteOrder, **self.name(pick), cause="clock")
        before = {stream: len(events) for stream, events in self.world.log.items()}
        assert self.do(RerouteOrder, **self.name(pick), cause="clock")
        assert {stream: len(events) for stream, events in self.world.log.items()} == before

    @invariant()
    def orders_are_conserved(self) -> None:
        """Ordered = unassigned + backordered + reserved + shipped + cancelled, none below 0."""
        for channel_id, external_id in self.orders:
            order: Order = self.world.state(order_stream(channel_id, external_id))
            for s in order.stages().values():
                parts = (s.unassigned, s.backordered, s.reserved, s.shipped, s.cancelled)
                assert all(part >= 0 for part in parts)
                assert s.ordered == sum(parts, ZERO)
                assert 0 <= s.delivered <= s.shipped

    @invariant()
    def nothing_is_oversold(self) -> None:
        """Reservations never exceed what is on the shelf."""
        for state in self.stock().values():
            assert state.reserved <= max(state.on_hand, ZERO)
            assert state.reserved == sum((r.quantity for r in state.reservations.values()), ZERO)

    @invariant()
    def orders_and_stock_say_the_same(self) -> None:
        """Each allocation's parts and each backorder stand on stock, and nothing else does."""
        held: dict[tuple[str, str], Decimal] = {}
        queued: dict[tuple[str, str], Decimal] = {}
        for name in self.orders:
            order: Order = self.world.state(order_stream(*name))
            for allocation_id, one in order.allocations.items():
                for part in order.lines[one.line_id].parts:
                    if one.quantity:
                        stream = stock_stream(part.item_id, one.location_id)
                        held[stream, allocation_id] = one.quantity * part.per_unit
            for backorder_id, wait in order.backorders.items():
                if wait.quantity:
                    item_id = order.lines[wait.line_id].item_id
                    queued[stock_stream(item_id, wait.location_id), backorder_id] = wait.quantity
        stock = self.stock().items()
        assert held == {
            (stream, key): one.quantity
            for stream, state in stock
            for key, one in state.reservations.items()
        }
        assert queued == {
            (stream, key): one.quantity
            for stream, state in stock
            for key, one in state.queue.items()
        }

    @invariant()
    def days_are_booked_by_what_leaves_on_them(self) -> None:
        """A place is taken for each order, group, location and day with anything left or gone."""
        expected = set()
        for name in self.orders:
            stream = order_stream(*name)
            allocations = self.world.state(stream).allocations
            for event in self.world.log[stream]:
                if not isinstance(event, LinesAllocated):
                    continue
                used = {
                    (one.group_id, one.location_id)
                    for one in event.allocations
                    if allocations[one.allocation_id].quantity
                    or allocations[one.allocation_id].shipped
                }
                for one in event.fulfilments:
                    assert one.booked == (one.location_id == "north")
                    if one.booked and one.leaves and (one.group_id, one.location_id) in used:
                        expected.add((capacity_stream("north", one.leaves), stream, one.group_id))
        assert expected == {
            (day, *booking)
            for day in self.world.log
            if category_of(day) == "capacity"
            for booking in self.world.state(day).bookings
        }

    def stock(self) -> dict[str, StockItem]:
        """Return every stock item by stream."""
        return {
            stream: self.world.state(stream)
            for stream in self.world.log
            if category_of(stream) == "stock" and stock_key(stream)
        }


TestShop = Shop.TestCase
TestShop.settings = settings(max_examples=100, stateful_step_count=30)
