"""Whatever happens, a held basket can be placed in its time, and nothing is lost or doubled."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.base.errors import Conflict
from domain.base.messages import Command
from domain.base.quantity import ZERO
from domain.base.streams import category_of, hold_stream, order_stream
from domain.hold.commands import ExpireHold, HoldBasket, ReleaseHold
from domain.hold.state import Hold
from domain.order.commands import PlaceOrder
from domain.order.state import Order
from domain.stock.commands import CountStock, ReceiveStock, SetSafetyStock
from domain.stock.state import StockItem
from tests.domain.order.shop import NOW, command_id, shop
from tests.support.specification import World

SKUS = st.sampled_from(["TEA", "CUP", "SET"])
ITEMS = st.sampled_from(["TEA", "CUP"])
PLACES = st.sampled_from(["north", "south"])
CHANNELS = st.sampled_from(["web", "later"])
BASKETS = st.lists(st.tuples(SKUS, st.integers(1, 4)), min_size=1, max_size=3)
DESTINATION = {"country": "GB", "latitude": 51.5, "longitude": -0.14}
HELD_FOR = 20


class Holds(RuleBasedStateMachine):
    """Baskets held, placed, released and expired, while stock comes and goes."""

    @initialize(levels=st.tuples(*[st.integers(0, 9)] * 4))
    def open_up(self, levels: tuple[int, ...]) -> None:
        """Start with some goods."""
        self.world: World = shop()
        self.steps = 0
        self.holds: list[tuple[str, str]] = []
        self.orders: list[tuple[str, str]] = []
        cells = [(sku, where) for sku in ("TEA", "CUP") for where in ("north", "south")]
        for (sku, where), quantity in zip(cells, levels, strict=True):
            if quantity:
                self.do(ReceiveStock, sku=sku, location_id=where, quantity=quantity)

    def do(self, kind: type[Command], **fields: Any) -> bool:
        """Do a command three minutes after the last; say whether it was accepted."""
        self.steps += 1
        self.now = NOW + timedelta(minutes=3 * self.steps)
        said = {"id": command_id(f"step {self.steps}"), "now": self.now, **fields}
        try:
            self.world.do(kind.model_validate(said))
        except Conflict:
            return False
        return True

    def held(self, pick: int) -> tuple[dict[str, str], Hold]:
        """Return the names and the state of one of the holds."""
        channel_id, hold_id = self.holds[pick % len(self.holds)]
        names = {"channel_id": channel_id, "hold_id": hold_id}
        return names, self.world.state(hold_stream(channel_id, hold_id))

    @rule(channel=CHANNELS, basket=BASKETS)
    def hold(self, channel: str, basket: list[tuple[str, int]]) -> None:
        """Hold a basket, if all of it is there."""
        said = {
            "channel_id": channel,
            "destination": DESTINATION,
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in basket],
        }
        number = f"h{self.steps}"
        if self.do(HoldBasket, hold_id=number, basket=said, minutes=HELD_FOR):
            self.holds.append((channel, number))

    def order(self, channel: str, basket: list[tuple[str, int]], hold_id: str | None) -> bool:
        """Place an order; say whether it was accepted."""
        number = f"o{self.steps}"
        done = self.do(
            PlaceOrder,
            channel_id=channel,
            external_id=number,
            currency="GBP",
            destination=DESTINATION,
            hold_id=hold_id,
            lines=[{"sku": sku, "quantity": quantity} for sku, quantity in basket],
        )
        if done:
            self.orders.append((channel, number))
        return done

    @rule(channel=CHANNELS, basket=BASKETS)
    def place(self, channel: str, basket: list[tuple[str, int]]) -> None:
        """Place an order that was not held."""
        self.order(channel, basket, None)

    @precondition(lambda self: self.holds)
    @rule(pick=st.integers(0, 99))
    def place_held(self, pick: int) -> None:
        """A basket that is held in time and lost nothing is always placed, as a whole."""
        names, hold = self.held(pick)
        basket = [(line.sku, int(line.quantity)) for line in hold.lines.values()]
        in_time = hold.is_placeable(self.now + timedelta(minutes=3))
        placed = self.order(names["channel_id"], basket, names["hold_id"])
        if not in_time:
            assert not placed
        elif not hold.lost:
            assert placed
            order: Order = self.world.state(order_stream(*self.orders[-1]))
            assert all(one.ordered == one.reserved for one in order.stages().values())

    @precondition(lambda self: self.holds)
    @rule(pick=st.integers(0, 99), basket=BASKETS)
    def place_another(self, pick: int, basket: list[tuple[str, int]]) -> None:
        """The order may want other things than the basket."""
        names, _ = self.held(pick)
        self.order(names["channel_id"], basket, names["hold_id"])

    @precondition(lambda self: self.holds)
    @rule(pick=st.integers(0, 99), kind=st.sampled_from([ReleaseHold, ExpireHold]))
    def end(self, pick: int, kind: type[Command]) -> None:
        """Release a hold, or try to expire it."""
        names, hold = self.held(pick)
        assert self.do(kind, **names) == (kind is ExpireHold or hold.status != "placed")

    @rule(sku=ITEMS, where=PLACES, quantity=st.integers(1, 6))
    def receive(self, sku: str, where: str, quantity: int) -> None:
        """Goods arrive."""
        assert self.do(ReceiveStock, sku=sku, location_id=where, quantity=quantity)

    @rule(sku=ITEMS, where=PLACES, counted=st.integers(0, 9))
    def count(self, sku: str, where: str, counted: int) -> None:
        """Somebody counts, above or below what is held."""
        as_of = NOW + timedelta(minutes=3 * (self.steps + 1))
        said = {"counted": counted, "as_of": as_of, "sequence": self.steps}
        assert self.do(CountStock, sku=sku, location_id=where, **said)

    @rule(sku=ITEMS, where=PLACES, quantity=st.integers(0, 4))
    def keep(self, sku: str, where: str, quantity: int) -> None:
        """Safety stock changes."""
        assert self.do(SetSafetyStock, sku=sku, location_id=where, quantity=quantity)

    @invariant()
    def every_reservation_is_told_by_its_owner(self) -> None:
        """Stock items, orders and holds say the same; a hold that is over has nothing."""
        said: dict[tuple[str, str], Decimal] = {}
        for key in self.holds:
            hold: Hold = self.world.state(hold_stream(*key))
            for stream, reservation_id, quantity in hold.cells():
                item_id = stream.partition(":")[2].partition("@")[0]
                left = quantity - hold.lost.get((reservation_id, item_id), ZERO)
                if hold.status == "held" and left:
                    said[stream, reservation_id] = left
        for key in self.orders:
            order: Order = self.world.state(order_stream(*key))
            for allocation_id, held in order.allocations.items():
                for part in order.lines[held.line_id].parts if held.quantity else ():
                    stream = f"stock:{part.item_id}@{held.location_id}"
                    said[stream, allocation_id] = held.quantity * part.per_unit
        assert said == {
            (stream, reservation_id): held.quantity
            for stream, stock in self.stock_items()
            for reservation_id, held in stock.reservations.items()
        }

    @invariant()
    def the_law_of_stock_holds(self) -> None:
        """Never one too many: on hand covers what is reserved, or the shortfall says so."""
        for _, stock in self.stock_items():
            assert stock.shortfall == max(ZERO, stock.reserved - stock.sellable)
            assert stock.reserved == sum(r.quantity for r in stock.reservations.values())

    def stock_items(self) -> list[tuple[str, StockItem]]:
        """Return every stock item by its stream."""
        return [
            (stream, self.world.state(stream))
            for stream in self.world.log
            if category_of(stream) == "stock"
        ]


TestHolds = Holds.TestCase
TestHolds.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
