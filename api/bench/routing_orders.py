"""Seeded orders over made-up networks: dense, where most have most, and sparse, where few do."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final, Literal

from domain.item.events import ItemAttributes
from domain.location.events import LocationAttributes
from domain.routing.facts import ItemFacts, LocationFacts, Locations, RoutingFacts, StockFacts
from domain.routing.request import Part, Place, RoutingGroup, RoutingLine, RoutingRequest

Kind = Literal["dense", "sparse"]

SHARES: Final[dict[Kind, tuple[float, float]]] = {"dense": (0.30, 0.90), "sparse": (0.02, 0.15)}
"""Which share of the items a location holds, from and to."""

WANTED: Final[dict[Kind, int]] = {"dense": 5, "sparse": 20}
"""The most units of a line."""

HELD: Final[dict[Kind, int]] = {"dense": 100, "sparse": 20}
"""The most units of an item at a location."""

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NORTH, SOUTH, EAST, WEST = 54.9, 47.3, 15.0, 5.9


def order(seed: int, lines: int, locations: int, kind: Kind) -> tuple[RoutingRequest, RoutingFacts]:
    """Return an order of so many lines and the facts about so many locations.

    All orders find the same locations, as in a shop, each with other stock.
    """
    random = Random(seed)  # noqa: S311 - repeatable cases, no secrets
    places = network(locations)
    low, high = SHARES[kind]
    items = {
        f"I{n}": ItemFacts(f"I{n}", ItemAttributes(f"I{n}", f"I{n}"), {}) for n in range(lines)
    }
    held: dict[str, dict[str, StockFacts]] = {item: {} for item in items}
    for place in places:
        share = random.uniform(low, high)
        for item in items:
            if random.random() < share:
                held[item][place] = StockFacts(Decimal(random.randint(1, HELD[kind])))
    facts = RoutingFacts(
        position=1,
        items={name: ItemFacts(name, one.attributes, held[name]) for name, one in items.items()},
        locations=places,
    )
    wanted = tuple(
        RoutingLine(str(n), (Part(item),), Decimal(random.randint(1, WANTED[kind])))
        for n, item in enumerate(items)
    )
    latitude, longitude = _point(random)
    goal = Place("DE", latitude=latitude, longitude=longitude)
    group = RoutingGroup("g1", "ship", goal, wanted)
    return RoutingRequest(f"bench:{seed}", "bench", NOW, (group,), tuple(places)), facts


@cache
def network(locations: int) -> Locations:
    """Return so many locations all over Germany."""
    random = Random(locations)  # noqa: S311 - as above
    return Locations({f"L{n}": _location(random, f"L{n}") for n in range(locations)})


def _location(random: Random, name: str) -> LocationFacts:
    latitude, longitude = _point(random)
    return LocationFacts(
        name,
        LocationAttributes(
            name=name,
            kind="warehouse",
            country="DE",
            time_zone="Europe/Berlin",
            latitude=latitude,
            longitude=longitude,
        ),
    )


def _point(random: Random) -> tuple[float, float]:
    return random.uniform(SOUTH, NORTH), random.uniform(WEST, EAST)
