"""What a basket could be promised: every way, with its reason, its dates and its cost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.base.errors import Refusal
from domain.channel.events import ChannelSettings
from domain.handlers.placing.asking import MOST_STORES, Promise, Wishes, ask
from domain.hold.basket import Basket, BasketLine
from domain.item.errors import InvalidStep, UnknownItem
from domain.item.events import Component
from domain.order.commands import PlaceInput
from domain.order.errors import CannotDeliverThere, InvalidOrder
from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.reference import Reference, Service
from tests.domain.routing.drafts import NOW, facts, location

HERE = PlaceInput(country="DE", latitude=50.0, longitude=8.0)
ALL = Wishes()
SHIP = Wishes(methods=("ship",))
PICKUP = Wishes(methods=("pickup",))


def known(stock: Mapping[str, Mapping[str, int]], *places: LocationFacts) -> RoutingFacts:
    """Return facts in which items are named by their ids."""
    return facts(stock, list(places) or None, skus={item: item for item in stock})


def service(name: str, level: str, days: int, price: str, **more: Any) -> Service:
    """Return a carrier's service that goes everywhere for one price."""
    rates = {"": ((30_000, Decimal(price)),)}
    return Service("Post", name, rates, {"": days}, level=level, **more)


def with_carriers(of: RoutingFacts, *services: Service) -> RoutingFacts:
    """Return facts with carriers, and items that weigh a kilogram."""
    items = {
        name: replace(item, attributes=replace(item.attributes, weight_grams=1000))
        for name, item in of.items.items()
    }
    return replace(of, items=items, reference=Reference(services=services))


def asked(
    of: RoutingFacts,
    *lines: tuple[str, str],
    wishes: Wishes = ALL,
    destination: PlaceInput | None = HERE,
    **settings: Any,
) -> tuple[Promise, ...]:
    """Ask for (SKU, quantity) lines through a channel that sells from everywhere."""
    wanted = tuple(BasketLine(sku=sku, quantity=Decimal(quantity)) for sku, quantity in lines)
    basket = Basket(channel_id="web", destination=destination, lines=wanted)
    channel = ChannelSettings(
        **{
            "name": "web",
            "currency": "EUR",
            "prices": "gross",
            "time_zone": "Europe/Berlin",
            "sources": tuple(of.locations),
            **settings,
        }
    )
    return ask(basket, wishes, channel=channel, facts=of, now=NOW)


def test_every_service_level_is_an_option_with_its_dates_and_cost() -> None:
    """Express comes earlier and costs more; each from the same two parcels' worth of goods."""
    of = with_carriers(
        known({"tea": {"A": 5}}),
        service("Parcel", "standard", 3, "4.90"),
        service("Overnight", "express", 1, "14.90"),
    )
    standard, express = asked(of, ("tea", "2"), wishes=SHIP)
    assert (standard.service, express.service) == ("standard", "express")
    assert standard.option.possible
    assert express.option.possible
    assert (standard.option.shipping_cost, express.option.shipping_cost) == (
        Decimal("4.90"),
        Decimal("14.90"),
    )
    assert (standard.option.currency, standard.option.parcels) == ("EUR", 1)
    assert express.due.deliver_by is not None
    assert standard.due.deliver_by == express.due.deliver_by + timedelta(days=2)
    assert standard.due.ship_by == express.due.ship_by


def test_nothing_is_there_before_it_is_promised_to_leave() -> None:
    """Where the channel promises to dispatch late, goods come no sooner than on that day."""
    of = with_carriers(known({"tea": {"A": 5}}), service("Overnight", "standard", 1, "14.90"))
    for promise in asked(of, ("tea", "2"), dispatch_hours=96):
        assert promise.due.ship_by == NOW + timedelta(hours=96)
        assert promise.due.deliver_by is not None
        assert promise.due.deliver_by.date() == promise.due.ship_by.date()
        assert promise.due.deliver_by > promise.due.ship_by
    soon, _ = asked(of, ("tea", "2"), dispatch_hours=1)
    assert soon.due.ship_by == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert soon.due.deliver_by == datetime(2026, 3, 3, 22, 59, 59, tzinfo=UTC)


