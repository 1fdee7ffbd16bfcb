"""Folds items and their stock into one row per item, with arrays over locations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from domain.base.messages import Event
from domain.base.quantity import PLACES, ZERO
from domain.base.streams import (
    StreamId,
    category_of,
    item_stream,
    key_of,
    stock_key,
    stock_stream,
)
from domain.item.events import (
    ItemAttributes,
    ItemChanged,
    ItemRegistered,
    SkuAssigned,
    SkuWithdrawn,
)
from domain.stock.events import DemandForecastSet
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.stock_figures import CHANGES, ExpectedReceipts, free
from projections.table import ByStream, Table

ATTRIBUTES: Final = TypeAdapter(ItemAttributes)


@dataclass(slots=True)
class ItemRow:
    """An item and its stock; the arrays run parallel to `location_ids`."""

    item_id: str
    attributes: dict[str, Any] | None = None
    components: list[str] = field(default_factory=list)
    location_ids: list[str] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    on_hand: list[int] = field(default_factory=list)
    reserved: list[int] = field(default_factory=list)
    safety_stock: list[int] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)
    daily_demand: list[int] = field(default_factory=list)
    expected: dict[str, ExpectedReceipts] = field(default_factory=dict)
    attributes_position: int = 0
    position: int = 0


@dataclass(slots=True)
class SkuRow:
    """Which item a SKU or alias names."""

    sku_key: str
    item_id: str = ""


@dataclass(slots=True)
class Cell:
    """The figures of one location while a batch is folded; those without array are dropped."""

    on_hand: Decimal
    reserved: Decimal
    safety_stock: Decimal
    queued: Decimal
    expected_receipts: ExpectedReceipts
    daily_demand: Decimal
    damaged: Decimal = ZERO
    quarantine: Decimal = ZERO
    shortfall: Decimal = ZERO


def _forecast(cell: Cell, event: DemandForecastSet) -> None:
    cell.daily_demand = event.units_per_day


_CHANGES: Final[Mapping[type[Event], Callable[[Any, Any], None]]] = {
    **CHANGES,
    DemandForecastSet: _forecast,
}


def to_whole(quantity: Decimal) -> int:
    """Return a quantity in ten-thousandths."""
    return int(quantity.scaleb(PLACES))


def to_quantity(whole: int) -> Decimal:
    """Return the quantity of so many ten-thousandths."""
    return Decimal(whole).scaleb(-PLACES)


def _item_prefix(stream: StreamId) -> tuple[str] | None:
    category = category_of(stream)
    if category == "stock":
        return (stock_key(stream)[0],)
    return (key_of(stream),) if category == "item" else None


def _item_streams(row: ItemRow) -> Iterable[StreamId]:
    yield item_stream(row.item_id)
    for location_id in row.location_ids:
        yield stock_stream(row.item_id, location_id)


ITEMS: Final = Table(
    "routing_facts", ItemRow, ("item_id",), by_stream=ByStream(_item_prefix, _item_streams)
)
SKUS: Final = Table("routing_skus", SkuRow, ("sku_key",))


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch: cells by event, the arrays once per cell that changed."""
    items = tables[ITEMS]
    items.load(filter(None, (_item_prefix(event.stream) for event in events)))
    cells: dict[tuple[str, str], Cell] = {}
    for recorded in events:
        change = _CHANGES.get(type(recorded.event))
        if change is None:
            _other(recorded, tables)
            continue
        key = stock_key(recorded.stream)
        row = items.change(key[0])
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = _cell(row, key[1])
        change(cell, recorded.event)
        row.position = recorded.position
    for (item_id, location_id), cell in cells.items():
        _write(items.change(item_id), location_id, cell)


def _cell(row: ItemRow, location_id: str) -> Cell:
    if location_id not in row.location_ids:
        row.location_ids.append(location_id)
        for values in _arrays(row):
            values.append(0)
    at = row.location_ids.index(location_id)
    return Cell(
        on_hand=to_quantity(row.on_hand[at]),
        reserved=to_quantity(row.reserved[at]),
        safety_stock=to_quantity(row.safety_stock[at]),
        queued=to_quantity(row.queued[at]),
        expected_receipts=row.expected.get(location_id, {}),
        daily_demand=to_quantity(row.daily_demand[at]),
    )


def _arrays(row: ItemRow) -> tuple[list[int], ...]:
    return (row.free, row.on_hand, row.reserved, row.safety_stock, row.queued, row.daily_demand)


def _write(row: ItemRow, location_id: str, cell: Cell) -> None:
    at = row.location_ids.index(location_id)
    row.free[at] = to_whole(free(cell))
    row.on_hand[at] = to_whole(cell.on_hand)
    row.reserved[at] = to_whole(cell.reserved)
    row.safety_stock[at] = to_whole(cell.safety_stock)
    row.queued[at] = to_whole(cell.queued)
    row.daily_demand[at] = to_whole(cell.daily_demand)
    if cell.expected_receipts:
        row.expected[location_id] = cell.expected_receipts
    else:
        row.expected.pop(location_id, None)


def _other(recorded: RecordedEvent, tables: Tables) -> None:
    key = key_of(recorded.stream)
    match recorded.event:
        case ItemRegistered(attributes) | ItemChanged(attributes):
            row = tables[ITEMS].change(key)
            row.attributes = ATTRIBUTES.dump_python(attributes, mode="json")
            row.components = list(dict.fromkeys(part.item_id for part in attributes.components))
            row.attributes_position = row.position = recorded.position
        case SkuAssigned(item_id=item_id):
            tables[SKUS].put(SkuRow(key, item_id))
        case SkuWithdrawn():
            tables[SKUS].remove(key)


READ_MODEL: Final = ReadModel(
    name="routing_facts",
    version=2,
    events=frozenset({*_CHANGES, ItemRegistered, ItemChanged, SkuAssigned, SkuWithdrawn}),
    tables=(ITEMS, SKUS),
    views=("routing_facts", "routing_skus"),
    fold=fold,
)
