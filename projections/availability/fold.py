"""Folds stock, items, channels and locations into what can be sold where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.quantity import ZERO
from domain.base.streams import StreamId, category_of, key_of, stock_key, stock_stream
from domain.channel.events import ChannelChanged, ChannelOpened
from domain.item.events import ItemAttributes, ItemChanged, ItemRegistered
from domain.location.events import (
    LocationChanged,
    LocationRegistered,
    LocationResumed,
    LocationSuspended,
)
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.stock_figures import CHANGES, ExpectedReceipts, expected, free
from projections.table import ByStream, Table

_WAYS_OUT: Final = frozenset(("ship", "pickup"))


@dataclass(slots=True)
class StockRow:
    """An item's stock at a location."""

    item_id: str
    location_id: str
    on_hand: Decimal = ZERO
    damaged: Decimal = ZERO
    quarantine: Decimal = ZERO
    reserved: Decimal = ZERO
    safety_stock: Decimal = ZERO
    queued: Decimal = ZERO
    shortfall: Decimal = ZERO
    expected: Decimal = ZERO
    available: Decimal = ZERO
    expected_receipts: ExpectedReceipts = field(default_factory=dict)
    position: int = 0
    changed_at: datetime | None = None


@dataclass(slots=True)
class ItemRow:
    """An item's SKU, its step, and of how many items it is made if it is a kit."""

    item_id: str
    sku: str = ""
    step: Decimal = Decimal(1)
    components: int = 0


@dataclass(slots=True)
class ComponentRow:
    """`quantity` of an item in a kit."""

    kit_id: str
    item_id: str
    quantity: Decimal = ZERO


@dataclass(slots=True)
class SourceRow:
    """A location that a channel sells from."""

    channel_id: str
    location_id: str


@dataclass(slots=True)
class LocationRow:
    """Whom a location serves (nobody named: all channels), and whether it takes orders now.

    It `delivers` once it is registered and can ship or be called at.
    """

    location_id: str
    channels: list[str] = field(default_factory=list)
    delivers: bool = False
    suspended: bool = False


def _stock_prefix(stream: StreamId) -> tuple[str, str] | None:
    return stock_key(stream) if category_of(stream) == "stock" else None


STOCK: Final = Table(
    "availability",
    StockRow,
    ("item_id", "location_id"),
    by_stream=ByStream(_stock_prefix, lambda row: (stock_stream(row.item_id, row.location_id),)),
)
ITEMS: Final = Table("availability_items", ItemRow, ("item_id",))
COMPONENTS: Final = Table("availability_components", ComponentRow, ("kit_id", "item_id"), load_by=1)
SOURCES: Final = Table("availability_sources", SourceRow, ("channel_id", "location_id"), load_by=1)
LOCATIONS: Final = Table("availability_locations", LocationRow, ("location_id",))


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch: figures by event, what follows from them once per row."""
    stock = tables[STOCK]
    stock.load(stock_key(event.stream) for event in events if type(event.event) in CHANGES)
    tables[COMPONENTS].load((key_of(e.stream),) for e in events if category_of(e.stream) == "item")
    tables[SOURCES].load((key_of(e.stream),) for e in events if category_of(e.stream) == "channel")
    for recorded in events:
        change = CHANGES.get(type(recorded.event))
        if change is None:
            _other(recorded, tables)
            continue
        row = stock.change(*stock_key(recorded.stream))
        change(row, recorded.event)
        row.position = recorded.position
        row.changed_at = recorded.recorded_at
    for row in stock.changed():
        row.available = free(row)
        row.expected = expected(row)


def _other(recorded: RecordedEvent, tables: Tables) -> None:
    key = key_of(recorded.stream)
    match recorded.event:
        case ItemRegistered(attributes) | ItemChanged(attributes):
            _item(key, attributes, tables)
        case ChannelOpened(settings) | ChannelChanged(settings):
            tables[SOURCES].replace_group(
                (key,), [SourceRow(key, source) for source in settings.sources]
            )
        case LocationRegistered(attributes) | LocationChanged(attributes):
            row = tables[LOCATIONS].change(key)
            row.channels = list(attributes.channels)
            row.delivers = not _WAYS_OUT.isdisjoint(attributes.capabilities)
        case LocationSuspended():
            tables[LOCATIONS].change(key).suspended = True
        case LocationResumed():
            tables[LOCATIONS].change(key).suspended = False


def _item(item_id: str, attributes: ItemAttributes, tables: Tables) -> None:
    needed: dict[str, Decimal] = {}
    for part in attributes.components:
        needed[part.item_id] = needed.get(part.item_id, ZERO) + part.quantity
    tables[ITEMS].put(ItemRow(item_id, attributes.sku, attributes.step, len(needed)))
    tables[COMPONENTS].replace_group(
        (item_id,), [ComponentRow(item_id, part, quantity) for part, quantity in needed.items()]
    )


READ_MODEL: Final = ReadModel(
    name="availability",
    version=2,
    events=frozenset(
        {
            *CHANGES,
            ItemRegistered,
            ItemChanged,
            ChannelOpened,
            ChannelChanged,
            LocationRegistered,
            LocationChanged,
            LocationSuspended,
            LocationResumed,
        }
    ),
    tables=(STOCK, ITEMS, COMPONENTS, SOURCES, LOCATIONS),
    views=("availability", "availability_by_channel"),
    fold=fold,
)