def test_without_carriers_there_is_one_level_without_dates_of_arrival() -> None:
    """What is not known is not guessed."""
    (only,) = asked(known({"tea": {"A": 5}}), ("tea", "2"), wishes=SHIP)
    assert (only.service, only.option.possible) == ("standard", True)
    assert only.due.ship_by is not None
    assert (only.due.deliver_by, only.option.parcels, only.option.shipping_cost) == (None,) * 3


def test_a_split_is_told_by_its_fulfilments() -> None:
    """Three and two of five come from two places."""
    (only,) = asked(known({"tea": {"A": 3, "B": 2}}), ("tea", "5"), wishes=SHIP)
    assert sorted(one.location_id for one in only.option.fulfilments) == ["A", "B"]
    assert {one.mode for one in only.option.fulfilments} == {"ship-from-warehouse"}


def test_what_is_short_is_told_line_by_line() -> None:
    """Seven are wanted, five are there; the other line is complete; nothing is promised."""
    of = known({"tea": {"A": 3, "B": 2}, "cup": {"A": 9}})
    (only,) = asked(of, ("tea", "7"), ("cup", "1"), wishes=SHIP)
    assert (only.option.possible, only.option.reason) == (False, "too-little-stock")
    assert [one.available for one in only.option.lines] == [5, 1]
    assert not any(one.can_wait for one in only.option.lines)
    assert (only.due.ship_by, only.due.deliver_by) == (None, None)


@pytest.mark.parametrize(
    ("place", "settings", "reason"),
    [
        (location("A", suspended=True), {}, "suspended"),
        (location("A", channels=("till",)), {}, "channel-not-served"),
        (location("A", countries=("FR",)), {}, "country-not-served"),
    ],
)
def test_what_is_there_and_may_not_be_sent_has_the_rules_reason(
    place: LocationFacts, settings: dict[str, Any], reason: str
) -> None:
    """The reason is that of the rule that keeps the locations out."""
    (only,) = asked(known({"tea": {"A": 5}}, place), ("tea", "2"), wishes=SHIP, **settings)
    assert (only.option.possible, only.option.reason) == (False, reason)
    assert [(one.reason, one.locations) for one in only.option.exclusions] == [(reason, 1)]


def test_a_level_that_no_carrier_offers_is_not_possible() -> None:
    """Asked for by name, it says that nobody carries it."""
    of = with_carriers(known({"tea": {"A": 5}}), service("Parcel", "standard", 3, "4.90"))
    wishes = Wishes(methods=("ship",), services=("drone", "standard"))
    drone, standard = asked(of, ("tea", "2"), wishes=wishes)
    assert (drone.option.possible, drone.option.reason) == (False, "no-carrier")
    assert standard.option.possible


def test_enough_in_all_but_not_together_is_said_so() -> None:
    """A channel that never splits cannot sell three and two as five."""
    of = known({"tea": {"A": 3, "B": 2}})
    (only,) = asked(of, ("tea", "5"), wishes=SHIP, split="never")
    assert (only.option.possible, only.option.reason) == (False, "not-together")


def test_a_channel_with_backorders_says_when_goods_would_come() -> None:
    """Behind four who wait, ten expected cover the two that are short, and not eight."""
    of = known({"tea": {"A": 3}})
    due = datetime(2026, 3, 9, tzinfo=UTC)
    stock = replace(of.items["tea"].stock["A"], queued=Decimal(4), expected=((due, Decimal(10)),))
    of = replace(of, items={"tea": replace(of.items["tea"], stock={"A": stock})})
    (five,) = asked(of, ("tea", "5"), wishes=SHIP, backorders=True)
    assert [(one.can_wait, one.goods_due) for one in five.option.lines] == [(True, due)]
    (twelve,) = asked(of, ("tea", "12"), wishes=SHIP, backorders=True)
    assert [(one.can_wait, one.goods_due) for one in twelve.option.lines] == [(True, None)]
    (refused,) = asked(of, ("tea", "5"), wishes=SHIP)
    assert [one.can_wait for one in refused.option.lines] == [False]


