"""Facts corrected by truth: what loaded streams say replaces what read models said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.handling import View
from domain.base.quantity import ZERO
from domain.base.streams import (
    StreamId,
    channel_stream,
    item_stream,
    location_stream,
    stock_stream,
)
from domain.channel.errors import UnknownChannel
from domain.channel.events import ChannelSettings
from domain.handlers.placing.days import with_true_days
from domain.item.events import ItemAttributes
from domain.location.decider import Location
from domain.routing.facts import ItemFacts, LocationFacts, RoutingFacts, StockFacts
from domain.routing.plan import CorrectedCell
from domain.routing.request import Method
from domain.stock.state import StockItem

NOTHING_KNOWN: Final = StockFacts(free=ZERO)
NOTHING_OWN: Final[Mapping[StreamId, Decimal]] = {}


@dataclass(frozen=True, slots=True)
class Corrected:
    """Facts as far as loaded streams confirm or correct them, and what they corrected."""

    facts: RoutingFacts
    cells: tuple[CorrectedCell, ...]
    locations: tuple[str, ...] = ()


def channel_settings(view: View, channel_id: str) -> ChannelSettings:
    """Return a loaded channel's rules.

    Raises:
        UnknownChannel: there is no such channel.
    """
    settings: ChannelSettings | None = view.state(channel_stream(channel_id)).settings
    if settings is None:
        raise UnknownChannel(f"No channel {channel_id!r} is open", field="channel_id")
    return settings


def serves(location: Location, channel_id: str, method: Method) -> bool:
    """Say whether a loaded location takes work of a channel by a method now."""
    attributes = location.attributes
    if attributes is None or location.suspended:
        return False
    if attributes.channels and channel_id not in attributes.channels:
        return False
    return ("ship" if method == "ship" else "pickup") in attributes.capabilities


def correct(
    facts: RoutingFacts,
    view: View,
    *,
    item_ids: Collection[str],
    candidates: Collection[str],
    now: datetime,
    own: Mapping[StreamId, Decimal] = NOTHING_OWN,
) -> Corrected:
    """Return the facts with all that is loaded as it truly stands: items, stock, places, days.

    The items must be loaded; one that does not exist is left out. What is `own` counts as
    free, by stock stream.
    """
    cells: list[CorrectedCell] = []
    items: dict[str, ItemFacts] = {}
    for item_id in item_ids:
        known = facts.items.get(item_id)
        present = _true_item(item_id, known, view)
        if present is None:
            continue
        present = _correct_item(present, view, candidates, own, cells)
        if present is not known:
            items[item_id] = present
    places, wrong = _correct_locations(facts.locations, view, candidates)
    locations = with_true_days(places, view, candidates, now, facts.reference.calendars)
    if not items and not wrong and locations is facts.locations:
        return Corrected(facts, ())
    return Corrected(
        replace(facts, items={**facts.items, **items}, locations=locations), tuple(cells), wrong
    )


def _true_item(item_id: str, known: ItemFacts | None, view: View) -> ItemFacts | None:
    attributes: ItemAttributes | None = view.state(item_stream(item_id)).attributes
    if attributes is None:
        return None
    if known is None:
        return ItemFacts(item_id, attributes)
    return known if known.attributes == attributes else replace(known, attributes=attributes)


def _correct_item(
    item: ItemFacts,
    view: View,
    candidates: Collection[str],
    own: Mapping[StreamId, Decimal],
    cells: list[CorrectedCell],
) -> ItemFacts:
    changed: dict[str, StockFacts] = {}
    known = item.stock
    has, at = view.has, stock_stream(item.item_id, "")
    for location_id in candidates:
        stream = at + location_id
        if not has(stream):
            continue
        state = view.state(stream)
        free = state.free + own[stream] if stream in own else state.free
        fact = known.get(location_id, NOTHING_KNOWN)
        if free != fact.free:
            changed[location_id] = _with_free(fact, state, free)
            cells.append(CorrectedCell(item.item_id, location_id, free))
    return replace(item, stock={**item.stock, **changed}) if changed else item


def _with_free(fact: StockFacts, stock: StockItem, free: Decimal) -> StockFacts:
    return StockFacts(
        free, stock.on_hand, stock.safety_stock, stock.queued, fact.expected, fact.daily_demand
    )


def _correct_locations(
    known: Mapping[str, LocationFacts], view: View, candidates: Collection[str]
) -> tuple[Mapping[str, LocationFacts], tuple[str, ...]]:
    """Return the locations as they truly stand, and the ids of those that facts had wrong."""
    changed: dict[str, LocationFacts] = {}
    gone: list[str] = []
    for location_id in candidates:
        stream = location_stream(location_id)
        if not view.has(stream):
            continue
        location: Location = view.state(stream)
        fact = known.get(location_id)
        if location.attributes is None:
            if fact is not None:
                gone.append(location_id)
        elif fact is None:
            changed[location_id] = LocationFacts(
                location_id, location.attributes, location.suspended
            )
        elif fact.suspended != location.suspended or fact.attributes != location.attributes:
            changed[location_id] = replace(
                fact, attributes=location.attributes, suspended=location.suspended
            )
    if not changed and not gone:
        return known, ()
    left = {**known, **changed}
    for location_id in gone:
        del left[location_id]
    return left, (*changed, *gone)
