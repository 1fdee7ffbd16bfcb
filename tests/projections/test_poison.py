"""What a read model cannot fold is parked with the rest of its stream, and replayed in order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.base.streams import stock_stream
from domain.stock.events import StockReceived
from eventstore.main import Log
from eventstore.recorded import RecordedEvent
from projections.availability import fold as availability
from projections.availability.queries import availability_of
from projections.catalogue import READ_MODELS
from projections.database import query
from projections.errors import Moved, RebuildFailed
from projections.install import install
from projections.items.fold import READ_MODEL as ITEMS
from projections.read_model import ReadModel
from projections.rebuild import rebuild
from projections.replay import Replayed, replay_parked
from projections.rows import Tables
from projections.status import Status, status
from projections.verify import verify
from tests.projections.story import item, received
from tests.projections.writing import append, engine

POISON = Decimal(666)


def _fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold as availability does, but break at a certain quantity."""
    for recorded in events:
        if isinstance(recorded.event, StockReceived) and recorded.event.quantity == POISON:
            raise ArithmeticError("cannot count that far")
    availability.fold(events, tables)


MODEL = availability.READ_MODEL
FAULTY = replace(MODEL, fold=_fold)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the log lines of parked events out of the test's output."""
    with capture_logs():
        yield


def parked(log: Log) -> list[tuple[Any, ...]]:
    """Return the parked events."""
    with query(log.datastore) as cursor:
        return cursor.execute(
            log.datastore.sql(
                "SELECT position, stream_id, type, error FROM {schema}.parked_events "
                "ORDER BY position"
            )
        ).fetchall()


def on_hand(log: Log) -> dict[str, Any]:
    """Return what is on hand of mugs and whether the row is stale, by location."""
    [found] = availability_of(log.datastore, ["mug"])
    return {s.location_id: (s.on_hand, s.stale) for s in found.locations}


def state(log: Log, model: ReadModel = MODEL) -> Status:
    """Return the status of the read model."""
    [found] = [s for s in status(log.datastore) if s.name == model.name]
    return found


def poisoned(log: Log) -> int:
    """Write good events around a bad one, fold them, and return the bad one's position."""
    append(log, *item("mug", "MUG"), received("mug", "A", 1), received("mug", "B", 1))
    bad = append(log, received("mug", "A", int(POISON)))
    append(log, *(received("mug", at, 10) for at in "BABAB"))
    engine(log, [FAULTY, ITEMS]).catch_up()
    return bad


def test_the_event_at_fault_and_the_rest_of_its_stream_are_parked(log: Log) -> None:
    """Other streams go on, the rows of this one are stale, and status says so."""
    bad = poisoned(log)
    stream = stock_stream("mug", "A")
    follower = "an earlier event of its stream is parked"
    assert parked(log) == [
        (bad, stream, "StockReceived", "ArithmeticError: cannot count that far"),
        (bad + 2, stream, "StockReceived", follower),
        (bad + 4, stream, "StockReceived", follower),
    ]
    assert on_hand(log) == {"A": (1, True), "B": (31, False)}
    found = state(log)
    assert (found.parked, found.stale_streams, found.lag_events, found.ready) == (3, 1, 0, False)


def test_later_batches_park_what_follows(log: Log) -> None:
    """A stream with a parked event stays parked, in order, while others go on."""
    bad = poisoned(log)
    last = append(log, received("mug", "A", 5), received("mug", "B", 5))
    engine(log, [FAULTY, ITEMS]).catch_up()
    assert [position for position, *_ in parked(log)] == [bad, bad + 2, bad + 4, last - 1]
    assert on_hand(log) == {"A": (1, True), "B": (36, False)}


def test_verify_says_so_and_leaves_parked_events_out(log: Log) -> None:
    """Rows are what the folded events say; the read model is not clean."""
    poisoned(log)
    [found] = verify(log.datastore, log.reader, [MODEL])
    assert (found.differences, found.parked, found.stale, found.clean) == (0, 3, 1, False)


def test_parked_events_are_replayed_in_order_after_the_fix(log: Log) -> None:
    """Then the rows are what they would have been, and nothing is stale."""
    poisoned(log)
    assert replay_parked(log.datastore, log.reader, MODEL) == Replayed(folded=3, left=0)
    assert parked(log) == []
    assert on_hand(log) == {"A": (687, False), "B": (31, False)}
    [found] = verify(log.datastore, log.reader, [MODEL])
    assert found.clean
    assert state(log).ready