def test_a_kit_comes_whole_and_never_waits() -> None:
    """Two cups make two sets at most; the third cannot wait even where others may."""
    of = known({"tea": {"A": 9}, "cup": {"A": 2}, "set": {}}, location("A"))
    parts = (Component("tea", Decimal(2), Decimal(0)), Component("cup", Decimal(1), Decimal(1)))
    kit = replace(of.items["set"], attributes=replace(of.items["set"].attributes, components=parts))
    of = replace(of, items={**of.items, "set": kit})
    (only,) = asked(of, ("set", "3"), wishes=SHIP, backorders=True)
    (line,) = only.option.lines
    assert line.available == 2
    assert (line.can_wait, only.option.reason) == (False, "too-little-stock")


def test_pick_up_is_offered_at_the_nearest_stores_that_have_it() -> None:
    """Nearest first, bounded, without those that are short, closed for customers or suspended."""
    places = [
        *(location(f"S{n}", east=float(n)) for n in range(9)),
        location("W", east=0.1, capabilities=("ship",)),
        location("X", east=0.2, suspended=True),
        location("Y", east=None),
    ]
    stock = {place.location_id: 5 for place in places} | {"S2": 1}
    found = asked(known({"tea": stock}, *places), ("tea", "2"), wishes=PICKUP)
    assert [one.store for one in found] == ["S0", "S1", "S3", "S4", "S5"]
    assert len(found) == MOST_STORES
    assert all(one.option.fulfilments[0].mode == "pickup" for one in found)


def test_without_a_destination_stores_come_in_the_channels_order() -> None:
    """Only pick-up is offered then; shipping that is asked for wants a destination."""
    of = known({"tea": {"A": 5, "B": 5}})
    found = asked(of, ("tea", "2"), destination=None, sources=("B", "A"))
    assert [(one.method, one.store) for one in found] == [("pickup", "B"), ("pickup", "A")]
    with pytest.raises(InvalidOrder) as refused:
        asked(of, ("tea", "2"), destination=None, wishes=SHIP)
    assert refused.value.field == "destination"


def test_stores_asked_for_are_answered_whether_they_have_it_or_not() -> None:
    """In the order asked, for pick-up and for reserving."""
    of = known({"tea": {"A": 5, "B": 1}})
    wishes = Wishes(methods=("reserve", "pickup"), stores=("B", "A"))
    found = asked(of, ("tea", "2"), wishes=wishes)
    assert [(one.method, one.store, one.option.possible) for one in found] == [
        ("reserve", "B", False),
        ("reserve", "A", True),
        ("pickup", "B", False),
        ("pickup", "A", True),
    ]
    assert found[0].option.reason == "too-little-stock"


def test_what_an_order_would_be_refused_for_is_refused_here() -> None:
    """Unknown SKUs and stores, odd quantities, countries: each names the field that was sent."""
    of = known({"tea": {"A": 5}})
    refusals: tuple[tuple[Any, dict[str, Any], Wishes, type[Refusal], str], ...] = (
        ((("tea", "1"), ("nil", "1")), {}, ALL, UnknownItem, "lines.1.sku"),
        ((("tea", "0.5"),), {}, ALL, InvalidStep, "lines.0.quantity"),
        ((("tea", "1"),), {"countries": ("FR",)}, ALL, CannotDeliverThere, "destination.country"),
        (
            (("tea", "1"),),
            {},
            Wishes(methods=("pickup",), stores=("A", "moon")),
            CannotDeliverThere,
            "stores.1",
        ),
    )
    for lines, settings, wishes, error, field in refusals:
        with pytest.raises(error) as refused:
            asked(of, *lines, wishes=wishes, **settings)
        assert refused.value.field == field
