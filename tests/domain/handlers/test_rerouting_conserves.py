"""Refusals, moves, holds and choices lose nothing, double nothing and end."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.base.quantity import ZERO
from domain.location.commands import ResumeLocation, SuspendLocation
from domain.order.commands import GroupInput
from domain.order.holding import MOST_TRIES
from domain.order.rerouting_commands import (
    ChooseDelivery,
    MoveAllocations,
    RefuseAllocation,
    ReleaseRoutingHold,
)
from domain.order.state import Order
from domain.stock.commands import ReceiveStock
from tests.domain.handlers.test_stock_and_orders_agree import OrdersAndStock
from tests.domain.order.shop import LONDON, line, place


class OrdersOnTheirWay(OrdersAndStock):
    """The shop of orders and stock, whose sites refuse, close, open, and whose customers choose."""

    @rule(quantity=st.integers(1, 5), channel=st.sampled_from(["web", "later", "market"]))
    def order_to_pick_up(self, quantity: int, channel: str) -> None:
        """An order is placed that is partly picked up at the shop, partly shipped."""
        number = str(self.commands + 1)
        groups = (
            GroupInput(id="home", destination=LONDON),
            GroupInput(id="store", method="pickup", store="shop"),
        )
        shares = [{"group": "home", "quantity": quantity}, {"group": "store", "quantity": 2}]
        lines = [line("TEA", str(quantity + 2), shares=shares)]
        before = len(self.world.log)
        self.do(place(*lines, channel=channel, number=number, groups=groups, destination=None))
        if len(self.world.log) > before:
            self.orders.append(f"{channel}:{number}")

    @rule(quantity=st.integers(1, 9))
    def receive_at_the_shop(self, quantity: int) -> None:
        """Tea arrives where it is picked up."""
        self.ask(ReceiveStock, sku="TEA", location_id="shop", quantity=quantity)

    @rule(data=st.data(), quantity=st.sampled_from([None, 1, 2]))
    def refuse(self, data: st.DataObject, quantity: int | None) -> None:
        """A site refuses something, as often as it can."""
        found = [
            (key, allocation_id)
            for key in self.orders
            for allocation_id, held in sorted(self.order_of(key).allocations.items())
            if held.quantity
        ]
        if found:
            key, allocation_id = data.draw(st.sampled_from(found))
            said = {"allocation_id": allocation_id, "quantity": quantity, "reason": "damaged"}
            self.ask(RefuseAllocation, **named(key), **said)

    @rule(place_id=st.sampled_from(["north", "south", "shop"]), move_work=st.booleans())
    def close(self, place_id: str, *, move_work: bool) -> None:
        """A location is suspended, and its work is moved as the job does."""
        self.ask(SuspendLocation, location_id=place_id, reason="flood", move_work=move_work)
        held = self.reserved()
        for key in self.orders:
            self.ask(MoveAllocations, **named(key), location_id=place_id)
        assert self.reserved() == held, "moving conserves what is reserved of each item"

    @rule(place_id=st.sampled_from(["north", "south", "shop"]))
    def open(self, place_id: str) -> None:
        """A location takes work again."""
        self.ask(ResumeLocation, location_id=place_id)

    @rule(data=st.data(), ask_again=st.booleans())
    def let_go(self, data: st.DataObject, *, ask_again: bool) -> None:
        """A person lets a held order go on."""
        held = [key for key in self.orders if self.order_of(key).hold is not None]
        if held:
            key = data.draw(st.sampled_from(held))
            self.ask(ReleaseRoutingHold, **named(key), reason="checked", ask_again=ask_again)

    @rule(data=st.data(), choice=st.sampled_from(["ship", "wait", "another-store"]))
    def choose(self, data: st.DataObject, choice: str) -> None:
        """A customer chooses."""
        asked = [
            key
            for key in self.orders
            if any(group.awaits_choice for group in self.order_of(key).groups)
        ]
        if asked:
            key = data.draw(st.sampled_from(asked))
            said: dict[str, object] = {"group_id": "store", "choice": choice}
            if choice == "ship":
                said["destination"] = LONDON
            elif choice == "another-store":
                said["store"] = "shop"
            self.ask(ChooseDelivery, **named(key), **said)

    @invariant()
    def nothing_ordered_is_lost_or_doubled(self) -> None:
        """Ordered = unassigned + backordered + reserved + shipped + cancelled, none below 0."""
        for key in self.orders:
            for one in self.order_of(key).stages().values():
                stands = (one.unassigned, one.backordered, one.reserved, one.shipped)
                assert min(*stands, one.cancelled) >= ZERO
                assert one.ordered == sum(stands, one.cancelled)

    @invariant()
    def nothing_is_tried_for_ever(self) -> None:
        """No order is routed more often than the limit without anything new."""
        assert all(self.order_of(key).tries <= MOST_TRIES for key in self.orders)

    def order_of(self, key: str) -> Order:
        """Return an order as it stands."""
        order: Order = self.world.state(f"order:{key}")
        return order

    def reserved(self) -> dict[str, Decimal]:
        """Return what is reserved of each item, over all places."""
        sums: dict[str, Decimal] = {}
        for stream, stock in self.stock_items():
            item_id = stream.partition("@")[0]
            sums[item_id] = sums.get(item_id, ZERO) + stock.reserved
        return sums


def named(key: str) -> dict[str, str]:
    """Return the fields that name an order."""
    channel, _, number = key.partition(":")
    return {"channel_id": channel, "external_id": number}


TestOrdersOnTheirWay = OrdersOnTheirWay.TestCase
TestOrdersOnTheirWay.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
