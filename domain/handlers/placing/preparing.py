"""From a new order to what can be routed: its items found, its lines checked and priced."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.base.handling import FactsWanted, Need, View
from domain.base.streams import location_stream
from domain.base.text import sku_key
from domain.channel.events import ChannelSettings
from domain.handlers.placing.deciding import is_as_seen
from domain.handlers.placing.demand import Demand
from domain.handlers.placing.lookup import FoundItems, Named, find_items, likely_parts
from domain.handlers.placing.planning import likely_sources
from domain.handlers.placing.truth import channel_settings
from domain.location.events import LocationAttributes
from domain.order.commands import PlaceOrder
from domain.order.events import OrderPlaced
from domain.order.groups import Places, stores_named
from domain.order.placing import place
from domain.routing.choosing import effective_priority
from domain.routing.facts import RoutingFacts


class Somewhere(Protocol):
    """A place with a country, perhaps with a postal code."""

    @property
    def country(self) -> str:
        """Return the ISO code."""

    @property
    def postal_code(self) -> str | None:
        """Return the code as it was written."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new order under its channel's rules; `found` are its lines' items as they stood."""

    channel: ChannelSettings
    found: FoundItems
    placed: OrderPlaced

    def fits(self, view: View) -> bool:
        """Say whether the channel's rules and the items are still as they were."""
        now = channel_settings(view, self.placed.channel_id)
        return now == self.channel and is_as_seen(self.found.seen, view)


def facts_wanted_by(
    channel_id: str, lines: Iterable[Named], places: Iterable[Somewhere | None]
) -> FactsWanted:
    """Ask for the lines' items and the coordinates of the destinations."""
    return FactsWanted(
        channel_id=channel_id,
        skus=tuple(dict.fromkeys([sku_key(line.sku) for line in lines])),
        destinations=tuple(
            dict.fromkeys(
                (place.country, place.postal_code)
                for place in places
                if place is not None and place.postal_code is not None
            )
        ),
    )


def prepare(command: PlaceOrder, facts: RoutingFacts, view: View) -> Prepared | Need:
    """Check and price an order, or say which streams its routing will want too.

    Raises:
        Refusal: the order does not fit its channel, items, groups or amounts.
    """
    channel = channel_settings(view, command.channel_id)
    found = find_items(command.lines, facts, view)
    if isinstance(found, Need):
        parts = likely_parts(command.lines, facts)
        likely = view.missing(likely_sources(parts, channel.sources, facts))
        return Need(tuple(dict.fromkeys((*found.streams, *likely))))
    missing = view.missing(likely_sources(found.part_ids, channel.sources, facts))
    if missing:
        return Need(missing)
    places = Places(_stores(command, view), facts.coordinates)
    return Prepared(channel, found, place(command, channel, found.items, places))


def prioritised(
    prepared: Prepared, demand: Demand, now: datetime, facts: RoutingFacts
) -> tuple[Prepared, Demand]:
    """Return an order and its demand with the priority that its customers' policy gives it."""
    priority = effective_priority(demand.request(now), facts.policies)
    placed = replace(prepared.placed, priority=priority)
    return replace(prepared, placed=placed), replace(demand, priority=priority)


def _stores(command: PlaceOrder, view: View) -> dict[str, LocationAttributes]:
    found: dict[str, LocationAttributes] = {}
    for store in stores_named(command):
        attributes = view.state(location_stream(store)).attributes
        if attributes is not None:
            found[store] = attributes
    return found
