"""Which item each line's SKU names, by its streams; facts only say what to load along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.base.handling import Need, View
from domain.base.streams import StreamId, item_stream, sku_stream
from domain.base.text import sku_key
from domain.item.decider import Item, Sku
from domain.item.errors import UnknownItem
from domain.order.commands import OrderLineInput
from domain.order.placing import KnownItem
from domain.routing.facts import RoutingFacts


class Named(Protocol):
    """A line that names a SKU."""

    @property
    def sku(self) -> str:
        """Return the SKU or alias."""


@dataclass(frozen=True, slots=True)
class FoundItems:
    """The item of each line in order, and the states of the streams that say so."""

    items: list[KnownItem]
    seen: Mapping[StreamId, Sku | Item]

    @property
    def part_ids(self) -> tuple[str, ...]:
        """Return the items that the lines are made of: a kit's components instead of the kit."""
        return tuple(dict.fromkeys(part for item in self.items for part in _parts_of(item)))


def find_items(
    lines: Sequence[OrderLineInput], facts: RoutingFacts, view: View
) -> FoundItems | Need:
    """Return the item of each line, or the streams that say which it is.

    Where facts name a line's item, its stream is asked for together with the SKU's.

    Raises:
        UnknownItem: a SKU names none; `field` is the line's.
    """
    found: list[KnownItem] = []
    wanted: list[StreamId] = []
    seen: dict[StreamId, Sku | Item] = {}
    for index, line in enumerate(lines):
        stream = sku_stream(line.sku)
        if not view.has(stream):
            wanted.append(stream)
            hint = facts.skus.get(sku_key(line.sku))
            if hint is not None:
                wanted.append(item_stream(hint))
            continue
        sku: Sku = view.state(stream)
        if sku.item_id is None:
            raise _unknown(line, index)
        seen[stream] = sku
        stream = item_stream(sku.item_id)
        if not view.has(stream):
            wanted.append(stream)
            continue
        item: Item = view.state(stream)
        if item.attributes is None:
            raise _unknown(line, index)
        seen[stream] = item
        found.append((sku.item_id, item.attributes))
    missing = view.missing(wanted)
    return Need(missing) if missing else FoundItems(found, seen)


def items_of(lines: Sequence[Named], facts: RoutingFacts) -> list[KnownItem]:
    """Return the item of each line as far as facts know.

    Raises:
        UnknownItem: a SKU names none; `field` is the line's.
    """
    found: list[KnownItem] = []
    for index, line in enumerate(lines):
        fact = facts.items.get(facts.skus.get(sku_key(line.sku), ""))
        if fact is None:
            raise _unknown(line, index)
        found.append((fact.item_id, fact.attributes))
    return found


def likely_parts(lines: Iterable[OrderLineInput], facts: RoutingFacts) -> tuple[str, ...]:
    """Return the items that lines are made of as far as facts know."""
    named = (facts.items.get(facts.skus.get(sku_key(line.sku), "")) for line in lines)
    parts = (
        part
        for fact in named
        if fact is not None
        for part in _parts_of((fact.item_id, fact.attributes))
    )
    return tuple(dict.fromkeys(parts))


def _parts_of(item: KnownItem) -> Iterable[str]:
    item_id, attributes = item
    if not attributes.components:
        return (item_id,)
    return [component.item_id for component in attributes.components]


def _unknown(line: Named, index: int) -> UnknownItem:
    return UnknownItem(
        f"No item has the SKU {line.sku!r}", field=f"lines.{index}.sku", sku=line.sku
    )
