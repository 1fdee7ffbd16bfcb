"""Short words for stock items in tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.base.messages import Event
from domain.stock.decider import receive, reserve
from domain.stock.evolve import evolve
from domain.stock.serving import queue_backorder
from domain.stock.state import NO_STOCK, StockItem

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Return the instant so many hours after the start."""
    return START + timedelta(hours=hours)


def after(state: StockItem, events: Iterable[Event]) -> StockItem:
    """Return the state after events."""
    for event in events:
        state = evolve(state, event)
    return state


def received(state: StockItem, quantity: int | str, hours: float = 0) -> StockItem:
    """Return the state after sellable goods came in."""
    events = receive(
        state,
        quantity=Decimal(quantity),
        condition="sellable",
        reference=None,
        expected_id=None,
        at=at(hours),
        reservation_of=lambda backorder_id: f"r-{backorder_id}-{hours}",
    )
    return after(state, events)


def reserved(
    state: StockItem,
    reservation_id: str,
    quantity: int | str,
    *,
    priority: int = 0,
    promise: datetime | None = None,
) -> StockItem:
    """Return the state after a reservation for the order `order:web:ID`."""
    events = reserve(
        state,
        reservation_id,
        order=f"order:web:{reservation_id}",
        line_id="1",
        quantity=Decimal(quantity),
        priority=priority,
        promise=promise,
    )
    return after(state, events)


def queued(
    state: StockItem,
    backorder_id: str,
    quantity: int | str,
    *,
    priority: int = 0,
    step: int | str = 1,
) -> StockItem:
    """Return the state after a backorder of the order `order:web:ID`."""
    events = queue_backorder(
        state,
        backorder_id,
        order=f"order:web:{backorder_id}",
        line_id="1",
        quantity=Decimal(quantity),
        priority=priority,
        now=START,
        step=Decimal(step),
    )
    return after(state, events)


def stock(quantity: int | str) -> StockItem:
    """Return a stock item with so much sellable."""
    return received(NO_STOCK, quantity)


def figures(state: StockItem, names: str) -> tuple[float, ...]:
    """Return the named figures of a stock item as plain numbers."""
    return tuple(float(getattr(state, name)) for name in names.split())
