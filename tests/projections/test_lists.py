"""Lists: filters, pages by cursor, and bad cursors."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest

from eventstore.main import Log
from projections.channels.queries import channel as find_channel
from projections.channels.queries import list_channels
from projections.database import query
from projections.items.queries import item as find_item
from projections.items.queries import item_by_sku, item_ids_of, list_items
from projections.locations.queries import list_locations
from projections.locations.queries import location as find_location
from projections.orders.queries import OrderFilter, list_orders, order
from projections.paging import InvalidCursor, Page
from tests.projections.story import (
    allocated,
    channel,
    delivered,
    item,
    kit,
    line,
    location,
    placed,
    shipped,
)
from tests.projections.writing import NOON, append, engine

ONE: Final = line("1", 1, "1.00")


@pytest.fixture
def shop(log: Log) -> Log:
    """Return a log with ten orders, a minute apart, of two channels and customers."""
    for n in range(10):
        number = f"order:{('web', 'till')[n % 2]}:{n}"
        at = NOON + timedelta(minutes=n)
        append(log, placed(ONE, order=number, customer=f"c{n % 3}"), at=at)
        if n < 4:
            append(log, allocated(("a", "1", "A" if n < 2 else "B", 1), order=number))
        if n < 2:
            append(
                log, shipped("a", "1", "A", 1, order=number), delivered("a", "1", 1, order=number)
            )
    engine(log).catch_up()
    return log


def numbers(log: Log, limit: int = 50, **which: Any) -> list[str]:
    """Return the numbers of the orders that pass, page by page."""
    return pages(
        lambda cursor: list_orders(log.datastore, OrderFilter(**which), limit=limit, cursor=cursor),
        "external_id",
    )


def pages(page: Callable[[str | None], Page[Any]], field: str) -> list[str]:
    """Return a field of everything in a list."""
    found = page(None)
    values = [getattr(entry, field) for entry in found.items]
    while found.next_cursor is not None:
        found = page(found.next_cursor)
        assert found.items
        values += [getattr(entry, field) for entry in found.items]
    return values


@pytest.mark.parametrize("limit", [1, 3, 9, 10, 50])
def test_pages_show_every_order_once_newest_first(shop: Log, limit: int) -> None:
    """Whatever the size of the pages."""
    assert numbers(shop, limit) == list("9876543210")


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ({"channel_id": "web"}, "86420"),
        ({"status": "delivered"}, "10"),
        ({"channel_id": "till", "status": "open"}, "9753"),
        ({"customer_id": "c1"}, "741"),
        ({"location_id": "B"}, "32"),
        ({"location_id": "A", "channel_id": "web"}, "0"),
        ({"placed_from": NOON + timedelta(minutes=7)}, "987"),
        ({"placed_before": NOON + timedelta(minutes=2)}, "10"),
        ({"location_id": "B", "placed_from": NOON + timedelta(minutes=3)}, "3"),
        ({"channel_ids": ["web"], "status": "open"}, "8642"),
        ({"channel_ids": []}, ""),
        ({"channel_id": "none"}, ""),
    ],
)
def test_filters_hold_together_on_every_page(
    shop: Log, which: dict[str, Any], expected: str
) -> None:
    """What is listed passes all of them, and nothing that passes is left out."""
    assert numbers(shop, 2, **which) == list(expected)


def test_orders_of_one_instant_keep_their_places(log: Log) -> None:
    """The position breaks the tie."""
    append(log, *(placed(ONE, order=f"order:web:{n}") for n in range(5)))
    engine(log).catch_up()
    assert numbers(log, 2) == list("43210")


@pytest.mark.parametrize(
    "cursor", ["nonsense", "", "W10", "WyJhIiwxXQ", "WzEsMl0", "WyJcdTAwMDAiLDFd", "é", "e30"]
)
def test_a_cursor_of_somewhere_else_is_refused(log: Log, cursor: str) -> None:
    """It is named as such, and no query is asked."""
    with pytest.raises(InvalidCursor):
        list_orders(log.datastore, OrderFilter(), cursor=cursor)
    with pytest.raises(InvalidCursor):
        list_items(log.datastore, cursor=cursor)


def test_what_is_not_there_is_none(log: Log) -> None:
    """For every kind that is asked by its id."""
    assert order(log.datastore, "order:web:none") is None
    assert find_item(log.datastore, "none") is None
    assert item_by_sku(log.datastore, "none") is None
    assert find_channel(log.datastore, "none") is None
    assert find_location(log.datastore, "none") is None


def test_items_are_listed_by_sku_and_found_by_any_name(log: Log) -> None:
    """Without regard to case."""
    append(log, *item("i3", "b"), *item("i1", "C"), *item("i2", "A"), *kit("k", "D", i1=2))
    engine(log).catch_up()
    listed = pages(lambda cursor: list_items(log.datastore, limit=2, cursor=cursor), "sku")
    assert listed == ["A", "b", "C", "D"]
    found = item_by_sku(log.datastore, "d")
    assert found == find_item(log.datastore, "k")
    assert found is not None
    assert (found.kind, found.components) == (
        "kit",
        [{"item_id": "i1", "quantity": 2, "price_share": 1}],
    )
    assert item_ids_of(log.datastore, ["a", "B", "zz"]) == {"a": "i2", "b": "i3"}


def test_channels_and_locations_are_listed_by_id(log: Log) -> None:
    """Page by page."""
    days = (date(2026, 12, 24), date(2026, 12, 31))
    at_b = location("B", countries=("DE", "AT"), closed_on=days)
    append(log, channel("web", "A"), channel("till", "B"), at_b, location("A"))
    engine(log).catch_up()
    datastore = log.datastore
    shown = pages(lambda cursor: list_channels(datastore, limit=1, cursor=cursor), "channel_id")
    assert shown == ["till", "web"]
    shown = pages(lambda cursor: list_locations(datastore, limit=1, cursor=cursor), "location_id")
    assert shown == ["A", "B"]
    web = find_channel(datastore, "web")
    assert web is not None
    assert (web.sources, web.currency, web.capture_mode) == (["A"], "GBP", "ask")
    at_a = find_location(datastore, "A")
    assert at_a is not None
    assert (at_a.attributes["name"], at_a.suspended) == ("Warehouse A", False)
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql("SELECT location_id, countries, closed_on FROM {schema}.locations")
        ).fetchall()
    assert sorted(rows) == [("A", [], []), ("B", ["DE", "AT"], list(days))]
