"""Placing an order on loaded stock."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.base.personal import Personal
from domain.base.streams import location_stream, order_stream, stock_stream, subject_stream
from domain.location.events import LocationSuspended
from domain.order.commands import (
    ChargeInput,
    ContactInput,
    DestinationInput,
    DiscountInput,
    GroupInput,
)
from domain.order.events import (
    Allocation,
    Backorder,
    GroupPromise,
    LinesAllocated,
    OrderPlaced,
    RoutingFoundNothing,
)
from domain.order.groups import subject_of
from domain.order.state import Order
from domain.stock.errors import InsufficientStock
from domain.stock.events import BackorderQueued, StockReserved
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased
from tests.domain.order.shop import (
    NOW,
    ORDER,
    add_channel,
    expect,
    given_shop,
    line,
    place,
    receive,
    share_of,
    shop,
    stocked,
)
from tests.support.specification import Given, Outcome

DAY = timedelta(days=1)


def allocated(outcome: Outcome, stream: str = ORDER) -> LinesAllocated:
    """Return the routing event of a placed order."""
    assert outcome.decision is not None
    event = outcome.decision.events[stream][1]
    assert isinstance(event, LinesAllocated)
    return event


def where(outcome: Outcome, stream: str = ORDER) -> list[tuple[str, str, int]]:
    """Return (line, location, quantity) of a placed order's allocations."""
    return sorted(
        (one.line_id, one.location_id, int(one.quantity))
        for one in allocated(outcome, stream).allocations
    )


def queued(outcome: Outcome, stream: str) -> list[tuple[str, str, int]]:
    """Return (line, location, quantity) of a placed order's backorders."""
    return [
        (one.line_id, one.location_id, int(one.quantity))
        for one in allocated(outcome, stream).backorders
    ]


def test_an_order_is_placed_allocated_and_reserved_in_one_append() -> None:
    """The order's stream says what was sold and from where; each stock item holds its part."""
    command = place(line("tea", "2"))
    outcome = given_shop(tea_south="3").when(command)
    allocation_id = command.new_id("allocation", 0)
    outcome.then_only(ORDER, stock_stream("tea", "south"))
    outcome.then(
        stock_stream("tea", "south"),
        StockReserved(allocation_id, ORDER, "1", Decimal(2), 0, NOW + DAY),
    )
    event = allocated(outcome)
    assert event.allocations == (Allocation(allocation_id, "1", "1", "south", Decimal(2)),)
    assert event.promises == (GroupPromise("1", NOW + DAY, None),)
    outcome.answers(
        order_id="web:1001",
        status="open",
        lines=[
            {
                "line_id": "1",
                "sku": "tea",
                "allocated": [
                    {
                        "allocation_id": allocation_id,
                        "group_id": "1",
                        "location_id": "south",
                        "quantity": 2,
                    }
                ],
                "backordered": [],
                "unassigned": 0,
            }
        ],
        totals={
            "currency": "GBP",
            "lines": "20.00",
            "charges": "0.00",
            "tax": "0.00",
            "total": "20.00",
        },
        promises=[{"group_id": "1", "ship_by": "2026-03-03T09:00:00+00:00", "deliver_by": None}],
    )


def test_skus_compare_without_case() -> None:
    """Whoever writes a SKU in other letters means the same item."""
    outcome = given_shop(tea_south="3").when(place(line("tEa")))
    assert where(outcome) == [("1", "south", 1)]


def test_nearest_place_sends_and_far_ones_help() -> None:
    """Most units first, then few parcels, then short ways."""
    both = given_shop(tea_north="9", tea_south="9")
    assert where(both.when(place(line("tea", "9")))) == [("1", "south", 9)]
    assert where(both.when(place(line("tea", "12")))) == [("1", "north", 3), ("1", "south", 9)]


