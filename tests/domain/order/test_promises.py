"""Promises follow the calendars of what sends and of where it goes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.base.instants import end_of_day, zone_of_country
from domain.base.streams import location_stream
from domain.location.events import LocationAttributes, LocationChanged
from domain.order.commands import GroupInput, PlaceOrder
from domain.order.events import GroupPromise, LinesAllocated
from domain.routing.facts import RoutingFacts
from domain.routing.reference import Reference, Service
from tests.domain.order.shop import NOW, ORDER, given_shop, line, place, stock, stocked
from tests.support.specification import Outcome, given_world

SATURDAY = datetime(2026, 3, 7, 9, tzinfo=UTC)
POST = Service("Post", "Parcel", {"": ((30_000, Decimal(4)),)}, {"": 2})
CARRIED = RoutingFacts(0, {}, {}, reference=Reference((POST,)))


def allocated(outcome: Outcome) -> LinesAllocated:
    """Return how the order was allocated."""
    assert outcome.decision is not None
    return next(e for e in outcome.decision.events[ORDER] if isinstance(e, LinesAllocated))


def placed_at(now: datetime, **fields: Any) -> PlaceOrder:
    """Return an order for one tea."""
    return place(line("tea"), now=now, **fields)


def test_goods_ordered_at_the_weekend_leave_by_mondays_cut_off() -> None:
    """A day after Saturday is Sunday, when nobody works: the promise is Monday, 14:00 local."""
    event = allocated(given_shop(tea_north="5").when(placed_at(SATURDAY)))
    assert [(one.leaves, one.ship_by) for one in event.fulfilments] == [
        (date(2026, 3, 9), datetime(2026, 3, 9, 14, tzinfo=UTC))
    ]
    assert event.promises == (GroupPromise("1", datetime(2026, 3, 9, 14, tzinfo=UTC), None),)


def test_the_channels_dispatch_hours_are_never_undercut() -> None:
    """What could leave today is promised for tomorrow where the channel takes a day."""
    event = allocated(given_shop(tea_north="5").when(placed_at(NOW)))
    assert [one.leaves for one in event.fulfilments] == [NOW.date()]
    assert event.promises == (GroupPromise("1", NOW + timedelta(days=1), None),)


def test_arrival_is_promised_for_the_end_of_the_day_where_it_goes() -> None:
    """Two working days after Monday is Wednesday, in the destination's zone."""
    shop = given_shop(tea_north="5").given_facts(CARRIED)
    event = allocated(shop.when(placed_at(NOW)))
    assert [(one.carrier, one.parcels, one.shipping_cost) for one in event.fulfilments] == [
        ("Post", 1, Decimal(4))
    ]
    assert event.fulfilments[0].arrives == date(2026, 3, 4)
    assert event.promises[0].deliver_by == datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)


def test_what_is_picked_up_is_promised_for_the_stores_day() -> None:
    """A store in another zone ends its day there, whatever the country's first zone is.

    It is the day by which the channel promises to dispatch, since that is later.
    """
    world = stocked()
    world.append(
        location_stream("shop"),
        [
            LocationChanged(
                LocationAttributes(
                    "shop", "store", "US", "America/Los_Angeles", capabilities=("pickup",)
                )
            )
        ],
    )
    stock(world, "tea", "shop", "5")
    groups = (GroupInput(id="1", method="pickup", store="shop"),)
    event = allocated(given_world(world).when(placed_at(NOW, groups=groups)))
    assert event.fulfilments[0].arrives == event.fulfilments[0].leaves == date(2026, 3, 2)
    assert event.promises[0].ship_by == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert event.promises[0].deliver_by == datetime(2026, 3, 4, 7, 59, 59, tzinfo=UTC)


def test_a_split_is_promised_for_its_last_parcel() -> None:
    """The later of two locations' days counts for the group."""
    world = stocked(tea_north="1", tea_south="1")
    attributes = world.state(location_stream("south")).attributes
    closed = tuple(date(2026, 3, day) for day in range(2, 10))
    world.append(location_stream("south"), [LocationChanged(replace(attributes, closed_on=closed))])
    event = allocated(given_world(world).when(place(line("tea", "2"))))
    assert sorted(one.leaves for one in event.fulfilments if one.leaves) == [
        date(2026, 3, 2),
        date(2026, 3, 10),
    ]
    assert event.promises[0].ship_by == datetime(2026, 3, 10, 14, tzinfo=UTC)


def test_a_location_that_never_opens_gets_nothing() -> None:
    """Nothing may be promised from there: the farther one sends, with the reason counted."""
    world = stocked(tea_south="5", tea_north="5")
    attributes = world.state(location_stream("south")).attributes
    world.append(location_stream("south"), [LocationChanged(replace(attributes, open_days=()))])
    event = allocated(given_world(world).when(placed_at(NOW)))
    assert [one.location_id for one in event.allocations] == ["north"]
    assert [(one.reason, one.locations) for one in event.decision.exclusions] == [("closed", 1)]


def test_zones_of_countries_are_the_first_listed_and_else_as_told() -> None:
    """A day ends later in the west; a country that is not listed takes what is offered."""
    assert zone_of_country("DE", "UTC") == "Europe/Berlin"
    assert zone_of_country("US", "UTC") == "America/New_York"
    assert zone_of_country("XK", "Europe/Vienna") == "Europe/Vienna"
    assert end_of_day(date(2026, 7, 1), "Europe/Berlin") == datetime(
        2026, 7, 1, 21, 59, 59, tzinfo=UTC
    )
