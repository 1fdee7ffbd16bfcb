"""Placing orders through `Oms.do`, against pgbench writing the same rows with one client."""

import itertools
from typing import Any, Final

from api.bench import baseline, load
from api.bench.shop import BENCH, Shop, open_shop, order

CALLERS: Final = (1, 8, 32)
_ITEMS: Final = 500
_UNITS: Final = 1_000_000


def run(*, seconds: float = 5.0) -> dict[str, Any]:
    """Return orders per second of 2 lines from 5 locations, by callers, durable.

    `ratio` is the best of them to `baseline_tps`: transactions per second of one pgbench
    client on the same server that writes the rows, columns, indexes and bytes of one order.
    """
    with open_shop(items=_ITEMS, units=_UNITS) as shop:
        pairs = itertools.cycle(itertools.combinations(shop.skus, 2))
        _place(shop, pairs, callers=8, seconds=1.0)
        loads = {
            callers: _place(shop, pairs, callers=callers, seconds=seconds) for callers in CALLERS
        }
        tps = baseline.transactions_per_second(shop, seconds=seconds)
    best = max(one.per_second for one in loads.values())
    return {
        "orders_per_second": {str(callers): one.per_second for callers, one in loads.items()},
        "p50_ms": {str(callers): one.percentile_ms(0.5) for callers, one in loads.items()},
        "p99_ms": {str(callers): one.percentile_ms(0.99) for callers, one in loads.items()},
        "baseline_tps": tps,
        "ratio": round(best / tps, 3),
        "refused": sum(sum(one.refused.values()) for one in loads.values()),
        "errors": sum(sum(one.errors.values()) for one in loads.values()),
    }


def _place(shop: Shop, pairs: Any, *, callers: int, seconds: float) -> load.Load:
    oms = shop.partition.oms
    return load.run(
        lambda _: oms.do(order(next(pairs)), caller=BENCH), callers=callers, seconds=seconds
    )
