"""The door for commands: once each, in groups, never one too many, whatever breaks."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from decimal import Decimal

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.base.errors import Refusal
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation, SuspendLocation
from domain.stock.commands import ReceiveStock, ReserveStock, SetSafetyStock
from domain.stock.errors import InsufficientStock
from eventstore.errors import Busy, KeyReused
from eventstore.main import Partition
from eventstore.oms import Answer, Caller
from tests.support.partitions import NOON, TESTER, WAREHOUSE, do, fresh_id, partition


@pytest.fixture
def opened(postgres: str, schema: str) -> Iterator[Partition]:
    """Return a partition with one warehouse W, and items I1 to I4 with 50 on hand each."""
    with partition(postgres, schema) as one:
        stock_up(one)
        yield one


def stock_up(one: Partition, quantity: int = 50) -> None:
    """Register W and I1 to I4 and receive stock of each."""
    do(one, RegisterLocation, location_id="W", location=WAREHOUSE)
    for number in range(1, 5):
        do(one, RegisterItem, item_id=f"I{number}", item={"sku": f"S{number}", "name": "Thing"})
        do(one, ReceiveStock, sku=f"S{number}", location_id="W", quantity=quantity)


def reserve(
    one: Partition, hold: str, *, sku: str = "S1", key: str | None = None, quantity: int = 1
) -> "Future[Answer]":
    """Ask for a hold and return its future answer."""
    command = ReserveStock(
        id=fresh_id(),
        now=NOON,
        sku=sku,
        location_id="W",
        reservation_id=hold,
        quantity=Decimal(quantity),
        purpose="display",
    )
    return one.oms.submit(command, caller=TESTER, key=key)


def outcomes(futures: "list[Future[Answer]]") -> Counter[str]:
    """Count answers by kind: `accepted`, or the class of the error."""
    wait(futures, timeout=60)
    return Counter(
        type(future.exception()).__name__ if future.exception() else "accepted"
        for future in futures
    )


def test_a_group_never_reserves_more_than_is_there(opened: Partition) -> None:
    """Of 200 holds of one unit of a stock of 50, asked at once, exactly 50 are accepted."""
    futures = [reserve(opened, f"h{number}") for number in range(200)]
    assert outcomes(futures) == {"accepted": 50, "InsufficientStock": 150}


def test_two_writers_on_one_log_never_reserve_too_much(postgres: str, schema: str) -> None:
    """Two processes' writers race for four items of 50: 50 of each are held, none more."""
    with ExitStack() as stack:
        writers = [stack.enter_context(partition(postgres, schema)) for _ in range(2)]
        stock_up(writers[0])
        futures = [
            reserve(writers[number % 2], f"h{number}", sku=f"S{number % 4 + 1}")
            for number in range(400)
        ]
        assert outcomes(futures) == {"accepted": 200, "InsufficientStock": 200}
        events = writers[0].reader.read(0, 10_000, {"StockReserved"}).events
        assert Counter(event.stream for event in events) == {
            f"stock:I{number}@W": 50 for number in range(1, 5)
        }


def test_a_refusal_appends_nothing_and_is_kept_with_its_reasons(opened: Partition) -> None:
    """A refused command leaves the log as it was, and its row says why."""
    head = opened.reader.head()
    with pytest.raises(InsufficientStock) as refused:
        reserve(opened, "too-much", quantity=51, key="k1").result(10)
    assert opened.reader.head() == head
    with opened.datastore.connect() as connection:
        row = connection.execute(
            opened.datastore.sql(
                "SELECT refused, outcome->>'code', outcome->>'detail' "
                "FROM {schema}.commands WHERE key = 'k1'"
            )
        ).fetchone()
    assert row == (True, "insufficient-stock", refused.value.detail)


def test_a_key_is_good_for_one_command(opened: Partition) -> None:
    """The same key at once, in one group and again later: one hold, and the same answer."""
    command = ReserveStock(
        id=fresh_id(),
        now=NOON,
        sku="S1",
        location_id="W",
        reservation_id="h",
        quantity=Decimal(1),
        purpose="display",
    )
    futures = [opened.oms.submit(command, caller=TESTER, key="k") for _ in range(3)]
    answers = [future.result(10) for future in futures]
    again = opened.oms.do(command, caller=TESTER, key="k")

    assert [answer.repeated for answer in answers] == [False, True, True]
    assert len({(str(answer.outcome), answer.position) for answer in [*answers, again]}) == 1
    assert len(opened.reader.read(0, 1000, {"StockReserved"}).events) == 1


def test_a_key_with_another_body_is_refused(opened: Partition) -> None:
    """The second command under a key is refused when it asks something else."""
    reserve(opened, "h1", key="k").result(10)
    with pytest.raises(KeyReused):
        reserve(opened, "h2", key="k").result(10)
    assert len(opened.reader.read(0, 1000, {"StockReserved"}).events) == 1


def test_keys_belong_to_their_principal(opened: Partition) -> None:
    """Two principals may use the same key for different commands."""
    reserve(opened, "h1", key="k").result(10)
    other = Caller(principal="other", actor="other")
    assert not do(
        opened, SuspendLocation, key="k", caller=other, location_id="W", reason="flood"
    ).repeated


def test_a_refused_key_stays_refused(opened: Partition) -> None:
    """A repeat of a refused command gets the stored refusal, though it could now succeed."""
    with pytest.raises(InsufficientStock):
        reserve(opened, "h", quantity=60, key="k").result(10)
    do(opened, ReceiveStock, sku="S1", location_id="W", quantity=100)
    with pytest.raises(InsufficientStock):
        reserve(opened, "h", quantity=60, key="k").result(10)