def test_lines_of_one_item_share_its_stock() -> None:
    """Demand is summed per item and place: two lines of one never get the same unit."""
    refused = given_shop(tea_south="3").when(place(line("tea", "2"), line("tea", "2")))
    refused.refused(
        InsufficientStock,
        short_lines=[{"line_id": "2", "sku": "tea", "wanted": "2", "available": "1"}],
    )
    accepted = given_shop(tea_south="4").when(place(line("tea", "2"), line("tea", "2")))
    assert accepted.state(stock_stream("tea", "south")).reserved == 4


def test_a_kit_is_reserved_part_by_part_in_one_place() -> None:
    """Two sets need four teas and two cups where they are packed."""
    command = place(line("set", "2"))
    outcome = given_shop(tea_north="9", tea_south="4", cup_south="2").when(command)
    reservation = command.new_id("allocation", 0)
    for item_id, quantity in (("tea", 4), ("cup", 2)):
        outcome.then(
            stock_stream(item_id, "south"),
            StockReserved(reservation, ORDER, "1", Decimal(quantity), 0, NOW + DAY),
        )


def test_a_kit_shares_its_parts_with_other_lines() -> None:
    """Kits and single lines of a part draw on one sum."""
    given_shop(tea_south="4", cup_south="9").when(place(line("tea", "3"), line("set"))).refused(
        InsufficientStock
    )
    given_shop(tea_south="5", cup_south="9").when(place(line("tea", "3"), line("set"))).answers(
        status="open"
    )


def test_a_channel_that_asks_is_refused_whole() -> None:
    """One short line refuses the order and says what could be had; nothing changes."""
    outcome = given_shop(tea_south="3", cup_south="9").when(
        place(line("cup", "2"), line("tea", "5", id="b"))
    )
    refusal = outcome.refused(
        InsufficientStock,
        short_lines=[{"line_id": "b", "sku": "tea", "wanted": "5", "available": "3"}],
    )
    assert str(refusal) == "Too little is free of tea"


def test_what_is_short_is_backordered_where_receipts_cover_it_first() -> None:
    """Backorders go where goods come earliest; their due is the promise."""
    world = stocked(tea_south="3")
    expect(world, "tea", "south", "9", NOW + 9 * DAY)
    expect(world, "tea", "north", "2", NOW + 2 * DAY)
    stream = order_stream("later", "1001")
    command = place(line("tea", "5"), channel="later")
    outcome = Given(world).when(command)
    assert where(outcome, stream) == [("1", "south", 3)]
    assert queued(outcome, stream) == [("1", "north", 2)]
    outcome.then(
        stock_stream("tea", "north"),
        BackorderQueued(command.new_id("backorder", 0), stream, "1", Decimal(2), 0, NOW + 2 * DAY),
    )
    assert allocated(outcome, stream).promises == (GroupPromise("1", NOW + 3 * DAY, None),)
    outcome.answers(status="backordered")


def test_without_receipts_the_first_open_source_waits_and_nothing_is_promised() -> None:
    """A suspended source is passed over; no receipt, no promise."""
    world = shop()
    world.append(location_stream("north"), [LocationSuspended("flood")])
    stream = order_stream("market", "1001")
    command = place(line("tea", "5"), channel="market")
    outcome = Given(world).when(command)
    assert allocated(outcome, stream).backorders == (
        Backorder(command.new_id("backorder", 0), "1", "1", "south", Decimal(5)),
    )
    assert allocated(outcome, stream).promises == (GroupPromise("1", None, None),)


