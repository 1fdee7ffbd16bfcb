"""What of a placed order is to be routed, as a pure function of the order and its channel.

Whoever asks why an order was routed as it was builds the same request again: from the order as
it stood just before the event that holds the decision.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.base.quantity import ZERO
from domain.base.streams import order_stream
from domain.channel.events import ChannelSettings
from domain.handlers.placing.demand import Demand
from domain.order.state import Order, Share
from domain.routing.plan import RoutingCause

REST_IS_ELSEWHERE: Final = "rest-is-elsewhere"
REFUSED_BEFORE: Final = "refused-before"


def open_shares(order: Order, group_id: str | None = None) -> dict[Share, Decimal]:
    """Return what may be routed by share, in the lines' sequence: of one group, or of all.

    That is what is neither held, queued nor cancelled, but for groups whose customer has to
    choose first.
    """
    waiting = {group.group_id for group in order.groups if group.awaits_choice is not None}
    return {
        (line_id, share.group_id): order.unassigned(line_id, share.group_id)
        for line_id in order.line_ids
        for share in order.lines[line_id].shares
        if share.group_id not in waiting and group_id in {None, share.group_id}
        if order.unassigned(line_id, share.group_id) > ZERO
    }


def demand_of(
    order: Order,
    channel: ChannelSettings,
    cause: RoutingCause,
    *,
    wanted: Mapping[Share, Decimal] | None = None,
) -> Demand:
    """Return what routing is asked for an order: all that is open, unless `wanted` says what.

    What the order holds or waits for stays where it is and is in nobody's way. Who refused the
    order before is asked for none of it.
    """
    holding = (*order.allocations.values(), *order.backorders.values())
    held = {one.location_id for one in holding if one.quantity > ZERO}
    return Demand(
        order=order_stream(order.channel_id, order.external_id),
        channel_id=order.channel_id,
        channel=channel,
        priority=order.priority,
        customer_group=order.customer_group,
        cause=cause,
        groups=order.groups,
        lines=order.lines,
        wanted=open_shares(order) if wanted is None else wanted,
        waiting=frozenset(b.group_id for b in order.backorders.values() if b.quantity > ZERO),
        excluded=_excluded(order, channel, held),
    )


def demand_to_move(
    order: Order, channel: ChannelSettings, location_id: str, wanted: Mapping[Share, Decimal]
) -> Demand:
    """Return what routing is asked to take over of what an order holds at a location.

    What finds no other place stays, so nothing of it is queued; an order that must not be
    split moves whole or not at all, and only where nothing of it is held elsewhere.
    """
    holding = (*order.allocations.values(), *order.backorders.values())
    elsewhere = {
        one.location_id for one in holding if one.quantity > ZERO and one.location_id != location_id
    }
    waits_here = any(
        one.quantity > ZERO and one.location_id == location_id for one in order.backorders.values()
    )
    held = elsewhere | {location_id} if waits_here else elsewhere
    return replace(
        demand_of(order, channel, "suspended", wanted=wanted),
        excluded=_excluded(order, channel, held),
        may_queue=False,
        whole=channel.split == "never",
    )


def to_move(order: Order, location_id: str) -> dict[Share, Decimal]:
    """Return what an order holds at a location that routing may place elsewhere, by share.

    What a store is to hand out itself is not: its customer chooses.
    """
    own = {group.group_id for group in order.groups if group.store == location_id}
    found: dict[Share, Decimal] = {}
    for _, held in sorted(order.allocations.items(), key=lambda each: each[0]):
        if held.location_id == location_id and held.quantity > ZERO and held.group_id not in own:
            share = (held.line_id, held.group_id)
            found[share] = found.get(share, ZERO) + held.quantity
    return found


def _excluded(order: Order, channel: ChannelSettings, held: Collection[str]) -> dict[str, str]:
    """Return the sources that an order may not go to now, and why.

    A plain order that must not be split goes only where something of it is held already. Where
    several groups go several ways, each is routed on its own and none is kept together with
    what it holds.
    """
    excluded: dict[str, str] = {}
    if channel.split == "never" and len(order.groups) == 1 and held:
        excluded = {place: REST_IS_ELSEWHERE for place in channel.sources if place not in held}
    return {**excluded, **dict.fromkeys(sorted(order.refused_by), REFUSED_BEFORE)}
