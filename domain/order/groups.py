"""Delivery groups of a new order, and which group gets how much of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.base.personal import Personal
from domain.base.quantity import ZERO
from domain.channel.events import ChannelSettings
from domain.location.events import LocationAttributes
from domain.order.commands import DestinationInput, GroupInput, OrderLineInput, PlaceOrder
from domain.order.errors import CannotDeliverThere, InvalidOrder
from domain.order.events import DeliveryGroup, Destination, GroupShare

ONLY_GROUP: Final = "1"


@dataclass(frozen=True, slots=True)
class Wish:
    """A group as asked for, and where in the command it stands."""

    group: GroupInput
    path: str

    def field(self, name: str) -> str:
        """Return the path of one of its fields."""
        return f"{self.path}.{name}" if self.path else name


def stores_named(command: PlaceOrder) -> tuple[str, ...]:
    """Return the ids of the stores that an order's groups name, each once."""
    return tuple(dict.fromkeys(g.store for g in command.groups if g.store is not None))


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of places: stores by id, and coordinates by (country, postal code)."""

    stores: Mapping[str, LocationAttributes]
    coordinates: Mapping[tuple[str, str], tuple[float, float]]


def delivery_groups(
    command: PlaceOrder, channel: ChannelSettings, places: Places
) -> tuple[DeliveryGroup, ...]:
    """Return the order's groups; without any, one that ships all lines to its destination.

    A destination without coordinates gets those of its postal code, so that it can be routed
    again as it was the first time.

    Raises:
        InvalidOrder: a group is named twice, or lacks its destination or store.
        CannotDeliverThere: the channel does not sell to that country or from that store.
    """
    seen: set[str] = set()
    groups = []
    for wish in _wishes(command):
        if wish.group.id in seen:
            raise InvalidOrder(f"Two groups have the id {wish.group.id!r}", field=wish.field("id"))
        seen.add(wish.group.id)
        if wish.group.method == "ship":
            groups.append(shipped_group(wish, command.destination, channel, places))
        else:
            groups.append(store_group(wish, channel, places.stores))
    return tuple(groups)


def _wishes(command: PlaceOrder) -> list[Wish]:
    if command.groups:
        return [Wish(group, f"groups.{n}") for n, group in enumerate(command.groups)]
    if command.destination is None:
        if command.lines:
            raise InvalidOrder("An order with lines says where they go", field="destination")
        return []
    return [Wish(GroupInput(id=ONLY_GROUP), "")]


def shipped_group(
    wish: Wish, default: DestinationInput | None, channel: ChannelSettings, places: Places
) -> DeliveryGroup:
    """Return a group that is shipped to its own destination, or to the order's.

    Raises:
        InvalidOrder: it names a store, or no destination.
        CannotDeliverThere: the channel does not sell to that country.
    """
    group = wish.group
    if group.store is not None:
        raise InvalidOrder("Goods that are shipped go to no store", field=wish.field("store"))
    destination = group.destination or default
    own = wish.field("destination")
    if destination is None:
        raise InvalidOrder("A group that is shipped says where to", field=own)
    if channel.countries and destination.country not in channel.countries:
        path = own if group.destination is not None else "destination"
        raise CannotDeliverThere(
            f"The channel does not sell to {destination.country}", field=f"{path}.country"
        )
    return DeliveryGroup(
        group_id=group.id,
        method=group.method,
        destination=_destination(destination, places),
        service=group.service,
        requested_date=group.requested_date,
    )


def store_group(
    wish: Wish, channel: ChannelSettings, stores: Mapping[str, LocationAttributes]
) -> DeliveryGroup:
    """Return a group that is picked up or reserved at its store.

    Raises:
        InvalidOrder: it names no store.
        CannotDeliverThere: there is none of that id, or the channel does not sell from it.
    """
    group, field = wish.group, wish.field("store")
    if group.store is None:
        raise InvalidOrder("Pick-up and reserve in store name a store", field=field)
    store = stores.get(group.store)
    if store is None:
        raise CannotDeliverThere(f"No store {group.store!r} exists", field=field)
    if group.store not in channel.sources:
        raise CannotDeliverThere(f"The channel does not sell from {group.store!r}", field=field)
    return DeliveryGroup(
        group_id=group.id,
        method=group.method,
        destination=Destination(
            country=store.country,
            region=store.region,
            postal_code=store.postal_code,
            latitude=store.latitude,
            longitude=store.longitude,
        ),
        store=group.store,
        service=group.service,
        requested_date=group.requested_date,
    )


def _destination(given: DestinationInput, places: Places) -> Destination:
    latitude, longitude = given.latitude, given.longitude
    if (latitude is None or longitude is None) and given.postal_code is not None:
        known = places.coordinates.get((given.country, given.postal_code))
        latitude, longitude = known or (latitude, longitude)
    return Destination(
        country=given.country,
        region=given.region,
        postal_code=given.postal_code,
        latitude=latitude,
        longitude=longitude,
        recipient=given.recipient,
        street=given.street,
        city=given.city,
    )


def line_shares(
    line: OrderLineInput, index: int, groups: Sequence[DeliveryGroup]
) -> tuple[GroupShare, ...]:
    """Return which groups get how much of a line; all of it the first, unless it says.

    Raises:
        InvalidOrder: a share names no group, or one twice, or shares do not sum to the line.
    """
    if not line.shares:
        return (GroupShare(groups[0].group_id, line.quantity),)
    known = {group.group_id for group in groups}
    for number, share in enumerate(line.shares):
        if share.group not in known:
            raise InvalidOrder(
                f"The order has no group {share.group!r}, or two shares of this line name it",
                field=f"lines.{index}.shares.{number}.group",
            )
        known.remove(share.group)
    total = sum((share.quantity for share in line.shares), ZERO)
    if total != line.quantity:
        raise InvalidOrder(
            f"The shares sum to {total}, the line to {line.quantity}",
            field=f"lines.{index}.shares",
        )
    return tuple(GroupShare(share.group, share.quantity) for share in line.shares)


def has_personal_data(command: PlaceOrder) -> bool:
    """Say whether an order carries anything about a person."""
    contact = command.contact
    if command.note is not None:
        return True
    if contact is not None and _any(contact.name, contact.email, contact.phone):
        return True
    places = (command.destination, *(group.destination for group in command.groups))
    return any(place and names_a_person(place) for place in places)


def names_a_person(place: DestinationInput) -> bool:
    """Say whether a destination carries anything about a person."""
    return _any(place.recipient, place.street, place.city)


def _any(*fields: Personal | None) -> bool:
    return any(field is not None for field in fields)


def subject_of(command: PlaceOrder) -> str | None:
    """Return whose personal data an order carries: the channel's customer, or the order itself.

    `customer:CHANNEL:CUSTOMER_ID` or `order:CHANNEL:EXTERNAL_ID`; a channel id has no colon.
    """
    if not has_personal_data(command):
        return None
    return person_of(command.channel_id, command.external_id, command.customer_id)


def person_of(channel_id: str, external_id: str, customer_id: str | None) -> str:
    """Return the person that an order is about: its customer, or itself for a guest's."""
    if customer_id is not None:
        return f"customer:{channel_id}:{customer_id}"
    return f"order:{channel_id}:{external_id}"
