"""What of an order is to be routed, and how routing is asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.streams import StreamId
from domain.channel.events import ChannelSettings
from domain.order.events import LinePart, OrderLine, OrderPlaced
from domain.order.state import GroupState, Share, group_state
from domain.routing.plan import RoutingCause
from domain.routing.request import Part, RoutingGroup, RoutingLine, RoutingRequest

ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Demand:
    """Open quantities by (line id, group id), in the lines' units, of the order `order`.

    `cause` is why it is routed. `waiting` are the groups of which something else waits for
    goods already; `excluded` maps a location to the reason why the order must not go there.
    `own` is what a basket hold has reserved for the order: free for it, and for nobody else.
    `may_queue` is False where what is short stays where it is; `whole` lets all of it be
    found, or nothing.
    """

    order: StreamId
    channel_id: str
    channel: ChannelSettings
    priority: int
    customer_group: str | None
    cause: RoutingCause
    groups: tuple[GroupState, ...]
    lines: Mapping[str, OrderLine]
    wanted: Mapping[Share, Decimal]
    waiting: frozenset[str] = frozenset()
    excluded: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[StreamId, Decimal] = field(default_factory=dict)
    may_queue: bool = True
    whole: bool = False

    @property
    def queues(self) -> bool:
        """Say whether what is short waits for goods instead of being refused."""
        return self.may_queue and queues(self.channel)

    def item_ids(self) -> tuple[str, ...]:
        """Return the items that the open lines are made of, each once."""
        found = (part.item_id for line_id, _ in self.wanted for part in self.lines[line_id].parts)
        return tuple(dict.fromkeys(found))

    def request(self, now: datetime) -> RoutingRequest:
        """Return what the routing engine is asked."""
        lines: dict[str, list[RoutingLine]] = {group.group_id: [] for group in self.groups}
        for (line_id, group_id), quantity in self.wanted.items():
            line = self.lines[line_id]
            parts = tuple([Part(part.item_id, part.per_unit) for part in line.parts])
            lines[group_id].append(RoutingLine(line_id, parts, quantity, line.step))
        return RoutingRequest(
            order=self.order,
            channel_id=self.channel_id,
            now=now,
            groups=tuple(
                [
                    _group(group, lines[group.group_id])
                    for group in self.groups
                    if lines[group.group_id]
                ]
            ),
            candidates=self.channel.sources,
            split=self.channel.split,
            whole_or_nothing=self.whole,
            priority=self.priority,
            customer_group=self.customer_group,
            excluded=self.excluded,
        )


def _group(group: GroupState, lines: list[RoutingLine]) -> RoutingGroup:
    return RoutingGroup(
        group_id=group.group_id,
        method=group.method,
        destination=group.place,
        lines=tuple(lines),
        store=group.store,
        service=group.service,
        requested_date=group.requested_date,
    )


def demand_of(
    placed: OrderPlaced,
    order: StreamId,
    channel: ChannelSettings,
    *,
    own: Mapping[StreamId, Decimal] | None = None,
    may_queue: bool = True,
) -> Demand:
    """Return a new order's demand: every line, shared out to its delivery groups."""
    return Demand(
        order=order,
        channel_id=placed.channel_id,
        channel=channel,
        priority=placed.priority,
        customer_group=placed.customer_group,
        cause="placed",
        groups=tuple([group_state(group) for group in placed.groups]),
        lines={line.line_id: line for line in placed.lines},
        wanted={
            (line.line_id, share.group_id): share.quantity
            for line in placed.lines
            for share in line.shares
        },
        own=own or {},
        may_queue=may_queue,
    )


def queues(channel: ChannelSettings) -> bool:
    """Say whether a channel's orders wait for what is short instead of being refused."""
    return channel.backorders or channel.capture_mode == "told"


def can_queue(line: OrderLine) -> bool:
    """Say whether a line can wait in a queue: a kit cannot, its parts come and go together."""
    return line.parts == (LinePart(line.item_id, ONE),)
