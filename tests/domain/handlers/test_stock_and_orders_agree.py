"""Whatever happens, orders and stock items say the same about every reservation."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.base.errors import Refusal
from domain.base.messages import Command
from domain.base.quantity import ZERO
from domain.base.streams import category_of, stock_stream
from domain.order.commands import CancelOrder, RerouteOrder, ShipAllocation
from domain.order.state import Order
from domain.stock.commands import AdjustStock, CountStock, ReceiveStock, SetSafetyStock
from domain.stock.state import StockItem
from tests.domain.order.shop import NOW, line, place, shop

ITEMS = st.sampled_from(["TEA", "CUP"])
PLACES = st.sampled_from(["north", "south"])
SMALL = st.integers(1, 9)


class OrdersAndStock(RuleBasedStateMachine):
    """A shop of two items and a kit that orders, receipts and counts come to."""

    def __init__(self) -> None:
        super().__init__()
        self.world = shop()
        self.now = NOW
        self.commands = 0
        self.orders: list[str] = []

    def do(self, command: Command) -> None:
        """Do a command with an id and an instant of its own; a refusal changes nothing."""
        self.commands += 1
        self.now += timedelta(minutes=7)
        update = {"id": UUID(int=self.commands), "now": self.now}
        try:
            self.world.do(command.model_copy(update=update))
        except Refusal:
            return

    def ask(self, command: type[Command], **fields: object) -> None:
        """Do a command made of fields."""
        self.do(command.model_validate({"id": UUID(int=0), "now": self.now, **fields}))

    @initialize()
    def stocked(self) -> None:
        """Start with goods in both places."""
        for sku in ("TEA", "CUP"):
            for where in ("north", "south"):
                self.ask(ReceiveStock, sku=sku, location_id=where, quantity=6)

    @rule(
        wanted=st.lists(
            st.tuples(st.sampled_from(["TEA", "CUP", "SET"]), SMALL), min_size=1, max_size=3
        ),
        channel=st.sampled_from(["web", "later", "market"]),
        priority=st.sampled_from([0, 9]),
    )
    def order(self, wanted: list[tuple[str, int]], channel: str, priority: int) -> None:
        """An order is placed."""
        number = str(self.commands + 1)
        lines = [line(sku, str(quantity)) for sku, quantity in wanted]
        before = len(self.world.log)
        self.do(place(*lines, channel=channel, number=number, priority=priority))
        if len(self.world.log) > before:
            self.orders.append(f"{channel}:{number}")

    @rule(sku=ITEMS, where=PLACES, quantity=SMALL)
    def receive(self, sku: str, where: str, quantity: int) -> None:
        """Goods arrive."""
        self.ask(ReceiveStock, sku=sku, location_id=where, quantity=quantity)

    @rule(sku=ITEMS, where=PLACES, change=st.integers(-9, 9).filter(bool))
    def adjust(self, sku: str, where: str, change: int) -> None:
        """On hand changes."""
        self.ask(AdjustStock, sku=sku, location_id=where, change=change, reason="till")

    @rule(sku=ITEMS, where=PLACES, counted=st.integers(0, 9), minutes=st.integers(0, 30))
    def count(self, sku: str, where: str, counted: int, minutes: int) -> None:
        """Somebody counts."""
        as_of = self.now - timedelta(minutes=minutes)
        self.ask(CountStock, sku=sku, location_id=where, counted=counted, as_of=as_of)

    @rule(sku=ITEMS, where=PLACES, quantity=st.integers(0, 3))
    def keep(self, sku: str, where: str, quantity: int) -> None:
        """Safety stock changes."""
        self.ask(SetSafetyStock, sku=sku, location_id=where, quantity=quantity)

    @rule(data=st.data(), command=st.sampled_from([CancelOrder, RerouteOrder]))
    def cancel_or_reroute(self, data: st.DataObject, command: type[Command]) -> None:
        """An order is cancelled, or routed again."""
        if self.orders:
            channel, _, number = data.draw(st.sampled_from(self.orders)).partition(":")
            said = {"cause" if command is RerouteOrder else "reason": "other"}
            self.ask(command, channel_id=channel, external_id=number, **said)

    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        """A unit of an allocation leaves."""
        if not self.orders:
            return
        key = data.draw(st.sampled_from(self.orders))
        order: Order = self.world.state(f"order:{key}")
        held = sorted(key for key, each in order.allocations.items() if each.quantity)
        if held:
            channel, _, number = key.partition(":")
            self.ask(
                ShipAllocation,
                channel_id=channel,
                external_id=number,
                allocation_id=data.draw(st.sampled_from(held)),
                quantity=1,
            )

    @invariant()
    def every_reservation_is_an_allocation(self) -> None:
        """A kit's allocation is reserved on each component; nothing is held by one side alone."""
        said: dict[tuple[str, str], Decimal] = {}
        for key in self.orders:
            order: Order = self.world.state(f"order:{key}")
            for allocation_id, held in order.allocations.items():
                for part in order.lines[held.line_id].parts if held.quantity else ():
                    stream = stock_stream(part.item_id, held.location_id)
                    said[stream, allocation_id] = held.quantity * part.per_unit
        assert said == {
            (stream, reservation_id): held.quantity
            for stream, stock in self.stock_items()
            for reservation_id, held in stock.reservations.items()
        }

    @invariant()
    def every_backorder_waits_in_one_queue(self) -> None:
        """What an order waits for is what the queue holds for it."""
        said: dict[tuple[str, str], Decimal] = {}
        for key in self.orders:
            order: Order = self.world.state(f"order:{key}")
            for backorder_id, waiting in order.backorders.items():
                if waiting.quantity:
                    item_id = order.lines[waiting.line_id].item_id
                    said[stock_stream(item_id, waiting.location_id), backorder_id] = (
                        waiting.quantity
                    )
        assert said == {
            (stream, backorder_id): waiting.quantity
            for stream, stock in self.stock_items()
            for backorder_id, waiting in stock.queue.items()
        }

    @invariant()
    def the_law_of_stock_holds(self) -> None:
        """On hand covers what is reserved, or exactly the shortfall is open."""
        for _, stock in self.stock_items():
            assert stock.shortfall == max(ZERO, stock.reserved - stock.sellable)

    def stock_items(self) -> list[tuple[str, StockItem]]:
        """Return every stock item by its stream."""
        return [
            (stream, self.world.state(stream))
            for stream in self.world.log
            if category_of(stream) == "stock"
        ]


TestOrdersAndStock = OrdersAndStock.TestCase
TestOrdersAndStock.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
