"""What each read model shows of a small story, to the figure."""

from dataclasses import astuple
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.base.streams import location_stream, stock_stream, subject_stream
from domain.location.events import (
    LocationAttributes,
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)
from domain.order.events import (
    AllocationLost,
    BackorderFilled,
    CancelledPart,
    LinesCancelled,
)
from domain.stock.events import (
    BackorderQueued,
    BackorderServed,
    ExpectedReceiptCancelled,
    ReceiptExpected,
    SafetyStockSet,
    ShortfallRecorded,
    StockAdjusted,
    StockReceived,
    StockShipped,
)
from domain.subject.events import SubjectErased
from eventstore.main import Log
from projections.availability.queries import LocationStock, availability_of
from projections.backlog.queries import backlog
from projections.order_lines.queries import lines_of
from projections.order_status.queries import order_status
from projections.order_timeline.queries import timeline
from projections.orders.queries import order
from tests.projections.story import (
    DUE,
    MUG_AT_A,
    MUG_AT_B,
    ORDER,
    allocated,
    channel,
    delivered,
    item,
    kit,
    line,
    location,
    placed,
    received,
    reserved,
    shipped,
)
from tests.projections.writing import NOON, Written, append, engine


def told(log: Log, *events: Written) -> int:
    """Write events and fold them all."""
    position = append(log, *events)
    engine(log).catch_up()
    return position


def values(row: object, *names: str) -> tuple[Any, ...]:
    """Return some values of a row."""
    return tuple(getattr(row, name) for name in names)


def at(log: Log, sku: str, location_id: str) -> LocationStock:
    """Return an item's stock at a location."""
    [found] = availability_of(log.datastore, [sku], locations=[location_id])
    [stock] = found.locations
    return stock


def test_stock_is_shown_to_the_figure(log: Log) -> None:
    """On hand, held, kept, queued and expected, and what they leave for new demand."""
    last = told(
        log,
        *item("mug", "MUG"),
        received("mug", "A", 20),
        reserved("mug", "A", 5),
        (MUG_AT_A, SafetyStockSet(Decimal(2))),
        (MUG_AT_A, BackorderQueued("b1", ORDER, "1", Decimal(4), 0, None)),
        (MUG_AT_A, BackorderServed("b1", ORDER, "1", Decimal(1), "r2", 0, None)),
        (MUG_AT_A, StockShipped("r1", Decimal(3), DUE)),
        (MUG_AT_A, StockAdjusted(Decimal(-1), "sellable", "till", None, DUE)),
        (MUG_AT_A, StockReceived(Decimal(7), "damaged", None, None, DUE)),
        (MUG_AT_A, ReceiptExpected("e1", Decimal(30), DUE, None)),
        (MUG_AT_A, ReceiptExpected("e2", Decimal("2.5"), DUE, None)),
        (MUG_AT_A, StockReceived(Decimal(10), "sellable", None, "e1", DUE)),
        (MUG_AT_A, ExpectedReceiptCancelled("e2", "lost at sea")),
    )
    assert at(log, "mug", "A") == LocationStock(
        item_id="mug",
        location_id="A",
        kit=False,
        available=Decimal(18),
        on_hand=Decimal(26),
        reserved=Decimal(3),
        safety_stock=Decimal(2),
        queued=Decimal(3),
        expected=Decimal(20),
        shortfall=Decimal(0),
        damaged=Decimal(7),
        quarantine=Decimal(0),
        position=last,
        stale=False,
    )


def test_a_shortfall_leaves_nothing_available(log: Log) -> None:
    """Availability is never below 0, whatever facts say."""
    told(
        log,
        *item("mug", "MUG"),
        received("mug", "A", 3),
        reserved("mug", "A", 3),
        (MUG_AT_A, StockAdjusted(Decimal(-2), "sellable", "theft", None, DUE)),
        (MUG_AT_A, ShortfallRecorded(Decimal(2), "theft")),
    )
    stock = at(log, "MUG", "A")
    assert values(stock, "available", "on_hand", "shortfall") == (0, 1, 2)


def test_a_channel_sells_the_sum_of_its_open_sources(log: Log) -> None:
    """Each location counts clamped; suspended ones and those of others do not count."""
    told(
        log,
        *item("mug", "MUG"),
        *(location(place) for place in "ABCD"),
        channel("web", "A", "B", "C"),
        channel("till", "C"),
        received("mug", "A", 5),
        received("mug", "B", 7),
        (MUG_AT_B, StockAdjusted(Decimal(-9), "sellable", "count", None, DUE)),
        received("mug", "C", 1),
        received("mug", "D", 100),
    )
    assert by_channel(log) == {"web": (6, 2), "till": (1, 1)}
    told(log, (location_stream("A"), LocationSuspended("flood")))
    assert by_channel(log) == {"web": (1, 1), "till": (1, 1)}
    told(log, (location_stream("A"), LocationResumed()), channel("web", "A"))
    assert by_channel(log) == {"web": (5, 1), "till": (1, 1)}


