"""The law of stock: sellable on hand covers what is reserved, or a shortfall is open."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from domain.base.messages import Event
from domain.base.quantity import ZERO, plain
from domain.stock.events import ReservationLost, ShortfallRecorded
from domain.stock.state import Reservation, StockItem

_NEVER = datetime.max.replace(tzinfo=UTC)


def losses(state: StockItem, cause: str) -> tuple[Event, ...]:
    """Return what restores the law after sellable stock changed: shortfall and lost reservations.

    Afterwards `shortfall == max(0, reserved - sellable)`, always. Where reservations stand
    on goods that are gone, the level that was short is recorded with its cause, then each
    loss, then the level that remains: 0, or what is missing below an on hand of 0. The
    latest promise is lost first (no promise counts as the latest), then the lowest priority,
    then the youngest; of the last one only as much as is needed.
    """
    short = state.reserved - state.sellable
    lost = tuple(_lost(state, min(short, state.reserved))) if short > 0 else ()
    levels: list[Event] = []
    level = state.shortfall
    if lost and level != short:
        levels.append(ShortfallRecorded(plain(short), cause))
        level = short
    remaining = max(ZERO, short - sum((event.quantity for event in lost), ZERO))
    if level == remaining:
        return (*levels, *lost)
    settled = f"{cause}: reservations lost" if lost else cause
    return (*levels, *lost, ShortfallRecorded(plain(remaining), settled))


def _lost(state: StockItem, short: Decimal) -> Iterator[ReservationLost]:
    if short <= 0:
        return
    for reservation_id, held in sorted(state.reservations.items(), key=_first_to_lose):
        part = min(held.quantity, short)
        yield ReservationLost(reservation_id, held.order, held.line_id, plain(part))
        short -= part
        if short <= 0:
            return


def _first_to_lose(entry: tuple[str, Reservation]) -> tuple[float, int, int, str]:
    reservation_id, held = entry
    promise = held.promise or _NEVER
    return (-promise.timestamp(), held.priority, -held.sequence, reservation_id)
