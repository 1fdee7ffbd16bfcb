"""Re-routing what was lost: once for each loss, again only on a change or after a while."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domain.order.events import AllocationLost, LinesAllocated
from scheduler.jobs import reroute_lost_reservations as module
from scheduler.jobs.reroute_lost_reservations import reroute_lost_reservations
from scheduler.waiting_orders import times_due
from tests.scheduler.shop import Shop, now, open_shop


@pytest.fixture
def shop(postgres: str, schema: str) -> Iterator[Shop]:
    """Return the shop; 3 tea of order 1001 are reserved in the north."""
    with open_shop(postgres, schema) as opened:
        opened.place("1001")
        yield opened


def held(shop: Shop, number: str = "1001") -> dict[str, int]:
    """Return what the log says is held for an order, by location."""
    found: dict[str, int] = {}
    for event in shop.partition.reader.stream(f"order:web:{number}"):
        match event.event:
            case LinesAllocated(allocations=allocations):
                for one in allocations:
                    found[one.location_id] = found.get(one.location_id, 0) + int(one.quantity)
            case AllocationLost(location_id=place, quantity=quantity):
                found[place] -= int(quantity)
    return {place: quantity for place, quantity in found.items() if quantity}


def commands(shop: Shop) -> list[tuple[str, bool]]:
    """Return (type, refused) of the commands that the scheduler gave."""
    return shop.rows(
        "SELECT command_type, refused FROM {schema}.commands WHERE principal = 'scheduler'"
    )


def test_a_lost_reservation_is_routed_once(shop: Shop) -> None:
    """What the north lost is reserved in the south; a second run finds nothing to do."""
    assert held(shop) == {"north": 3}
    shop.count("north", 0)
    assert held(shop) == {}
    shop.fold()
    assert reroute_lost_reservations(shop.desk, now()) == {
        "waiting": 1,
        "tried": 1,
        "rerouted": 1,
    }
    assert held(shop) == {"south": 3}
    head = shop.partition.reader.head()
    shop.fold()
    assert reroute_lost_reservations(shop.desk, now()) == {"waiting": 0, "tried": 0}
    assert shop.partition.reader.head() == head
    assert commands(shop) == [("RerouteOrder", False)]


def test_a_read_model_behind_makes_no_second_try(shop: Shop) -> None:
    """While the order still looks short the same loss is not tried again."""
    shop.count("north", 0)
    shop.fold()
    reroute_lost_reservations(shop.desk, now())
    assert reroute_lost_reservations(shop.desk, now()) == {"waiting": 1, "tried": 0}
    assert commands(shop) == [("RerouteOrder", False)]


def test_the_log_says_why_it_was_routed(shop: Shop) -> None:
    """The new reservations name the job as their actor and the loss as their cause."""
    shop.count("north", 0)
    shop.fold()
    reroute_lost_reservations(shop.desk, now())
    events = shop.partition.reader.stream("order:web:1001")
    lost, allocated = events[-2:]
    assert (lost.type, allocated.type) == ("AllocationLost", "LinesAllocated")
    assert allocated.actor == "scheduler:reroute_lost_reservations"
    assert allocated.causation_id == lost.event_id
    assert allocated.correlation_id == lost.correlation_id


def test_what_finds_nothing_waits_for_a_change(postgres: str, schema: str) -> None:
    """Nothing free: one try and silence; goods come: another try, which finds them."""
    with open_shop(postgres, schema, south=0) as shop:
        shop.place("1001")
        shop.count("north", 0)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["found_nothing"] == 1
        assert shop.partition.reader.stream("order:web:1001")[-1].type == "RoutingFoundNothing"
        head = shop.partition.reader.head()
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now()) == {"waiting": 1, "tried": 0}
        assert shop.partition.reader.head() == head
        shop.receive("south", 10)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1
        assert held(shop) == {"south": 3}


def test_a_part_that_is_found_is_taken(postgres: str, schema: str) -> None:
    """Two of three are free: two are reserved, the third waits and is not tried for ever."""
    with open_shop(postgres, schema, south=2) as shop:
        shop.place("1001")
        shop.count("north", 0)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1
        shop.fold()
        tries = [reroute_lost_reservations(shop.desk, now())["tried"] for _ in range(3)]
        assert held(shop) == {"south": 2}
        assert tries == [1, 0, 0]


def test_as_much_again_is_taken_too(postgres: str, schema: str) -> None:
    """Three of six come within reach, then three more: both are reserved at once."""
    with open_shop(postgres, schema, north=6, south=3) as shop:
        shop.place("1001", 6)
        assert held(shop) == {"north": 6}
        shop.count("north", 0)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1
        assert held(shop) == {"south": 3}
        shop.receive("south", 3)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1
        assert held(shop) == {"south": 6}


def test_time_alone_brings_another_try(postgres: str, schema: str) -> None:
    """With nothing changed a loss comes due again on the back-off, and adds no event."""
    with open_shop(postgres, schema, south=0) as shop:
        shop.place("1001")
        shop.count("north", 0)
        shop.fold()
        start = now()
        reroute_lost_reservations(shop.desk, start)
        head = shop.partition.reader.head()
        waits = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=20))
        tried = [reroute_lost_reservations(shop.desk, start + wait)["tried"] for wait in waits]
        assert tried == [0, 1, 0]
        assert shop.partition.reader.head() == head


def test_a_second_loss_is_routed_at_once(shop: Shop) -> None:
    """What was re-routed and lost again is another loss."""
    shop.count("north", 0)
    shop.fold()
    reroute_lost_reservations(shop.desk, now())
    shop.receive("north", 3)
    shop.count("south", 0)
    shop.fold()
    assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1
    assert held(shop) == {"north": 3}


def test_a_run_is_bounded(postgres: str, schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three losses a run that may try two leaves the third to the next run."""
    monkeypatch.setattr(module, "MOST", 2)
    with open_shop(postgres, schema) as shop:
        for number in ("1", "2", "3"):
            shop.place(number, 1)
        shop.count("north", 0)
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 2
        shop.fold()
        assert reroute_lost_reservations(shop.desk, now())["rerouted"] == 1


