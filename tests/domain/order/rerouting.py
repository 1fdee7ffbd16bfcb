"""Commands and looks for tests of refusals, moves, holds and choices."""

from datetime import timedelta
from typing import Any, Final

from domain.base.streams import location_stream, order_stream
from domain.location.events import LocationSuspended
from domain.order.commands import GroupInput
from domain.order.rerouting_commands import (
    ChooseDelivery,
    MoveAllocations,
    RefuseAllocation,
    ReleaseRoutingHold,
)
from domain.order.state import Order
from tests.domain.order.shop import NOW, command_id, line, place
from tests.support.specification import Outcome, World

LATER: Final = NOW + timedelta(hours=2)
PICK_UP: Final = (GroupInput(id="1", method="pickup", store="shop"),)


def refuse(allocation_id: str, *, channel: str = "web", **fields: Any) -> RefuseAllocation:
    """Return a command by which a site refuses an allocation."""
    said = {"reason": "not-found", **fields}
    return RefuseAllocation(
        id=command_id(f"refuse {allocation_id} {fields}"),
        now=LATER,
        channel_id=channel,
        external_id="1001",
        allocation_id=allocation_id,
        **said,
    )


def move(location_id: str, *, channel: str = "web", number: str = "1001") -> MoveAllocations:
    """Return a command that moves an order's work from a location."""
    return MoveAllocations(
        id=command_id(f"move {location_id} {number}"),
        now=LATER,
        channel_id=channel,
        external_id=number,
        location_id=location_id,
    )


def let_go(**fields: Any) -> ReleaseRoutingHold:
    """Return a command that releases an order's hold."""
    return ReleaseRoutingHold(
        id=command_id(f"let go {fields}"),
        now=LATER,
        channel_id=fields.pop("channel", "web"),
        external_id="1001",
        reason="checked",
        **fields,
    )


def choose(choice: str, *, channel: str = "web", **fields: Any) -> ChooseDelivery:
    """Return a customer's choice for the group `1`."""
    return ChooseDelivery.model_validate(
        {
            "id": command_id(f"choose {choice} {fields}"),
            "now": LATER,
            "channel_id": channel,
            "external_id": "1001",
            "group_id": fields.pop("group_id", "1"),
            "choice": choice,
            **fields,
        }
    )


def suspend(world: World, location_id: str, *, move_work: bool = True) -> World:
    """Suspend a location."""
    world.append(location_stream(location_id), [LocationSuspended("flood", move_work)])
    return world


def picked_up(world: World, quantity: str = "2", *, channel: str = "web") -> World:
    """Place an order of tea that is picked up at the shop."""
    world.do(place(line("tea", quantity), channel=channel, groups=PICK_UP, destination=None))
    return world


def order_in(found: World | Outcome, channel: str = "web") -> Order:
    """Return the order as it stands."""
    order: Order = found.state(order_stream(channel, "1001"))
    return order


def held_at(found: World | Outcome, channel: str = "web") -> dict[str, int]:
    """Return what is reserved for the order, by location."""
    sums: dict[str, int] = {}
    for each in order_in(found, channel).allocations.values():
        if each.quantity:
            sums[each.location_id] = sums.get(each.location_id, 0) + int(each.quantity)
    return sums


def only_allocation(found: World | Outcome, location_id: str, channel: str = "web") -> str:
    """Return the id of the one allocation that holds something at a location."""
    held = order_in(found, channel).allocations.items()
    (found_id,) = [key for key, one in held if one.location_id == location_id and one.quantity]
    return found_id


def types(outcome: Outcome, channel: str = "web") -> list[str]:
    """Return the names of what happened to the order."""
    assert outcome.decision is not None
    events = outcome.decision.events.get(order_stream(channel, "1001"), ())
    return [type(event).__name__ for event in events]
