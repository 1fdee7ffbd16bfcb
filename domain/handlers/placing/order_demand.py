"""What of a placed order is to be routed, as a pure function of the order and its channel.

Whoever asks why an order was routed as it was builds the same request again: from the order as
it stood just before the event that holds the decision.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from domain.base.quantity import ZERO
from domain.base.streams import order_stream
from domain.channel.events import ChannelSettings
from domain.handlers.placing.demand import Demand
from domain.order.state import Order, Share
from domain.routing.plan import RoutingCause

REST_IS_ELSEWHERE: Final = "rest-is-elsewhere"


def open_shares(order: Order) -> dict[Share, Decimal]:
    """Return what is neither held, queued nor cancelled, by share, in the lines' sequence."""
    return {
        (line_id, share.group_id): order.unassigned(line_id, share.group_id)
        for line_id in order.line_ids
        for share in order.lines[line_id].shares
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

    What the order holds or waits for stays where it is and is in nobody's way.
    """
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
        excluded=_elsewhere(order, channel),
    )


def _elsewhere(order: Order, channel: ChannelSettings) -> dict[str, str]:
    """Return the sources that a plain order which must not be split may not go to now.

    Where several groups go several ways, each is routed on its own and none is kept together
    with what it holds already.
    """
    if channel.split != "never" or len(order.groups) != 1:
        return {}
    holding = (*order.allocations.values(), *order.backorders.values())
    held = {one.location_id for one in holding if one.quantity > ZERO}
    return {place: REST_IS_ELSEWHERE for place in channel.sources if held and place not in held}
