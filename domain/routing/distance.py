"""How far apart two places are, on a sphere."""

from collections.abc import Mapping, Sequence
from math import asin, cos, dist, radians, sin
from typing import Final

from domain.location.events import LocationAttributes
from domain.routing.request import Place

EARTH_RADIUS_MM: Final = 6_371_008_771.4
"""The mean radius of the Earth (IUGG, R1) in millimetres."""

MM_PER_KM: Final = 1_000_000

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


Spot = tuple[float, float, float]
"""A point as a unit vector from the Earth's centre."""

DIAMETER_MM: Final = 2 * EARTH_RADIUS_MM


def spot_of(point: Point) -> Spot:
    """Return what measuring from or to a point needs of it."""
    latitude, longitude = radians(point[0]), radians(point[1])
    across = cos(latitude)
    return across * cos(longitude), across * sin(longitude), sin(latitude)


def great_circle_mm(here: Point, there: Point) -> int:
    """Return the great-circle distance in whole millimetres, so that sums are exact."""
    [mm] = distances_from(spot_of(here), [spot_of(there)])
    if mm is None:
        raise AssertionError("the distance between two points is known")
    return mm


def distances_from(here: Spot, spots: Sequence[Spot | None]) -> list[int | None]:
    """Return the great-circle distances of spots in whole millimetres; None for unknown ones.

    The arc over the chord between unit vectors, twice the radius times asin(chord / 2): the
    haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984) with its terms drawn together.
    """
    return [
        None if there is None else round(DIAMETER_MM * asin(min(1.0, dist(here, there) / 2)))
        for there in spots
    ]


def point_of(
    place: Place | LocationAttributes, known: Mapping[tuple[str, str], Point]
) -> Point | None:
    """Return where a place is: its own coordinates, else its postal code's, else None."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    if place.postal_code is None:
        return None
    return known.get((place.country, place.postal_code))
