"""A day's capacity under many callers: N places admit N, the rest is promised for later days."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import wait
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from typing import Any

from domain.base.streams import capacity_stream
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import CancelOrder, DestinationInput, OrderLineInput, PlaceOrder
from domain.stock.commands import ReceiveStock
from eventstore.main import Partition
from tests.support.partitions import NOON, TESTER, WAREHOUSE, do, fresh_id, partition

PER_DAY = 50
ORDERS = 200
FRIDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (
    date(2026, *day) for day in ((11, 27), (11, 30), (12, 1), (12, 2), (12, 3))
)


def open_shop(one: Partition) -> None:
    """Open a channel with a warehouse of much stock that takes fifty fulfilments a day."""
    location = {**WAREHOUSE, "capacity_per_day": PER_DAY}
    do(one, RegisterLocation, location_id="W", location=location)
    channel = {
        "name": "Web",
        "currency": "GBP",
        "prices": "gross",
        "time_zone": "Europe/London",
        "sources": ["W"],
    }
    do(one, OpenChannel, channel_id="web", channel=channel)
    do(one, RegisterItem, item_id="mug", item={"sku": "MUG", "name": "Mug"})
    do(one, ReceiveStock, sku="MUG", location_id="W", quantity=10_000)


def order(number: int) -> PlaceOrder:
    """Return an order for one mug."""
    return PlaceOrder(
        id=fresh_id(),
        now=NOON,
        channel_id="web",
        external_id=str(number),
        currency="GBP",
        destination=DestinationInput(country="GB"),
        lines=(OrderLineInput(sku="MUG", quantity=Decimal(1), unit_price=Decimal("5.00")),),
    )


def promised_days(writers: Sequence[Partition], numbers: range) -> Counter[str]:
    """Place orders at once, each with one of the writers; count the days they are promised for."""
    futures = [
        writers[number % len(writers)].oms.submit(order(number), caller=TESTER, key=None)
        for number in numbers
    ]
    wait(futures, timeout=60)
    outcomes: list[Any] = [future.result().outcome for future in futures]
    return Counter(outcome["promises"][0]["ship_by"][:10] for outcome in outcomes)


def booked(one: Partition) -> dict[str, int]:
    """Return the places of days that are taken, by stream, as the log says."""
    with one.datastore.connect() as connection:
        rows = connection.execute(
            one.datastore.sql(
                "SELECT stream_id, sum(CASE type WHEN 'CapacityBooked' THEN 1 ELSE -1 END)::int "
                "FROM {schema}.log WHERE type LIKE 'Capacity%' GROUP BY stream_id"
            )
        ).fetchall()
    return dict(rows)


FOUR_FULL_DAYS = {
    capacity_stream("W", day): PER_DAY for day in (FRIDAY, MONDAY, TUESDAY, WEDNESDAY)
}


def test_fifty_places_admit_fifty_and_the_rest_is_promised_later(
    postgres: str, schema: str
) -> None:
    """Two hundred at once fill four working days; cancelled orders leave room for others.

    Fridays goods are promised for Saturday: the channel takes a day.
    """
    with partition(postgres, schema) as one:
        open_shop(one)
        days = promised_days([one], range(ORDERS))
        assert days == {"2026-11-28": 50, "2026-11-30": 50, "2026-12-01": 50, "2026-12-02": 50}
        assert booked(one) == FOUR_FULL_DAYS
        for number in range(20):
            do(one, CancelOrder, channel_id="web", external_id=str(number), reason="other")
        assert sum(booked(one).values()) == ORDERS - 20
        promised_days([one], range(ORDERS, ORDERS + 30))
        assert booked(one) == {**FOUR_FULL_DAYS, capacity_stream("W", THURSDAY): 10}


def test_two_writers_never_book_too_much(postgres: str, schema: str) -> None:
    """Two processes race for the same days: each day has its fifty, none more."""
    with ExitStack() as stack:
        writers = [stack.enter_context(partition(postgres, schema)) for _ in range(2)]
        open_shop(writers[0])
        days = promised_days(writers, range(ORDERS))
        assert sum(days.values()) == ORDERS
        assert booked(writers[0]) == FOUR_FULL_DAYS