def test_a_channel_sells_only_from_locations_that_serve_it(log: Log) -> None:
    """Stock counts where a location serves the channel and can ship, or be called at."""
    told(
        log,
        *item("mug", "MUG"),
        location("A"),
        location("B", channels=("other",)),
        location("C", capabilities=("export",)),
        location("D", capabilities=("pickup",)),
        location("E", channels=("other", "web")),
        channel("web", "A", "B", "C", "D", "E", "never registered"),
        channel("other", "B"),
        *(received("mug", place, 10**n) for n, place in enumerate("ABCDE")),
        received("mug", "never registered", 500_000),
    )
    assert by_channel(log) == {"web": (11001, 3), "other": (10, 1)}
    changed = LocationChanged(attributes_of(location("B")))
    told(log, (location_stream("B"), changed), (location_stream("A"), LocationSuspended("flood")))
    assert by_channel(log) == {"web": (11010, 3), "other": (10, 1)}


def attributes_of(written: Written) -> LocationAttributes:
    """Return the attributes of a location's first event."""
    _, event = written
    assert isinstance(event, LocationRegistered)
    return event.attributes


def by_channel(log: Log) -> dict[str, tuple[Any, ...]]:
    """Return what each channel can sell of mugs, and from how many places."""
    [found] = availability_of(log.datastore, ["mug"])
    return {share.channel_id: values(share, "available", "locations") for share in found.channels}


def test_a_kit_can_be_sold_as_often_as_its_parts_allow(log: Log) -> None:
    """It is limited by its scarcest part at each location, in whole kits."""
    told(
        log,
        *item("mug", "MUG"),
        *item("tea", "TEA"),
        *kit("set", "SET", mug=2, tea=1),
        *(location(place) for place in "ABC"),
        channel("web", "A", "B", "C"),
        received("mug", "A", 9),
        received("tea", "A", 3),
        received("mug", "B", 4),
        received("tea", "B", 9),
        received("mug", "C", 50),
    )
    [found] = availability_of(log.datastore, ["set"])
    assert [values(s, "location_id", "available", "kit") for s in found.locations] == [
        ("A", 3, True),
        ("B", 2, True),
    ]
    assert [values(s, "channel_id", "available") for s in found.channels] == [("web", 5)]


def test_unknown_skus_are_left_out_and_aliases_found(log: Log) -> None:
    """The answer names what was asked."""
    told(log, *item("mug", "Straße"))
    found = availability_of(log.datastore, ["nothing", "STRASSE"])
    assert [(one.asked, one.item_id, one.sku) for one in found] == [("STRASSE", "mug", "Straße")]


STORY: tuple[Written, ...] = (
    location("A", backlog_zone="north", capacity_per_day=4),
    location("B"),
    placed(line("1", 3, "10.00"), line("2", 2, "5.50", "tea")),
    allocated(("a1", "1", "A", 2), ("a2", "2", "B", 2), waiting=(("b1", "1", "A", 1),)),
    (ORDER, BackorderFilled("b1", "a3", "1", "g1", "A", Decimal(1))),
    shipped("a1", "1", "A", 2),
    delivered("a1", "1", 1),
    (
        ORDER,
        LinesCancelled((CancelledPart("2", "g1", Decimal(1), allocation_id="a2"),), "too many"),
    ),
    (ORDER, AllocationLost("a2", "2", "B", Decimal(1), "count")),
)


def test_an_order_is_listed_with_its_totals_and_stages(log: Log) -> None:
    """Money is summed from lines and charges, quantities from what happened to each line."""
    last = told(log, *STORY)
    found = order(log.datastore, ORDER)
    assert found is not None
    assert values(found, "channel_id", "external_id", "customer_id") == ("web", "1001", "c1")
    assert values(found, "goods_amount", "charges_amount") == (Decimal("39.00"), Decimal("3.99"))
    assert values(found, "tax_amount", "total_amount") == (Decimal("7.17"), Decimal("42.99"))
    assert values(found, "line_count", "ordered", "unassigned") == (2, 5, 1)
    assert values(found, "backordered", "reserved", "shipped") == (0, 1, 2)
    assert values(found, "delivered", "cancelled", "status") == (1, 1, "partly-shipped")
    assert values(found, "placed_at", "ship_by", "deliver_by") == (NOON, DUE, None)
    assert values(found, "placed_position", "position", "erased") == (3, last, False)