def test_replaying_without_the_fix_changes_nothing(log: Log) -> None:
    """The event still fails, and the later ones of its stream wait on."""
    poisoned(log)
    before = parked(log)
    assert replay_parked(log.datastore, log.reader, FAULTY) == Replayed(folded=0, left=3)
    assert [row[:3] for row in parked(log)] == [row[:3] for row in before]
    assert on_hand(log) == {"A": (1, True), "B": (31, False)}


def test_replaying_goes_as_far_as_it_can(log: Log) -> None:
    """A second event at fault stops its stream, not the others."""
    poisoned(log)
    mended = received("mug", "A", 668)[1]
    append(log, received("mug", "A", 667), (stock_stream("mug", "A"), mended))
    engine(log, [FAULTY, ITEMS]).catch_up()
    half_mended = replace(MODEL, fold=_but(668))
    assert replay_parked(log.datastore, log.reader, half_mended) == Replayed(folded=4, left=1)
    assert on_hand(log) == {"A": (1354, True), "B": (31, False)}


def _but(quantity: int) -> Any:
    def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
        for recorded in events:
            if getattr(recorded.event, "quantity", None) == quantity:
                raise LookupError("another fault")
        availability.fold(events, tables)

    return fold


def test_a_rebuild_stops_at_the_event(bare_log: Log) -> None:
    """It names the event and leaves the tables in use as they are."""
    log = bare_log
    install(log.datastore, READ_MODELS)
    bad = poisoned(log)
    with pytest.raises(RebuildFailed, match=f"stopped.* {bad}.*cannot count that far"):
        rebuild(log.datastore, log.reader, FAULTY)
    assert on_hand(log) == {"A": (1, True), "B": (31, False)}
    rebuilt = rebuild(log.datastore, log.reader, MODEL)
    assert rebuilt.differences == 1
    assert on_hand(log) == {"A": (687, False), "B": (31, False)}
    assert state(log).ready


def test_an_event_that_cannot_be_read_is_parked_too(log: Log) -> None:
    """Only the read models that use its type are held up."""
    append(log, *item("mug", "MUG"), received("mug", "A", 1))
    bad = _unreadable(log)
    append(log, received("mug", "A", 2), received("mug", "B", 2))
    engine(log).catch_up()
    found = {row[0]: row[1:3] for row in parked(log)}
    assert found == {
        bad: ("stock:mug@A", "StockReceived"),
        bad + 1: ("stock:mug@A", "StockReceived"),
    }
    assert on_hand(log) == {"A": (1, True), "B": (2, False)}
    assert {s.name for s in status(log.datastore) if s.parked} == {"availability", "routing_facts"}
    for sample in (None, 100):
        [verified] = verify(log.datastore, log.reader, [MODEL], sample=sample)
        assert (verified.differences, verified.parked, verified.stale) == (0, 2, 1)
    assert replay_parked(log.datastore, log.reader, MODEL) == Replayed(folded=0, left=2)


def _unreadable(log: Log) -> int:
    """Write an event whose payload lacks what its type needs."""
    position = log.reader.head() + 1
    with query(log.datastore) as cursor:
        cursor.execute(
            log.datastore.sql(
                "INSERT INTO {schema}.events SELECT originator_id, originator_version + 1, topic, "
                "'{{}}', %s, gen_random_uuid(), schema_version, occurred_at, recorded_at, actor, "
                "command_id, correlation_id, causation_id, subject_id FROM {schema}.events "
                "WHERE originator_id = 'stock:mug@A'"
            ),
            [position],
        )
    return position


def test_two_replays_at_once_fold_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes second finds the events gone and says so."""
    poisoned(log)
    read = log.reader.read
    others: list[Replayed] = []

    def reading(*args: Any, **kwargs: Any) -> Any:
        batch = read(*args, **kwargs)
        if not others:
            others.append(Replayed(0, 0))
            others.append(replay_parked(log.datastore, log.reader, MODEL))
        return batch

    monkeypatch.setattr(log.reader, "read", reading)
    with pytest.raises(Moved, match="is being replayed by another process"):
        replay_parked(log.datastore, log.reader, MODEL)
    assert others[1] == Replayed(folded=3, left=0)
    assert on_hand(log) == {"A": (687, False), "B": (31, False)}
