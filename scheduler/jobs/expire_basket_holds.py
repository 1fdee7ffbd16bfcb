"""Ends basket holds whose time is over, so that their stock serves others.

Each is one command under a key of its own, so that it is ended once, whichever process runs the
job and however far the read model is behind. Until then an expired hold blocks its stock, which
is the safe side: no order can take it over either.
"""

from collections import Counter
from datetime import datetime
from typing import Final

import structlog

from domain.base.errors import Refusal
from domain.base.streams import hold_stream
from domain.hold.commands import ExpireHold
from eventstore.errors import Busy, HandlerFailed, describe
from eventstore.oms import command_id
from projections.basket_holds.queries import DueHold, due_holds
from scheduler.job import PRINCIPAL, Desk, Figures

_NAME: Final = "expire_basket_holds"
MOST: Final = 1_000
"""Holds that one run ends; the next run goes on with those that are overdue longest."""

log = structlog.get_logger(__name__)


def expire_basket_holds(desk: Desk, now: datetime) -> Figures:
    """End the holds that are due, and count what came of it."""
    count = Counter(due=0)
    for hold in due_holds(desk.partition.datastore, now, limit=MOST):
        count["due"] += 1
        try:
            count[_expire(desk, hold, now)] += 1
        except Busy as busy:
            log.info("rest left to the next run", **describe(busy))
            break
    return dict(count)


def _expire(desk: Desk, hold: DueHold, now: datetime) -> str:
    """Send the command, and say in a word what came of it."""
    partition = desk.partition
    stream = hold_stream(hold.channel_id, hold.hold_id)
    key = f"expire/{stream}"
    command = ExpireHold(
        id=command_id(partition.name, PRINCIPAL, key),
        now=now,
        channel_id=hold.channel_id,
        hold_id=hold.hold_id,
    )
    told = log.bind(partition=partition.name, hold=stream)
    try:
        answer = desk.do(command, job=_NAME, key=key)
    except Refusal as refusal:
        told.warning("refused", code=refusal.code, detail=refusal.detail)
        return "refused"
    except HandlerFailed as fault:
        told.error("not expired", **describe(fault))
        return "failed"
    return "settled" if answer.repeated or answer.outcome["status"] != "expired" else "expired"
