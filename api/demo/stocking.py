"""Plans how much of each SKU lies where, so that a known demand is nearly covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.demo.draws import draw
from api.demo.network import NetworkLocation

COVERED_PERCENT = 97
SEED = 2010
SCATTERED_PERCENT = 30


@dataclass(frozen=True, slots=True)
class PlannedStock:
    """Units of a SKU to be put on the shelf of a location; 1 or more."""

    sku: str
    location: str
    quantity: int


def scattered(locations: Sequence[NetworkLocation]) -> tuple[NetworkLocation, ...]:
    """Return the locations as equals: each holds three SKUs in ten, all equally deep."""
    return tuple(replace(one, assortment_percent=SCATTERED_PERCENT, depth=1) for one in locations)


def plan_stock(
    demand: Mapping[str, int],
    locations: Sequence[NetworkLocation],
    *,
    seed: int = SEED,
    percent: int = COVERED_PERCENT,
) -> tuple[PlannedStock, ...]:
    """Return the stock for demanded units per SKU, sorted by SKU, then in the locations' order.

    Each SKU gets `percent` of its units rounded down or up, such that all SKUs together get
    exactly `percent` of all units, rounded down; none gets more than is demanded. The first
    location keeps what no other does. Raises ValueError without a location.
    """
    if not locations:
        raise ValueError("stock needs at least one location")
    plan: list[PlannedStock] = []
    demanded = covered = 0
    for sku in sorted(demand):
        demanded += demand[sku]
        units = demanded * percent // 100 - covered
        covered += units
        plan.extend(_spread(sku, units, locations, seed))
    return tuple(plan)


def _spread(
    sku: str, units: int, locations: Sequence[NetworkLocation], seed: int
) -> list[PlannedStock]:
    """Share units out by drawn weights with the largest-remainder method, ties to the earliest."""
    weights = _weights(sku, locations, seed)
    total = sum(weights)
    shares = [units * weight // total for weight in weights]
    left = units - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(units * weights[i] % total), i))
    for index in by_remainder[:left]:
        shares[index] += 1
    return [
        PlannedStock(sku, location.code, share)
        for location, share in zip(locations, shares, strict=True)
        if share
    ]


def _weights(sku: str, locations: Sequence[NetworkLocation], seed: int) -> list[int]:
    """Draw who holds a SKU, and how deep: between half and one and a half of the depth."""
    weights = [
        location.depth * (500 + draw(1000, seed, sku, location.code, "depth"))
        if draw(100, seed, sku, location.code, "holds") < location.assortment_percent
        else 0
        for location in locations
    ]
    return weights if any(weights) else [1] + [0] * (len(locations) - 1)
