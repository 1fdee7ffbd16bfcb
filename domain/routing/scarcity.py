"""The scarcity price: what it costs to take the last units near other demand."""

from decimal import ROUND_CEILING, Decimal

from domain.routing.demands import Usage
from domain.routing.facts import RoutingFacts

THOUSAND = 1000


def scarcity_prices(
    usage: Usage, location: str, steps: int, facts: RoutingFacts, days: int
) -> tuple[int, ...]:
    """Return the price of each step taken from a location, rising, in thousandths of a unit.

    Stock of an item is scarce where less remains than its demand of so many days. A unit that
    leaves r where the cover is c counts (c - r) / c: nothing while r is at least c, and more
    than 1 where the stock was below zero cover before.
    """
    prices = [Decimal(0)] * steps
    for item, each in usage:
        known = facts.items.get(item)
        stock = None if known is None else known.stock.get(location)
        cover = Decimal(0) if stock is None else stock.daily_demand * days
        if stock is None or cover <= 0 or stock.free - each * steps >= cover:
            continue
        for step in range(steps):
            remains = stock.free - each * (step + 1)
            if remains < cover:
                prices[step] += each * THOUSAND * (cover - remains) / cover
    return tuple([int(price.to_integral_value(rounding=ROUND_CEILING)) for price in prices])
