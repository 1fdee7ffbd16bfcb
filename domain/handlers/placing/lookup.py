"""Which item each line's SKU names: by facts, and where they do not know it, by its streams."""

from collections.abc import Sequence

from domain.base.handling import Need, View
from domain.base.streams import StreamId, item_stream, sku_stream
from domain.base.text import sku_key
from domain.item.decider import Item, Sku
from domain.item.errors import UnknownItem
from domain.order.commands import OrderLineInput
from domain.order.placing import KnownItem
from domain.routing.facts import RoutingFacts


def find_items(
    lines: Sequence[OrderLineInput], facts: RoutingFacts, view: View
) -> list[KnownItem] | Need:
    """Return the item of each line, or the streams that say which it is.

    Raises:
        UnknownItem: a SKU names none; `field` is the line's.
    """
    found: list[KnownItem] = []
    wanted: list[StreamId] = []
    for index, line in enumerate(lines):
        item_id = facts.skus.get(sku_key(line.sku))
        fact = facts.items.get(item_id) if item_id is not None else None
        if fact is not None:
            found.append((fact.item_id, fact.attributes))
            continue
        item = _by_streams(line.sku, index, view)
        if isinstance(item, str):
            wanted.append(item)
        else:
            found.append(item)
    missing = view.missing(wanted)
    return Need(missing) if missing else found


def _by_streams(sku: str, index: int, view: View) -> KnownItem | StreamId:
    """Return a SKU's item, or the next stream to load on the way to it."""
    stream = sku_stream(sku)
    if not view.has(stream):
        return stream
    named: Sku = view.state(stream)
    if named.item_id is not None:
        stream = item_stream(named.item_id)
        if not view.has(stream):
            return stream
        item: Item = view.state(stream)
        if item.attributes is not None:
            return named.item_id, item.attributes
    raise UnknownItem(f"No item has the SKU {sku!r}", field=f"lines.{index}.sku", sku=sku)