def test_lines_show_how_far_each_has_come(log: Log) -> None:
    """Every line has its own quantities and status."""
    told(log, *STORY)
    first, second = lines_of(log.datastore, ORDER)
    assert values(first, "ordered", "reserved", "shipped", "delivered") == (3, 1, 2, 1)
    assert values(first, "status", "discount_amount", "amount") == ("partly-shipped", 1, 29)
    assert values(second, "ordered", "unassigned", "cancelled") == (2, 1, 1)
    assert values(second, "status", "sku", "line_number") == ("open", "TEA", 2)


def test_a_customer_is_told_in_words(log: Log) -> None:
    """Each line and the order say where the goods are, and which parcel carries them."""
    told(log, *STORY)
    found = order_status(log.datastore, ORDER)
    assert found is not None
    assert (
        found.words == "1 delivered, 1 on the way, 1 being prepared, 1 being arranged, 1 cancelled"
    )
    assert [entry["words"] for entry in found.lines] == [
        "1 delivered, 1 on the way, 1 being prepared",
        "1 being arranged, 1 cancelled",
    ]
    assert found.parcels == [
        {
            "shipment_id": "p1",
            "tracking": "TRACK-p1",
            "shipped_at": NOON.isoformat(),
            "lines": [{"line_id": "1", "quantity": 2}],
        }
    ]
    assert found.ship_by == DUE


def test_a_group_keeps_its_first_promise(log: Log) -> None:
    """A later promise replaces the current one alone."""
    later = DUE + timedelta(days=2)
    told(log, *STORY, allocated(("a9", "2", "A", 1), ship_by=later))
    found = order_status(log.datastore, ORDER)
    assert found is not None
    assert found.promises == {
        "g1": {
            "ship_by": later.isoformat(),
            "deliver_by": None,
            "first_ship_by": DUE.isoformat(),
            "first_deliver_by": None,
        }
    }
    assert found.ship_by == later


def test_the_timeline_tells_every_event(log: Log) -> None:
    """One row per event, in order, in words, with who and when."""
    told(log, *STORY)
    page = timeline(log.datastore, ORDER)
    assert page.next_cursor is None
    assert [happening.words for happening in page.items] == [
        "Order taken: 2 lines with 5 units and 1 charge",
        "2 units held at A; 2 units held at B; 1 unit backordered at A",
        "Goods came: 1 unit of line 1 held at A",
        "2 units of line 1 shipped from A, tracking TRACK-p1",
        "1 unit of line 1 delivered",
        "1 unit of 1 line cancelled: too many",
        "1 unit of line 2 lost at B: count",
    ]
    assert {(h.actor, h.occurred_at) for h in page.items} == {("tester", NOON)}
    first = timeline(log.datastore, ORDER, limit=3)
    rest = timeline(log.datastore, ORDER, limit=30, cursor=first.next_cursor)
    assert [*first.items, *rest.items] == list(page.items)


def test_the_backlog_counts_open_fulfilments_and_units(log: Log) -> None:
    """A pair of order and location is open while anything of it is allocated and not shipped."""
    other = "order:web:1002"
    last = told(
        log,
        *STORY,
        placed(line("1", 1, "10.00"), order=other),
        allocated(("a1", "1", "A", 1), order=other, ship_by=DUE - timedelta(days=1)),
    )
    a, b = backlog(log.datastore)
    assert astuple(a) == (
        *("A", "Warehouse A", "north", False, 2, Decimal(2), Decimal(1), 4, Decimal("0.50")),
        *(DUE - timedelta(days=1), last),
    )
    assert values(b, "open_fulfilments", "units_allocated", "oldest_ship_by") == (0, 0, None)
    told(log, shipped("a1", "1", "A", 1, order=other), delivered("a1", "1", 1, order=other))
    [a] = backlog(log.datastore, zone="north")
    assert values(a, "open_fulfilments", "units_in_transit", "oldest_ship_by") == (1, 1, DUE)


def test_an_erased_person_marks_their_orders(log: Log) -> None:
    """Orders of before and after the erasure are marked, those of others are not."""
    told(
        log,
        placed(line("1", 1, "1.00"), order="order:web:1"),
        placed(line("1", 1, "1.00"), order="order:web:2", subject="s2"),
        (subject_stream("s1"), SubjectErased("asked")),
    )
    assert {n: erased(log, f"order:web:{n}") for n in (1, 2)} == {1: True, 2: False}


def erased(log: Log, order_id: str) -> bool:
    """Say whether an order is marked."""
    found = order(log.datastore, order_id)
    assert found is not None
    return found.erased


def test_stock_of_an_unknown_item_has_no_name(log: Log) -> None:
    """The row is there, so that sums are right, without a SKU."""
    told(log, (stock_stream("ghost", "A"), SafetyStockSet(Decimal(1))))
    with log.datastore.get_connection() as connection:
        row = connection.execute(
            log.datastore.sql("SELECT sku, available FROM {schema}.availability")
        ).fetchone()
    assert row == {"sku": None, "available": 0}