def test_a_full_queue_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next place takes what waits; where all are full it stays unassigned, and is recorded."""
    monkeypatch.setattr("domain.stock.serving.MOST_WAITING", 1)
    world = shop()
    stream = order_stream("market", "1001")
    lines = [line("tea", str(quantity)) for quantity in (1, 2, 3, 4)]
    outcome = Given(world).when(place(*lines, channel="market"))
    assert queued(outcome, stream) == [("1", "north", 1), ("2", "south", 2), ("3", "shop", 3)]
    assert outcome.state(stream).unassigned("4") == 4
    outcome = outcome.and_when(place(line("tea", "1"), channel="market", number="2"))
    assert outcome.state(order_stream("market", "2")).unassigned("1") == 1


def test_backorders_of_two_lines_stand_behind_each_other() -> None:
    """The receipt that covers the first line no longer covers the second."""
    world = shop()
    expect(world, "tea", "south", "5", NOW + 2 * DAY)
    expect(world, "tea", "north", "9", NOW + 4 * DAY)
    outcome = Given(world).when(place(line("tea", "4"), line("tea", "2"), channel="later"))
    assert queued(outcome, order_stream("later", "1001")) == [("1", "south", 4), ("2", "north", 2)]


def test_ten_arrive_six_wait_and_ten_new_orders_share_four() -> None:
    """Queued demand is served first and is not available to new orders."""
    world = shop()
    add_channel(world, "later", backorders=True, sources=("south",))
    world.do(place(line("tea", "6"), channel="later"))
    world.do(receive("tea", "south", "10"))
    accepted = 0
    for number in range(10):
        outcome = Given(world).when(place(line("tea"), number=str(number)))
        accepted += outcome.refusal is None
        world = outcome.world
    assert accepted == 4
    assert world.state(stock_stream("tea", "south")).reserved == 10


def test_a_kit_that_is_short_waits_unassigned() -> None:
    """Kits do not queue: their parts come and go together; the attempt is recorded."""
    stream = order_stream("market", "1001")
    outcome = given_shop(tea_south="1").when(place(line("set"), channel="market"))
    assert outcome.decision is not None
    placed, nothing = outcome.decision.events[stream]
    assert isinstance(placed, OrderPlaced)
    assert isinstance(nothing, RoutingFoundNothing)
    outcome.then_only(stream)
    outcome.answers(status="open", promises=[])
    assert outcome.state(stream).unassigned("1") == 1


def test_a_group_with_an_unassigned_kit_has_no_promise() -> None:
    """What nobody has is promised for no day, and holds the group's promise back."""
    outcome = given_shop(tea_south="1").when(place(line("tea"), line("set"), channel="market"))
    event = allocated(outcome, order_stream("market", "1001"))
    assert event.promises == (GroupPromise("1", None, None),)
    outcome.answers(status="open")


def test_an_order_that_must_not_be_split_waits_in_one_place() -> None:
    """What is short joins the rest where that is held, though another place has it."""
    world = stocked(tea_north="9", cup_south="1")
    add_channel(world, "whole", backorders=True, split="never")
    outcome = Given(world).when(place(line("tea", "9"), line("cup"), channel="whole"))
    stream = order_stream("whole", "1001")
    assert where(outcome, stream) == [("1", "north", 9)]
    assert queued(outcome, stream) == [("2", "north", 1)]


def test_lines_that_must_not_be_split_wait_for_one_place() -> None:
    """The first line's goods come to south first, so the second waits there too."""
    world = shop()
    expect(world, "tea", "south", "9", NOW + 2 * DAY)
    expect(world, "cup", "north", "9", NOW + DAY)
    add_channel(world, "whole", backorders=True, split="never")
    outcome = Given(world).when(place(line("tea"), line("cup"), channel="whole"))
    stream = order_stream("whole", "1001")
    assert queued(outcome, stream) == [("1", "south", 1), ("2", "south", 1)]


def test_charges_alone_make_an_order_that_is_closed_at_once() -> None:
    """An order of postage has no lines, needs no destination and routes nothing."""
    charge = ChargeInput(kind="postage", amount=Decimal("4.90"))
    outcome = given_shop().when(place(charges=(charge,), destination=None))
    outcome.then_only(ORDER)
    outcome.answers(status="closed", lines=[], promises=[])
    assert outcome.state(ORDER).status == "closed"


