"""Orders that do not fit are refused, with the field at fault named."""

from decimal import Decimal

import pytest

from domain.channel.errors import UnknownChannel
from domain.item.errors import InvalidStep, UnknownItem
from domain.order.commands import ChargeInput, DestinationInput, GroupInput, PlaceOrder
from domain.order.errors import CannotDeliverThere, InvalidOrder, OrderExists, WrongCurrency
from tests.domain.order.shop import (
    LONDON,
    add_channel,
    given_shop,
    line,
    place,
    share_of,
    stocked,
)
from tests.support.specification import Given


def test_the_same_number_twice_is_refused() -> None:
    """A channel's order number names one order."""
    once = given_shop(tea_south="9").when(place(line("tea")))
    again = place(line("tea")).model_copy(update={"id": place(number="x").id})
    once.and_when(again).refused(OrderExists, field="external_id")


@pytest.mark.parametrize(
    ("command", "refusal", "field"),
    [
        (place(line("tea"), channel="nobody"), UnknownChannel, "channel_id"),
        (place(line("tea"), line("milk")), UnknownItem, "lines.1.sku"),
        (place(line("tea"), currency="EUR"), WrongCurrency, "currency"),
        (place(line("tea", "1.5")), InvalidStep, "lines.0.quantity"),
        (place(line("rope", "0.25")), InvalidStep, "lines.0.quantity"),
        (place(), InvalidOrder, "lines"),
        (place(line("tea"), destination=None), InvalidOrder, "destination"),
        (place(line("tea", id="a"), line("cup", id="a")), InvalidOrder, "lines.1.id"),
        (
            place(
                charges=(
                    ChargeInput(id="a", kind="x", amount=Decimal(1)),
                    ChargeInput(id="a", kind="y", amount=Decimal(1)),
                )
            ),
            InvalidOrder,
            "charges.1.id",
        ),
        (
            place(line("tea"), groups=(GroupInput(id="a"), GroupInput(id="a"))),
            InvalidOrder,
            "groups.1.id",
        ),
        (
            place(line("tea"), groups=(GroupInput(id="a"),), destination=None),
            InvalidOrder,
            "groups.0.destination",
        ),
        (
            place(line("tea"), groups=(GroupInput(id="a", store="shop"),)),
            InvalidOrder,
            "groups.0.store",
        ),
        (
            place(line("tea"), groups=(GroupInput(id="a", method="pickup"),)),
            InvalidOrder,
            "groups.0.store",
        ),
        (
            place(line("tea"), groups=(GroupInput(id="a", method="pickup", store="moon"),)),
            CannotDeliverThere,
            "groups.0.store",
        ),
        (place(line("tea", shares=(share_of("z", "1"),))), InvalidOrder, "lines.0.shares.0.group"),
        (
            place(line("tea", "2", shares=(share_of("1", "1"), share_of("1", "1")))),
            InvalidOrder,
            "lines.0.shares.1.group",
        ),
        (place(line("tea", "2", shares=(share_of("1", "1"),))), InvalidOrder, "lines.0.shares"),
        (
            place(
                line("rope", "1", shares=(share_of("1", "0.75"), share_of("2", "0.25"))),
                groups=(GroupInput(id="1"), GroupInput(id="2")),
            ),
            InvalidStep,
            "lines.0.shares.0.quantity",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_named(
    command: PlaceOrder, refusal: type, field: str
) -> None:
    """A refusal names the field at fault, and nothing changes."""
    given_shop(tea_south="9", rope_south="9", cup_south="9").when(command).refused(
        refusal, field=field
    )


def test_countries_of_the_channel() -> None:
    """A channel sells to its countries only; a group's own destination is named."""
    world = stocked(tea_south="9")
    add_channel(world, "web", countries=("DE", "FR"))
    Given(world).when(place(line("tea"))).refused(CannotDeliverThere, field="destination.country")
    own = GroupInput(id="a", destination=LONDON)
    Given(world).when(place(line("tea"), groups=(own,))).refused(
        CannotDeliverThere, field="groups.0.destination.country"
    )
    berlin = DestinationInput(country="DE")
    Given(world).when(place(line("tea"), destination=berlin)).answers(status="open")


def test_a_store_outside_the_channel_is_no_place_to_pick_up() -> None:
    """A registered store must be a source of the channel."""
    world = stocked(tea_shop="9")
    add_channel(world, "web", sources=("north",))
    command = place(line("tea"), groups=(GroupInput(id="a", method="pickup", store="shop"),))
    Given(world).when(command).refused(CannotDeliverThere, field="groups.0.store")
