"""How a customer lets a delivery group go on: pure functions of the order and the choice."""

from domain.base.messages import Event
from domain.base.quantity import ZERO, plain
from domain.channel.events import ChannelSettings
from domain.order.commands import GroupInput
from domain.order.errors import InvalidOrder, NoChoiceAwaited, UnknownGroup
from domain.order.events import AllocationReleased, DeliveryGroup, Destination
from domain.order.groups import Places, Wish, names_a_person, person_of, shipped_group, store_group
from domain.order.rerouting_commands import ChooseDelivery
from domain.order.rerouting_events import BackorderReleased, DeliveryChosen
from domain.order.state import GroupState, Order

CHANGED = "changed"
"""Why what a group held is given back when the customer chose another way for it."""


def choose(
    order: Order, command: ChooseDelivery, channel: ChannelSettings, places: Places
) -> tuple[Event, ...]:
    """Return the choice, and what the group gives back where it goes another way.

    Raises:
        UnknownGroup: the order has no such group.
        NoChoiceAwaited: the group waits for none or has nothing left to deliver, and nothing of
            it is held from routing.
        InvalidOrder: the choice lacks its store or destination, or names what it has no use for.
        CannotDeliverThere: the channel does not sell to that country or from that store.
    """
    group = _group(order, command.group_id)
    chosen = DeliveryChosen(command.choice, _new_group(group, command, channel, places))
    return (chosen, *_given_back(order, group)) if command.choice != "wait" else (chosen,)


def subject_of_choice(order: Order, command: ChooseDelivery) -> str | None:
    """Return whose personal data a choice carries; None where it carries none."""
    if command.destination is None or not names_a_person(command.destination):
        return None
    return person_of(order.channel_id, order.external_id, order.customer_id)


def _group(order: Order, group_id: str) -> GroupState:
    group = order.group(group_id)
    if group is None:
        raise UnknownGroup(f"The order has no delivery group {group_id!r}", field="group_id")
    held = order.hold is not None and any(
        quantity > ZERO for (_, of), quantity in order.open_shares.items() if of == group_id
    )
    asked = group.awaits_choice is not None and order.has_left(group_id)
    if not asked and not held:
        raise NoChoiceAwaited(f"Delivery group {group_id!r} waits for no choice", field="group_id")
    return group


def _new_group(
    group: GroupState, command: ChooseDelivery, channel: ChannelSettings, places: Places
) -> DeliveryGroup:
    _check_named(command)
    if command.choice == "wait":
        return _same(group)
    if command.store is not None and command.store == group.store:
        raise InvalidOrder("That is the same store; the choice 'wait' asks it again", field="store")
    method = "ship" if command.choice == "ship" else group.method
    wish = GroupInput(
        id=group.group_id,
        method="pickup" if method == "ship" and command.choice != "ship" else method,
        destination=command.destination,
        store=command.store,
        service=command.service or group.service,
        requested_date=group.requested_date,
    )
    if command.choice == "ship":
        return shipped_group(Wish(wish, ""), None, channel, places)
    return store_group(Wish(wish, ""), channel, places.stores)


def _check_named(command: ChooseDelivery) -> None:
    wanted = {"another-store": "store", "ship": "destination", "wait": None}[command.choice]
    given = {"store": command.store, "destination": command.destination}
    for field, value in given.items():
        if field == wanted and value is None:
            raise InvalidOrder(f"The choice {command.choice!r} names a {field}", field=field)
        if field != wanted and value is not None:
            raise InvalidOrder(f"The choice {command.choice!r} names no {field}", field=field)


def _same(group: GroupState) -> DeliveryGroup:
    """Return a group that waits at its store as it is.

    Raises:
        InvalidOrder: it is shipped, so there is no store to wait for.
    """
    if group.store is None:
        raise InvalidOrder("Only a store can be waited for", field="choice")
    place = group.place
    return DeliveryGroup(
        group_id=group.group_id,
        method=group.method,
        destination=Destination(
            country=place.country,
            region=place.region,
            postal_code=place.postal_code,
            latitude=place.latitude,
            longitude=place.longitude,
        ),
        store=group.store,
        service=group.service,
        requested_date=group.requested_date,
    )


def _given_back(order: Order, group: GroupState) -> list[Event]:
    released: list[Event] = [
        AllocationReleased(
            allocation_id, held.line_id, held.location_id, plain(held.quantity), CHANGED
        )
        for allocation_id, held in sorted(order.allocations.items(), key=lambda each: each[0])
        if held.group_id == group.group_id and held.quantity > ZERO
    ]
    released += [
        BackorderReleased(
            backorder_id, waiting.line_id, waiting.location_id, plain(waiting.quantity), CHANGED
        )
        for backorder_id, waiting in sorted(order.backorders.items(), key=lambda each: each[0])
        if waiting.group_id == group.group_id and waiting.quantity > ZERO
    ]
    return released
