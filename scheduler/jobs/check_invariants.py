"""Checks, on the clock, what must always hold; what is broken is for people to mend."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from scheduler.invariants.finding import Finding, record
from scheduler.invariants.positions import check_positions
from scheduler.invariants.read_models import check_read_models
from scheduler.invariants.stock_law import check_stock_in_log, check_stock_shown
from scheduler.job import Desk, Figures

CHECKS: Final[tuple[Callable[[Desk], Finding], ...]] = (
    check_positions,
    check_stock_shown,
    check_stock_in_log,
    check_read_models,
)
log = structlog.get_logger(__name__)


def check_invariants(desk: Desk, now: datetime) -> Figures:
    """Make every check, record what it found, and log a broken invariant as an error."""
    broken = 0
    for check in CHECKS:
        desk.check()
        finding = check(desk)
        head = desk.partition.reader.head()
        record(desk.partition.datastore, finding, head=head, now=now)
        if not finding.holds:
            broken += 1
            log.error(
                "invariant broken",
                partition=desk.partition.name,
                invariant=finding.invariant,
                figures=dict(finding.figures),
            )
    return {"checked": len(CHECKS), "broken": broken}
