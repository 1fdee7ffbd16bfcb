"""How far apart two places are, on a sphere."""

from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

from domain.location.events import LocationAttributes
from domain.routing.request import Place

EARTH_RADIUS_MM: Final = 6_371_008_771.4
"""The mean radius of the Earth (IUGG, R1) in millimetres."""

MM_PER_KM: Final = 1_000_000

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


class Spot(NamedTuple):
    """A point in radians, with the cosine of its latitude."""

    latitude: float
    longitude: float
    shrink: float


def spot_of(point: Point) -> Spot:
    """Return what measuring from or to a point needs of it."""
    latitude = radians(point[0])
    return Spot(latitude, radians(point[1]), cos(latitude))


def great_circle_mm(here: Point, there: Point) -> int:
    """Return the great-circle distance in whole millimetres, so that sums are exact."""
    [mm] = distances_from(spot_of(here), [spot_of(there)])
    if mm is None:
        raise AssertionError("the distance between two points is known")
    return mm


def distances_from(here: Spot, spots: Sequence[Spot | None]) -> list[int | None]:
    """Return the great-circle distances of spots in whole millimetres; None for unknown ones.

    The haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984).
    """
    south, west, shrink = here
    found: list[int | None] = []
    for there in spots:
        if there is None:
            found.append(None)
            continue
        north, east, narrow = there
        across = sin((north - south) / 2)
        along = sin((east - west) / 2)
        chord = across * across + shrink * narrow * along * along
        found.append(round(2 * EARTH_RADIUS_MM * asin(sqrt(min(1.0, chord)))))
    return found


def point_of(
    place: Place | LocationAttributes, known: Mapping[tuple[str, str], Point]
) -> Point | None:
    """Return where a place is: its own coordinates, else its postal code's, else None."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    if place.postal_code is None:
        return None
    return known.get((place.country, place.postal_code))
