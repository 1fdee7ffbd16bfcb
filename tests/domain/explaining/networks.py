"""Small networks drawn from a seed, and what goes on in them: orders, refusals, stale facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any, Final

from domain.base.errors import Refusal
from domain.base.messages import Command
from domain.base.streams import channel_stream, item_stream, order_stream
from domain.channel.events import ChannelChanged
from domain.item.events import ItemChanged
from domain.location.commands import (
    ChangeLocation,
    LocationInput,
    ResumeLocation,
    SuspendLocation,
)
from domain.order.commands import (
    CancelOrder,
    DestinationInput,
    GroupInput,
    GroupShareInput,
    OrderLineInput,
    PlaceOrder,
    RerouteOrder,
)
from domain.order.rerouting_commands import (
    ChooseDelivery,
    MoveAllocations,
    RefuseAllocation,
)
from domain.order.state import Order
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Audience, Constraints, Criterion, Policy
from domain.routing.reference import Reference, Service
from domain.stock.commands import CountStock, ReceiveStock
from tests.domain.explaining.recorded_world import RecordedWorld
from tests.domain.order.shop import NOW, add_channel, add_item, add_location, command_id, stock

ITEMS: Final = ("tea", "cup", "rope")
SKUS: Final = (*ITEMS, "set")
CHANNELS: Final = ("web", "later", "whole")
CODES: Final = ("AB1", "CD2", None)
ELSEWHERE: Final = {("GB", "EF3"): (53.0, -1.0)}
"""Known only where another order of the same group happens to ask for it."""

POLICIES: Final = (
    Policy("near", 1, (Criterion("unfilled"), Criterion("distance"))),
    Policy(
        "level",
        2,
        (Criterion("unfilled"), Criterion("zone-backlog"), Criterion("fulfilments")),
        applies_to=Audience(services=("express",)),
    ),
    Policy(
        "busy",
        1,
        (Criterion("unfilled"), Criterion("backlog", Decimal("0.01")), Criterion("priority")),
        applies_to=Audience(channels=("later",)),
    ),
    Policy(
        "cheap",
        3,
        (Criterion("unfilled", weight=Decimal(100)), Criterion("shipping-cost"),
         Criterion("handling-cost"), Criterion("fulfilments", weight=Decimal("0.5"))),
        order="money",
        currency="GBP",
        applies_to=Audience(customer_groups=("vip",)),
        priorities=(("vip", 7),),
    ),
    Policy(
        "soon",
        1,
        (Criterion("unfilled"), Criterion("promise"), Criterion("parcels"), Criterion("distance")),
        applies_to=Audience(channels=("whole",)),
    ),
    Policy(
        "bring",
        1,
        (Criterion("unfilled"), Criterion("promise"), Criterion("fulfilments")),
        constraints=Constraints(transfers=True),
        applies_to=Audience(channels=("web",)),
    ),
)  # fmt: skip
BY_NAME: Final[Mapping[str, Policy]] = {policy.name: policy for policy in POLICIES}

RATES: Final = {"": ((1_000, Decimal(3)), (20_000, Decimal(9)))}
CARRIERS: Final = Reference(
    services=(
        Service("Post", "Parcel", RATES, {"": 2}, currency="GBP"),
        Service("Post", "Fast", RATES, {"": 1}, currency="GBP", level="express"),
    ),
    calendars={"GB": frozenset({date(2026, 3, 3)})},
    hashes={"carriers": "c1", "holidays": "h1"},
)


class Network:
    """A world of its own with a few places, items and channels."""

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self.draw = Random(seed)
        self.steps = 0
        self.orders: list[str] = []
        draw = self.draw
        self.world = RecordedWorld(now=NOW, reference=draw.choice((Reference(), CARRIERS)))
        self.places = [f"L{n}" for n in range(draw.randint(2, 7))]
        for item_id in ITEMS:
            add_item(self.world, item_id, step="0.5" if item_id == "rope" else "1")
        add_item(self.world, "set", parts={"tea": "2", "cup": "1"})
        for place in self.places:
            add_location(self.world, place, **self.attributes())
        split = {"web": "quantities", "later": "lines", "whole": "never"}
        for channel in CHANNELS:
            add_channel(
                self.world, channel, sources=tuple(self.places), split=split[channel],
                backorders=channel != "web",
            )  # fmt: skip
        active = draw.sample(POLICIES, draw.randint(0, len(POLICIES)))
        for place, item in product(self.places, ITEMS):
            if draw.random() < 0.4:
                stock(self.world, item, place, str(draw.randint(1, 5)))
        self.policies = tuple(ActivePolicy(policy, n) for n, policy in enumerate(active))

    def attributes(self) -> dict[str, Any]:
        """Return what a location is like."""
        draw = self.draw
        known = draw.random() < 0.8
        return {
            "capabilities": draw.choice((("ship",), ("ship", "pickup"), ("ship", "hazardous"))),
            "latitude": draw.uniform(50, 58) if known else None,
            "longitude": draw.uniform(-5, 1) if known else None,
            "postal_code": draw.choice(CODES),
            "backlog_zone": draw.choice(("north", "south", None)),
            "capacity_per_day": draw.choice((None, 1, 3)),
            "handling_cost": Decimal(draw.randrange(3)),
            "priority": draw.randrange(3),
            "channels": draw.choice(((), (), ("web", "later"))),
            "countries": draw.choice(((), (), ("GB",), ("FR",))),
        }

    def do(self, kind: type[Command], **fields: Any) -> bool:
        """Do a command, on facts of some time ago; say whether it was accepted."""
        self.steps += 1
        head = len(self.world.entries)
        stock_at, locations_at = (max(0, head - self.draw.choice((0, 0, 3, 9))) for _ in "12")
        self.world.look_from(stock_at, locations_at, SKUS, self.with_work)
        now = NOW + timedelta(minutes=7 * self.steps)
        try:
            self.world.do(kind(id=command_id(f"{self.steps}"), now=now, **fields))
        except Refusal:
            return False
        return True

    def with_work(self, facts: RoutingFacts) -> RoutingFacts:
        """Return facts with what only read models know."""
        locations = {
            place: replace(
                one,
                open_fulfilments=self.draw.randrange(4),
                booked=self.booked(),
            )
            for place, one in facts.locations.items()
        }  # fmt: skip
        found = {**facts.coordinates, **self.draw.choice(({}, ELSEWHERE))}
        return replace(facts, locations=locations, policies=self.policies, coordinates=found)

    def booked(self) -> dict[date, int]:
        """Return what a read model says of the coming days, true or not."""
        draw, days = self.draw, (NOW.date() + timedelta(days=ahead) for ahead in range(6))
        return {day: draw.randrange(4) for day in days if draw.random() < 0.4}

    def step(self) -> None:
        """Let something happen."""
        draw = self.draw
        place, item = draw.choice(self.places), draw.choice(ITEMS)
        match draw.randrange(12):
            case 0 | 1:
                self.do(ReceiveStock, sku=item, location_id=place, quantity=draw.randint(1, 6))
            case 2:
                self.do(
                    CountStock, sku=item, location_id=place, counted=draw.randint(0, 3),
                    as_of=NOW + timedelta(minutes=7 * self.steps + 7), sequence=self.steps,
                )  # fmt: skip
            case 3:
                self.do(SuspendLocation, location_id=place, reason="flood")
            case 4:
                if not self.do(ResumeLocation, location_id=place):
                    values = {"name": place, "kind": "store", "country": "GB"}
                    form = {**values, "time_zone": "UTC", **self.attributes()}
                    self.do(ChangeLocation, location_id=place, location=LocationInput(**form))
            case 5:
                self.change_rules()
            case 6 | 7 | 8 if self.orders:
                channel, _, number = draw.choice(self.orders).partition(":")
                self.again(channel, number)
            case _:
                self.place()

    def again(self, channel: str, number: str) -> None:
        """Route an order again, or cancel what is left of it."""
        order = {"channel_id": channel, "external_id": number}
        state: Order = self.world.state(order_stream(channel, number))
        held = [(key, one) for key, one in state.allocations.items() if one.quantity > 0]
        waiting = [group.group_id for group in state.groups if group.awaits_choice is not None]
        which = self.draw.randrange(10)
        if waiting and which < 7:
            self.choose(order, waiting[0])
        elif held and which < 4:
            self.do(RefuseAllocation, **order, allocation_id=held[0][0], reason="damaged")
        elif held and which < 7:
            place = held[-1][1].location_id
            self.do(SuspendLocation, location_id=place, reason="flood", move_work=True)
            self.do(MoveAllocations, **order, location_id=place)
        elif which < 9:
            self.do(RerouteOrder, **order, cause="test")
        else:
            self.do(CancelOrder, **order, reason="other")

    def choose(self, order: Mapping[str, str], group_id: str) -> None:
        """Choose how a group goes on that its store will not hand out."""
        store = self.draw.choice(self.places)
        to: Mapping[str, Any] = self.draw.choice(
            (
                {"choice": "another-store", "store": store},
                {"choice": "ship", "destination": {"country": "GB", "postal_code": "CD2"}},
                {"choice": "wait"},
            )
        )
        self.do(ChooseDelivery, **order, group_id=group_id, **to)

    def change_rules(self) -> None:
        """Change an item, or which places a channel sells from."""
        draw, world = self.draw, self.world
        if draw.random() < 0.5:
            stream = item_stream(draw.choice(ITEMS))
            known = world.state(stream).attributes
            world.append(stream, [ItemChanged(replace(known, weight_grams=draw.randrange(2_000)))])
            return
        stream = channel_stream(draw.choice(CHANNELS))
        known = world.state(stream).settings
        sources = tuple(draw.sample(self.places, draw.randint(1, len(self.places))))
        world.append(stream, [ChannelChanged(replace(known, sources=sources))])

    def place(self) -> None:
        """Place an order of one or two groups."""
        draw = self.draw
        channel, number = draw.choice(CHANNELS), str(self.steps)
        groups = [GroupInput(id="1", service=draw.choice(("standard", "express")))]
        if draw.random() < 0.3:
            groups.append(GroupInput(id="2", method="pickup", store=draw.choice(self.places)))
        where = draw.choice(
            ({"latitude": 51.5, "longitude": -0.1}, {"postal_code": "AB1"}, {"postal_code": "EF3"})
        )
        placed = self.do(
            PlaceOrder,
            channel_id=channel,
            external_id=number,
            currency="GBP",
            lines=tuple(self.line(sku, groups) for sku in draw.sample(SKUS, draw.randint(1, 3))),
            groups=tuple(groups),
            destination=DestinationInput(country="GB", **where),
            customer_group=draw.choice((None, "vip")),
            priority=draw.randrange(3),
        )
        if placed:
            self.orders.append(f"{channel}:{number}")

    def line(self, sku: str, groups: list[GroupInput]) -> OrderLineInput:
        """Return a line, all of it for one of the groups or shared between them."""
        quantities = [Decimal(self.draw.randint(1, 4)) for _ in groups]
        total = sum(quantities, Decimal(0))
        shares = [
            GroupShareInput(group=group.id, quantity=quantity)
            for group, quantity in zip(groups, quantities, strict=True)
        ]
        if self.draw.random() < 0.5:
            shares = [GroupShareInput(group=self.draw.choice(groups).id, quantity=total)]
        price = Decimal(1)
        return OrderLineInput(sku=sku, quantity=total, unit_price=price, shares=tuple(shares))
