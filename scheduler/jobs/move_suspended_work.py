"""Moves what suspended locations have not shipped to places that can serve it.

Each order is a command of its own, so that what it gives back and what it reserves elsewhere
are one append. Orders of one priority are sent together and written in groups; the next
priority begins once they are answered, so that it never takes what they need.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Final

import structlog

from domain.base.errors import Refusal
from domain.order.rerouting_commands import MoveAllocations
from eventstore.errors import Busy, HandlerFailed, describe
from eventstore.oms import Answer, command_id
from scheduler.job import PRINCIPAL, Desk, Figures
from scheduler.suspended_work import OrderAtPlace, Suspension, by_priority, suspensions
from scheduler.tried import answered

_NAME: Final = "move_suspended_work"
MOST: Final = 5_000
"""Orders that one run tries; the next run goes on."""
AT_ONCE: Final = 100
"""Commands that wait for their answers together."""

log = structlog.get_logger(__name__)


def move_suspended_work(desk: Desk, now: datetime) -> Figures:
    """Try once for each order whose try is due, and count what came of it.

    A try may move all or a part, find no other place, leave it to the customer, find it
    settled already, be refused by a rule, or fail by a fault in the program; none of these
    stops the others.
    """
    count = Counter(locations=0, waiting=0, tried=0)
    for suspension in suspensions(desk):
        count["locations"] += 1
        came = Counter[str]()
        try:
            _move_all(desk, suspension, now, came, most=MOST - count["tried"])
        except Busy as busy:
            log.info("rest left to the next run", **describe(busy))
            count.update(came)
            return dict(count)
        if came["tried"]:
            log.info(
                "work moved",
                partition=desk.partition.name,
                location=suspension.location_id,
                since=suspension.since.isoformat(),
                figures=dict(came),
            )
        count.update(came)
    return dict(count)


def _move_all(
    desk: Desk, suspension: Suspension, now: datetime, came: Counter[str], *, most: int
) -> None:
    for orders in by_priority(desk, suspension):
        came["waiting"] += len(orders)
        done = answered(desk, (order.key(suspension, now) for order in orders))
        due = [order for order in orders if order.key(suspension, now) not in done]
        for some in _chunks(due[: most - came["tried"]]):
            came["tried"] += len(some)
            for order, answer in _send(desk, suspension, some, now):
                came[_result(desk, order, answer)] += 1


def _chunks(orders: Sequence[OrderAtPlace]) -> Iterator[Sequence[OrderAtPlace]]:
    for start in range(0, len(orders), AT_ONCE):
        yield orders[start : start + AT_ONCE]


def _send(
    desk: Desk, suspension: Suspension, orders: Iterable[OrderAtPlace], now: datetime
) -> list[tuple[OrderAtPlace, Future[Answer]]]:
    """Queue the commands in their order; they are decided in it."""
    sent = []
    for order in orders:
        key = order.key(suspension, now)
        command = MoveAllocations(
            id=command_id(desk.partition.name, PRINCIPAL, key),
            now=now,
            channel_id=order.channel_id,
            external_id=order.external_id,
            location_id=suspension.location_id,
        )
        answer = desk.submit(
            command,
            job=_NAME,
            key=key,
            correlation_id=suspension.correlation_id,
            causation_id=suspension.event_id,
        )
        sent.append((order, answer))
    return sent


def _result(desk: Desk, order: OrderAtPlace, answer: Future[Answer]) -> str:
    """Wait for an answer, and say in a word what came of it."""
    told = log.bind(partition=desk.partition.name, order=f"{order.channel_id}:{order.external_id}")
    try:
        outcome = desk.wait(answer).outcome
    except Refusal as refusal:
        told.warning("refused", code=refusal.code, detail=refusal.detail)
        return "refused"
    except HandlerFailed as fault:
        told.error("not moved", **describe(fault))
        return "failed"
    if outcome["moved"]:
        return "moved_in_part" if outcome["kept"] else "moved"
    if outcome["kept"]:
        return "kept"
    return "left_to_customer" if outcome["choices"] else "settled"
