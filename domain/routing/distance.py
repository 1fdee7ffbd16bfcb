"""How far apart two places are, on a sphere."""

from collections.abc import Callable, Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Final

from domain.location.events import LocationAttributes
from domain.routing.request import Place

EARTH_RADIUS_MM: Final = 6_371_008_771.4
"""The mean radius of the Earth (IUGG, R1) in millimetres."""

MM_PER_KM: Final = 1_000_000

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def great_circle_mm(here: Point, there: Point) -> int:
    """Return the great-circle distance in whole millimetres, so that sums are exact."""
    return distance_from(here)(there)


def distance_from(here: Point) -> Callable[[Point], int]:
    """Return a function that measures great-circle distances from a point, in whole millimetres.

    The haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984).
    """
    south, west = radians(here[0]), radians(here[1])
    shrink = cos(south)

    def measure(there: Point) -> int:
        north = radians(there[0])
        across = sin((north - south) / 2)
        along = sin((radians(there[1]) - west) / 2)
        chord = across * across + shrink * cos(north) * along * along
        return round(2 * EARTH_RADIUS_MM * asin(sqrt(min(1.0, chord))))

    return measure


def point_of(
    place: Place | LocationAttributes, known: Mapping[tuple[str, str], Point]
) -> Point | None:
    """Return where a place is: its own coordinates, else its postal code's, else None."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    if place.postal_code is None:
        return None
    return known.get((place.country, place.postal_code))