def test_a_refusal_is_logged_and_counted(shop: Shop) -> None:
    """A business refusal stops neither the run nor comes again before something changes."""
    shop.count("north", 0)
    shop.fold()
    with shop.partition.datastore.connect() as connection:
        connection.execute(
            shop.partition.datastore.sql("UPDATE {schema}.order_lines_v2 SET external_id = 'gone'")
        )
    with capture_logs() as logs:
        figures = reroute_lost_reservations(shop.desk, now())
    assert figures == {"waiting": 1, "tried": 1, "refused": 1}
    assert [(entry["event"], entry["code"]) for entry in logs] == [("refused", "unknown-order")]
    assert reroute_lost_reservations(shop.desk, now())["tried"] == 0
    assert commands(shop) == [("RerouteOrder", True)]


@pytest.mark.parametrize(
    ("age", "times", "times_within_reach"),
    [
        (timedelta(seconds=-3), 0, 0),
        (timedelta(minutes=9), 0, 0),
        (timedelta(minutes=10), 1, 1),
        (timedelta(hours=1), 2, 3),
        (timedelta(hours=6), 3, 9),
        (timedelta(hours=23), 3, 26),
        (timedelta(days=1), 4, 27),
        (timedelta(days=30), 33, 723),
    ],
)
def test_a_loss_comes_due_ever_less_often(
    age: timedelta, times: int, times_within_reach: int
) -> None:
    """After ten minutes, an hour, six hours, then once a day, or an hour where some is free."""
    assert times_due(age, within_reach=False) == times
    assert times_due(age, within_reach=True) == times_within_reach
