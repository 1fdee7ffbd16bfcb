"""Holds among refusals, moves, pick-ups, queues, counts and choices: nothing leaks or doubles."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.base.quantity import ZERO
from domain.base.streams import hold_stream, stock_stream
from domain.hold.commands import ExpireHold, HoldBasket, ReleaseHold
from domain.hold.state import Hold
from domain.order.commands import GroupInput, PlaceOrder
from domain.order.state import Order
from tests.domain.handlers.test_rerouting_conserves import OrdersOnTheirWay
from tests.domain.hold.baskets import hold
from tests.domain.order.shop import LONDON, line, place

LINES = st.lists(
    st.tuples(st.sampled_from(["TEA", "CUP", "SET"]), st.integers(1, 4)), min_size=1, max_size=3
)
CHANNELS = st.sampled_from(["web", "later", "market"])
HOME = {"id": "home", "destination": {"country": "GB", "latitude": 51.5, "longitude": -0.14}}
STORE = {"id": "store", "method": "pickup", "store": "shop"}


class HoldsAmongOrders(OrdersOnTheirWay):
    """The shop of orders on their way, in which baskets are held too."""

    def __init__(self) -> None:
        super().__init__()
        self.holds: list[tuple[str, str]] = []

    @rule(lines=LINES, channel=CHANNELS, minutes=st.sampled_from([5, 60]))
    def hold(self, lines: list[tuple[str, int]], channel: str, minutes: int) -> None:
        """A basket is held, if all of it is there."""
        wanted = [(sku, str(quantity)) for sku, quantity in lines]
        self._hold(hold(*wanted, channel=channel, number=self._next(), minutes=minutes))

    @rule(quantity=st.integers(1, 3), channel=CHANNELS)
    def hold_for_two_groups(self, quantity: int, channel: str) -> None:
        """A basket is held that is partly picked up, partly shipped."""
        shares = [{"group": "home", "quantity": quantity}, {"group": "store", "quantity": 1}]
        lines = [{"sku": "TEA", "quantity": quantity + 1, "shares": shares}]
        said = {"groups": [HOME, STORE], "lines": lines, "destination": None}
        known = hold(("TEA", "1"), channel=channel, number=self._next())
        basket = known.basket.model_validate({"channel_id": channel, **said})
        self._hold(known.model_copy(update={"basket": basket}))

    @rule(data=st.data(), lines=LINES, two=st.booleans())
    def place_held(self, data: st.DataObject, lines: list[tuple[str, int]], *, two: bool) -> None:
        """An order names a hold and wants the like of it, or something else."""
        if not self.holds:
            return
        channel, number = data.draw(st.sampled_from(self.holds))
        held: Hold = self.world.state(hold_stream(channel, number))
        if data.draw(st.booleans()):
            lines = [(one.sku, int(one.quantity)) for one in held.lines.values()]
        wanted = [line(sku, str(quantity)) for sku, quantity in lines]
        groups: tuple[GroupInput, ...] = ()
        if two:
            shares = [{"group": "home", "quantity": 1}, {"group": "store", "quantity": 1}]
            wanted[0] = line(lines[0][0], "2", shares=shares)
            groups = tuple(GroupInput.model_validate(one) for one in (HOME, STORE))
        order = place(
            *wanted,
            channel=channel,
            number=self._next(),
            hold_id=number,
            groups=groups,
            destination=None if two else LONDON,
        )
        self._ordered(order)

    @rule(data=st.data(), kind=st.sampled_from([ReleaseHold, ExpireHold]))
    def end(self, data: st.DataObject, kind: type[ReleaseHold | ExpireHold]) -> None:
        """A hold is released, or expired if its time is over."""
        if self.holds:
            channel, number = data.draw(st.sampled_from(self.holds))
            self.ask(kind, channel_id=channel, hold_id=number)

    @invariant()
    def every_reservation_is_an_allocation(self) -> None:
        """Or a held basket's; a hold that is over has nothing, a kit is held on each component."""
        said: dict[tuple[str, str], Decimal] = {}
        for key in self.orders:
            order: Order = self.order_of(key)
            for allocation_id, held in order.allocations.items():
                for part in order.lines[held.line_id].parts if held.quantity else ():
                    stream = stock_stream(part.item_id, held.location_id)
                    said[stream, allocation_id] = held.quantity * part.per_unit
        for name in self.holds:
            basket: Hold = self.world.state(hold_stream(*name))
            for stream, reservation_id, quantity in basket.cells():
                item_id = stream.partition(":")[2].partition("@")[0]
                left = quantity - basket.lost.get((reservation_id, item_id), ZERO)
                if basket.status == "held" and left:
                    said[stream, reservation_id] = left
        assert said == {
            (stream, reservation_id): held.quantity
            for stream, stock in self.stock_items()
            for reservation_id, held in stock.reservations.items()
        }

    def _next(self) -> str:
        return str(self.commands + 1)

    def _hold(self, command: HoldBasket) -> None:
        known = len(self.world.log)
        self.do(command)
        name = command.basket.channel_id, command.hold_id
        if len(self.world.log) > known:
            self.holds.append(name)

    def _ordered(self, command: PlaceOrder) -> None:
        known = len(self.world.log)
        self.do(command)
        if len(self.world.log) > known:
            self.orders.append(f"{command.channel_id}:{command.external_id}")


TestHoldsAmongOrders = HoldsAmongOrders.TestCase
TestHoldsAmongOrders.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
