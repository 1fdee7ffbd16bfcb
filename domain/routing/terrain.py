"""The candidates of an order as a plan sees them: by number, each with its place on the sphere."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.routing.distance import Point, Spot, point_of, spot_of
from domain.routing.facts import LocationFacts, Locations


@dataclass(frozen=True, slots=True)
class Terrain:
    """Candidates in their order; `spots` are those of their own coordinates."""

    ids: tuple[str, ...]
    number: Mapping[str, int]
    locations: tuple[LocationFacts, ...]
    spots: tuple[Spot | None, ...]

    def spot(self, s: int, known: Mapping[tuple[str, str], Point]) -> Spot | None:
        """Return where candidate s is: by its coordinates, else its postal code, else None."""
        spot = self.spots[s]
        if spot is None and known:
            point = point_of(self.locations[s].attributes, known)
            return None if point is None else spot_of(point)
        return spot


def terrain_of(locations: Mapping[str, LocationFacts], candidates: tuple[str, ...]) -> Terrain:
    """Return the candidates' terrain, drawn once where locations are shared by many orders."""
    if not isinstance(locations, Locations):
        return _draw(locations, candidates)
    known = locations.kept(candidates)
    if isinstance(known, Terrain):
        return known
    terrain = _draw(locations, candidates)
    locations.keep(candidates, terrain)
    return terrain


def _draw(locations: Mapping[str, LocationFacts], candidates: tuple[str, ...]) -> Terrain:
    found = tuple([locations[s] for s in candidates])
    points = [point_of(one.attributes, {}) for one in found]
    return Terrain(
        candidates,
        {s: number for number, s in enumerate(candidates)},
        found,
        tuple([None if point is None else spot_of(point) for point in points]),
    )
