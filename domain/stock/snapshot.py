"""A stock item's state as plain JSON values, and back, exactly."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from immutables import Map

from domain.base.handling import Json
from domain.stock.state import Backorder, Expected, Movement, Reservation, StockItem

STATE_VERSION = 3
"""Raise it whenever the state's shape or meaning changes: older snapshots are then left aside."""


def to_snapshot(state: StockItem) -> Json:
    """Return the state as dicts, lists, texts and whole numbers; decimals are texts."""
    return {
        "sellable": str(state.sellable),
        "damaged": str(state.damaged),
        "quarantine": str(state.quarantine),
        "reserved": str(state.reserved),
        "reservations": {key: _claim(held) for key, held in state.reservations.items()},
        "queue": {
            key: [*_claim(waiting), str(waiting.step)] for key, waiting in state.queue.items()
        },
        "queued": str(state.queued),
        "queued_by_priority": [
            [priority, str(quantity)]
            for priority, quantity in sorted(state.queued_by_priority.items())
        ],
        "expected": {
            key: [str(expected.quantity), expected.due.isoformat()]
            for key, expected in state.expected.items()
        },
        "safety_stock": str(state.safety_stock),
        "shortfall": str(state.shortfall),
        "sequence": state.sequence,
        "movements": [[moved.at.isoformat(), str(moved.change)] for moved in state.movements],
        "minutes": [
            [ended.isoformat(), str(change)] for ended, change in sorted(state.minutes.items())
        ],
        "forgotten": _text(state.forgotten),
        "counts": {
            source: [as_of.isoformat(), sequence]
            for source, (as_of, sequence) in state.counts.items()
        },
        "counted_until": _text(state.counted_until),
        "daily_demand": str(state.daily_demand),
    }


def from_snapshot(values: Any) -> StockItem:
    """Return the state that `to_snapshot` made these values of."""
    return StockItem(
        sellable=Decimal(values["sellable"]),
        damaged=Decimal(values["damaged"]),
        quarantine=Decimal(values["quarantine"]),
        reserved=Decimal(values["reserved"]),
        reservations=Map(
            {key: Reservation(*_fields(held)) for key, held in values["reservations"].items()}
        ),
        queue=Map({key: _backorder(waiting) for key, waiting in values["queue"].items()}),
        queued=Decimal(values["queued"]),
        queued_by_priority=Map({key: Decimal(sum_) for key, sum_ in values["queued_by_priority"]}),
        expected=Map(
            {
                key: Expected(Decimal(quantity), datetime.fromisoformat(due))
                for key, (quantity, due) in values["expected"].items()
            }
        ),
        safety_stock=Decimal(values["safety_stock"]),
        shortfall=Decimal(values["shortfall"]),
        sequence=values["sequence"],
        movements=tuple(
            Movement(datetime.fromisoformat(at), Decimal(change))
            for at, change in values["movements"]
        ),
        minutes=Map(
            {datetime.fromisoformat(ended): Decimal(change) for ended, change in values["minutes"]}
        ),
        forgotten=_instant(values["forgotten"]),
        counts=Map(
            {
                source: (datetime.fromisoformat(as_of), sequence)
                for source, (as_of, sequence) in values["counts"].items()
            }
        ),
        counted_until=_instant(values["counted_until"]),
        daily_demand=Decimal(values["daily_demand"]),
    )


def _claim(claim: Reservation | Backorder) -> list[str | int | None]:
    return [
        claim.order,
        claim.line_id,
        str(claim.quantity),
        claim.priority,
        _text(claim.promise),
        claim.sequence,
    ]


def _backorder(values: Sequence[Any]) -> Backorder:
    *claim, step = values
    return Backorder(*_fields(claim), Decimal(step))


def _fields(values: Sequence[Any]) -> tuple[str, str, Decimal, int, datetime | None, int]:
    order, line_id, quantity, priority, promise, sequence = values
    return order, line_id, Decimal(quantity), priority, _instant(promise), sequence


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