def test_totals_add_tax_where_prices_are_net() -> None:
    """Net lines and charges owe their tax on top."""
    world = stocked(tea_south="3")
    add_channel(world, "b2b", prices="net", currency="EUR")
    charge = ChargeInput(kind="postage", amount=Decimal(5), tax_amount=Decimal("0.95"))
    command = place(
        line("tea", "3", "100.00", tax_amount=Decimal("55.10")),
        channel="b2b",
        currency="EUR",
        charges=(charge,),
        discounts=(DiscountInput(source="loyal", amount=Decimal(10)),),
    )
    Given(world).when(command).answers(
        totals={
            "currency": "EUR",
            "lines": "290.00",
            "charges": "5.00",
            "tax": "56.05",
            "total": "351.05",
        }
    )


def test_groups_get_their_shares() -> None:
    """One line may be shipped in part and be picked up in part; each group has its promise."""
    pickup = GroupInput(id="b", method="pickup", store="shop")
    command = place(
        line("tea", "3", shares=(share_of("a", "2"), share_of("b", "1"))),
        line("cup"),
        groups=(GroupInput(id="a"), pickup),
    )
    outcome = given_shop(tea_south="9", tea_shop="1", cup_south="1").when(command)
    event = allocated(outcome)
    assert [(a.line_id, a.group_id, a.location_id, int(a.quantity)) for a in event.allocations] == [
        ("1", "a", "south", 2),
        ("2", "a", "south", 1),
        ("1", "b", "shop", 1),
    ]
    assert [promise.group_id for promise in event.promises] == ["a", "b"]
    order: Order = outcome.state(ORDER)
    assert order.groups[1].place.latitude == 53.5


def test_pick_up_never_ships_from_elsewhere() -> None:
    """What the store lacks is short, however much others have."""
    command = place(line("tea"), groups=(GroupInput(id="b", method="pickup", store="shop"),))
    given_shop(tea_south="9").when(command).refused(InsufficientStock)


def test_personal_data_is_sealed_for_the_customer_or_the_order() -> None:
    """Whose data it is: the channel's customer, a guest's order, or nobody's."""
    world = stocked(tea_south="9")
    contact = ContactInput(email=Personal("a@example.org"))
    known = Given(world).when(place(line("tea"), contact=contact, customer_id="c7")).decision
    guest = Given(world).when(place(line("tea"), note=Personal("ring twice"))).decision
    nobody = Given(world).when(place(line("tea"), customer_id="c7")).decision
    assert known
    assert guest
    assert nobody
    assert (known.subject, guest.subject, nobody.subject) == (
        "customer:web:c7",
        "order:web:1001",
        None,
    )
    placed = known.events[ORDER][0]
    assert isinstance(placed, OrderPlaced)
    assert (placed.subject_id, placed.customer_id) == ("customer:web:c7", "c7")


def test_no_customer_is_mistaken_for_a_guest() -> None:
    """A customer of a channel called `order` and another channel's guest are two persons."""
    contact = ContactInput(email=Personal("a@example.org"))
    customer = place(line("tea"), channel="order", contact=contact, customer_id="web:1001")
    guest = place(line("tea"), contact=contact)
    assert subject_of(customer) == "customer:order:web:1001"
    assert subject_of(guest) == "order:web:1001"


def test_the_state_keeps_no_personal_data() -> None:
    """Neither contact nor street nor note stay in memory or in a snapshot."""
    there = DestinationInput(country="GB", street=Personal("Baker Street 221b"))
    command = place(
        line("tea"),
        destination=there,
        contact=ContactInput(name=Personal("Sherlock")),
        note=Personal("ring twice"),
    )
    order = given_shop(tea_south="9").when(command).state(ORDER)
    assert "Personal" not in repr(order)


def test_no_new_data_of_an_erased_person_is_taken() -> None:
    """An order with personal data of an erased customer is refused; without, it is taken."""
    world = stocked(tea_south="9")
    world.append(subject_stream("customer:web:c7"), [SubjectErased("asked for it")])
    contact = ContactInput(email=Personal("a@example.org"))
    Given(world).when(place(line("tea"), contact=contact, customer_id="c7")).refused(
        SubjectIsErased
    )
    Given(world).when(place(line("tea"), customer_id="c7")).answers(status="open")
