"""One SKU that everybody wants: many callers, 10,000 units, never one too many."""

from typing import Any, Final

from api.bench import baseline, load
from api.bench.shop import BENCH, open_shop, order

_UNITS: Final = 10_000
_CALLERS: Final = 64


def run(*, asked: int = 12_000) -> dict[str, Any]:
    """Return orders per second of one unit of one SKU, and what the log says was sold.

    `oversold_units` is counted from the log: reserved beyond what was received.
    """
    with open_shop(items=1, units=_UNITS) as shop:
        oms, skus = shop.partition.oms, shop.skus
        done = load.run(lambda _: oms.do(order(skus), caller=BENCH), callers=_CALLERS, total=asked)
        with shop.partition.datastore.connect() as connection:
            row = connection.execute(
                shop.partition.datastore.sql(
                    "SELECT coalesce(sum((payload->>'quantity')::numeric), 0) FROM {schema}.log "
                    "WHERE type = 'StockReserved'"
                )
            ).fetchone()
        tps = baseline.transactions_per_second(shop, seconds=3.0)
    reserved = int(row[0]) if row else 0
    return {
        "orders_per_second": round((asked - sum(done.errors.values())) / done.seconds, 1),
        "accepted": len(done.latencies),
        "refused": dict(done.refused),
        "oversold_units": max(0, reserved - _UNITS),
        "p99_ms": done.percentile_ms(0.99),
        "baseline_tps": tps,
        "errors": sum(done.errors.values()),
    }
