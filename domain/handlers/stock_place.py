"""Finding the stock item that a command names by SKU and location."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.base.handling import Need, View
from domain.base.streams import (
    StreamId,
    item_stream,
    location_stream,
    sku_stream,
    stock_stream,
)
from domain.item.decider import Item, Sku
from domain.item.errors import UnknownItem
from domain.item.events import ItemAttributes
from domain.location.decider import check_known
from domain.stock.commands import StockCommand
from domain.stock.errors import KitHoldsNoStock


@dataclass(frozen=True, slots=True)
class StockPlace:
    """A known item at a known location, and the stream of its stock."""

    item_id: str
    attributes: ItemAttributes
    location_id: str
    stream: StreamId


def streams_of(command: StockCommand) -> Iterable[StreamId]:
    """Return what is read to find the item and the location."""
    return (sku_stream(command.sku), location_stream(command.location_id))


def find(command: StockCommand, view: View) -> StockPlace | Need:
    """Return the place that a command names, with its item and stock loaded.

    Raises:
        UnknownItem: no item has that SKU.
        UnknownLocation: nobody registered the location.
        KitHoldsNoStock: the item is a kit.
    """
    sku: Sku = view.state(sku_stream(command.sku))
    if sku.item_id is None:
        raise UnknownItem(f"No item has the SKU {command.sku!r}", field="sku", sku=command.sku)
    check_known(
        command.location_id,
        view.state(location_stream(command.location_id)),
        field="location_id",
    )
    stream = stock_stream(sku.item_id, command.location_id)
    missing = view.missing((item_stream(sku.item_id), stream))
    if missing:
        return Need(missing)
    item: Item = view.state(item_stream(sku.item_id))
    if item.attributes is None:
        raise UnknownItem(f"No item has the SKU {command.sku!r}", field="sku", sku=command.sku)
    if item.attributes.components:
        raise KitHoldsNoStock(
            f"{command.sku!r} is a kit; name one of its components", field="sku", sku=command.sku
        )
    return StockPlace(sku.item_id, item.attributes, command.location_id, stream)
