"""Routes again what orders have unassigned: lost reservations, kits, lines nothing was found for.

Each try is a command under a key made of the last event of the lines that are short, so that
one situation is routed once. Further tries come when another quantity is within reach, and on
a back-off; see `WaitingOrder.key`.
"""

from collections import Counter
from datetime import datetime
from typing import Any, Final

import structlog

from domain.base.errors import Refusal
from domain.order.commands import RerouteOrder
from eventstore.errors import Busy, HandlerFailed, describe
from eventstore.oms import command_id
from scheduler.job import PRINCIPAL, Desk, Figures
from scheduler.waiting_orders import WaitingOrder, not_tried, waiting_orders

_NAME: Final = "reroute_lost_reservations"
_CAUSE: Final = "unassigned quantities"
MOST: Final = 500
"""Orders that one run routes; the next run goes on."""

log = structlog.get_logger(__name__)


def reroute_lost_reservations(desk: Desk, now: datetime) -> Figures:
    """Try once for each waiting order whose try is due, and count what came of it.

    A try may allocate or queue something, find nothing, find that it is settled already, be
    refused by a rule, or fail by a fault in the program; none of these stops the others.
    """
    count = Counter(waiting=0, tried=0)
    for page in waiting_orders(desk):
        count["waiting"] += len(page)
        for order in not_tried(desk, page, now):
            if count["tried"] == MOST:
                return dict(count)
            count["tried"] += 1
            try:
                count[_reroute(desk, order, now)] += 1
            except Busy as busy:
                log.info("rest left to the next run", **describe(busy))
                return dict(count)
    return dict(count)


def _reroute(desk: Desk, order: WaitingOrder, now: datetime) -> str:
    """Send the command, and say in a word what came of it."""
    key = order.key(now)
    partition = desk.partition
    told = log.bind(
        partition=partition.name, order=f"{order.channel_id}:{order.external_id}", key=key
    )
    command = RerouteOrder(
        id=command_id(partition.name, PRINCIPAL, key),
        now=now,
        channel_id=order.channel_id,
        external_id=order.external_id,
        cause=_CAUSE,
    )
    try:
        answer = desk.do(
            command,
            job=_NAME,
            key=key,
            correlation_id=order.correlation_id,
            causation_id=order.event_id,
        )
    except Refusal as refusal:
        told.warning("refused", code=refusal.code, detail=refusal.detail)
        return "refused"
    except HandlerFailed as fault:
        told.error("not routed", **describe(fault))
        return "failed"
    routed: Any = answer.outcome["routed"]
    found = any(line["allocated"] or line["backordered"] for line in routed)
    result = "rerouted" if found else "found_nothing" if routed else "settled"
    told.info(result, position=answer.position)
    return result
