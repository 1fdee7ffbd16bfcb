"""Appending while something is in the way: an old snapshot, VACUUM, another partition."""

import statistics
import time
from threading import Event, Thread
from typing import Any, Final

from api.bench.shop import BENCH, Shop, command, open_shop
from domain.stock.commands import SetSafetyStock
from eventstore.main import open_partition
from eventstore.places import Place
from eventstore.settings import Settings

_WARM: Final = 200
_ROUND: Final = 300


def run(*, snapshot_seconds: float = 60.0) -> dict[str, Any]:
    """Return median milliseconds of an append, alone and with each hindrance, and their ratios.

    The snapshot is held for `snapshot_seconds` of steady appends before it is measured; alone
    and hindered are measured in the same run on the same server.
    """
    with open_shop(items=50, units=1_000) as shop:
        _appends(shop, _WARM)
        alone = _appends(shop, _ROUND)
        held = _with_snapshot(shop, snapshot_seconds)
        vacuumed = _with_vacuum(shop)
        locked = _with_other_partition_locked(shop)
        after = _appends(shop, _ROUND)
    median = statistics.median([alone, after])
    return {
        "alone_ms": round(median, 3),
        "with_snapshot_ms": round(held, 3),
        "with_vacuum_ms": round(vacuumed, 3),
        "with_other_partition_locked_ms": round(locked, 3),
        "snapshot_ratio": round(held / median, 3),
        "vacuum_ratio": round(vacuumed / median, 3),
        "other_partition_ratio": round(locked / median, 3),
        "errors": 0,
    }


def _appends(shop: Shop, count: int) -> float:
    taken = []
    for number in range(count):
        sku = shop.skus[number % len(shop.skus)]
        asked = command(
            SetSafetyStock, sku=sku, location_id="LE1", quantity=time.perf_counter_ns() % 97
        )
        before = time.perf_counter()
        shop.partition.oms.do(asked, caller=BENCH)
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)


def _with_snapshot(shop: Shop, seconds: float) -> float:
    with shop.partition.datastore.connect(autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(shop.partition.datastore.sql("SELECT count(*) FROM {schema}.events"))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            _appends(shop, _WARM)
        return _appends(shop, _ROUND)


def _with_vacuum(shop: Shop) -> float:
    stop = Event()

    def vacuum() -> None:
        with shop.partition.datastore.connect() as connection:
            while not stop.is_set():
                connection.execute(shop.partition.datastore.sql("VACUUM {schema}.events"))

    thread = Thread(target=vacuum)
    thread.start()
    try:
        return _appends(shop, _ROUND)
    finally:
        stop.set()
        thread.join()


def _with_other_partition_locked(shop: Shop) -> float:
    other = Place(name="other", conninfo=shop.place.conninfo, schema="other", key=bytes(32))
    with (
        open_partition(other, Settings(), migrate=True) as opened,
        opened.datastore.connect(autocommit=False) as blocker,
    ):
        blocker.execute(opened.datastore.sql("SELECT FROM {schema}.log_head FOR UPDATE"))
        return _appends(shop, _ROUND)