def test_a_full_queue_says_busy(postgres: str, schema: str) -> None:
    """More waiting commands than the limit are turned away with the time to come back."""
    with partition(postgres, schema, queue_limit=1) as one:
        stock_up(one)
        with one.datastore.connect(autocommit=False) as blocker:
            blocker.execute(one.datastore.sql("SELECT FROM {schema}.log_head FOR UPDATE"))
            futures: list[Future[Answer]] = []
            with pytest.raises(Busy) as busy:
                futures.extend(reserve(one, f"h{number}") for number in range(500))
            assert busy.value.retry_after >= 1
    assert set(outcomes(futures)) <= {"accepted"}


def test_a_partition_does_not_wait_for_another(postgres: str, schema: str) -> None:
    """With one partition's head row locked, another partition on the server still appends."""
    with (
        partition(postgres, schema) as locked,
        partition(postgres, f"{schema}_b") as free,
        locked.datastore.connect(autocommit=False) as blocker,
    ):
        blocker.execute(locked.datastore.sql("SELECT FROM {schema}.log_head FOR UPDATE"))
        assert do(free, RegisterLocation, location_id="W", location=WAREHOUSE).position == 1
    drop(postgres, f"{schema}_b")


def test_every_answer_survives_cut_connections(postgres: str, schema: str) -> None:
    """While the writer's connections are cut again and again, every hold happens exactly once."""
    with partition(postgres, schema, queue_limit=2000) as one, ThreadPoolExecutor(8) as pool:
        stock_up(one, quantity=1000)

        def hold(number: int) -> bool:
            return reserve(one, f"h{number}", sku=f"S{number % 4 + 1}").result(60).repeated

        results = [pool.submit(hold, number) for number in range(300)]
        with psycopg.connect(postgres, autocommit=True) as killer:
            for _ in range(15):
                killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE %s AND pid <> pg_backend_pid()",
                    [f"%{schema}%"],
                )
                killer.execute("SELECT pg_sleep(0.02)")
        assert [result.result(60) for result in results] == [False] * 300
        events = one.reader.read(0, 10_000, {"StockReserved"}).events
        assert len(events) == len({event.event_id for event in events}) == 300


def test_two_streams_of_one_command_are_appended_together(opened: Partition) -> None:
    """Registering an item writes its own stream and its SKU's in one append."""
    answer = do(opened, RegisterItem, item_id="I9", item={"sku": "S9", "name": "Thing"})
    events = opened.reader.read(answer.position - 2, 2).events
    assert [(e.stream, e.type) for e in events] == [
        ("item:I9", "ItemRegistered"),
        ("sku:s9", "SkuAssigned"),
    ]
    assert len({event.recorded_at for event in events}) == 1


def test_long_streams_are_read_from_snapshots(postgres: str, schema: str) -> None:
    """A stock item of 1,200 events has two snapshots, and a new writer sees the same stock."""
    with partition(postgres, schema) as one:
        stock_up(one, quantity=2000)
        assert outcomes([reserve(one, f"h{n}") for n in range(1200)]) == {"accepted": 1200}
        with one.datastore.connect() as connection:
            versions = connection.execute(
                one.datastore.sql(
                    "SELECT version FROM {schema}.snapshots "
                    "WHERE stream_id = 'stock:I1@W' ORDER BY version"
                )
            ).fetchall()
    assert len(versions) == 2
    with partition(postgres, schema) as again:
        assert outcomes([reserve(again, "more", quantity=800)]) == {"accepted": 1}
        assert outcomes([reserve(again, "one-more")]) == {"InsufficientStock": 1}


def test_recorded_instants_never_go_backwards_and_positions_have_no_gap(opened: Partition) -> None:
    """Positions are 1, 2, 3 ... and recorded instants rise with them."""
    outcomes([reserve(opened, f"h{number}") for number in range(40)])
    events = opened.reader.read(0, 1000).events
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    instants = [event.recorded_at for event in events]
    assert instants == sorted(instants)


def test_the_head_row_is_locked_and_never_updated(opened: Partition) -> None:
    """Appends leave no dead head rows behind, so an old snapshot costs them nothing."""
    row = opened.datastore.sql("SELECT xmin::text, ctid::text FROM {schema}.log_head")
    with opened.datastore.connect() as connection:
        before = connection.execute(row).fetchone()
        do(opened, SetSafetyStock, sku="S1", location_id="W", quantity=3)
        assert connection.execute(row).fetchone() == before


def test_what_waits_is_answered_before_the_writer_stops(postgres: str, schema: str) -> None:
    """Leaving the partition answers every command that was admitted."""
    with partition(postgres, schema) as one:
        stock_up(one)
        futures = [reserve(one, f"h{number}") for number in range(50)]
    assert outcomes(futures) == {"accepted": 50}


def test_a_command_refused_by_its_facts_names_the_field(opened: Partition) -> None:
    """A channel with an unknown source is refused, naming the field at fault."""
    with pytest.raises(Refusal) as refused:
        do(
            opened,
            OpenChannel,
            channel_id="web",
            channel={"name": "Web", "currency": "EUR", "sources": ["W", "NOWHERE"]},
        )
    assert refused.value.field == "channel.sources"


def drop(conninfo: str, schema: str) -> None:
    """Drop the schema of a second partition."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        for name in (schema, f"{schema}_keys"):
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(name)))
