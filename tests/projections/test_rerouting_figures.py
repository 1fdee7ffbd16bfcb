"""What read models show of refusals, moves, holds and choices."""

from decimal import Decimal
from typing import Any

from domain.base.streams import location_stream
from domain.location.events import LocationResumed, LocationSuspended
from domain.order.events import AllocationReleased, DeliveryGroup, Destination, RoutingFoundNothing
from domain.order.rerouting_events import (
    AllocationRefused,
    AllocationsKept,
    BackorderReleased,
    DeliveryChoiceAwaited,
    DeliveryChosen,
    KeptPart,
    RoutingHeld,
    RoutingHoldReleased,
)
from domain.routing.plan import ExclusionCount, GroupPolicy, RoutingDecision
from eventstore.main import Log
from projections.backlog.queries import LocationMoves, moves
from projections.database import query
from projections.order_lines.queries import lines_of
from projections.order_status.queries import order_status
from projections.order_timeline.queries import timeline
from projections.orders.queries import order
from tests.projections.story import ORDER, allocated, line, location, placed
from tests.projections.test_figures import told
from tests.projections.writing import Written

TWO, ONE = Decimal(2), Decimal(1)
STORE = DeliveryGroup("g1", "pickup", Destination("GB"), store="A")
START = (
    location("A"),
    location("B"),
    placed(line("1", 3, "9.00")),
    allocated(("a1", "1", "A", 3)),
)


def order_event(event: Any) -> Written:
    """Return an event of the order."""
    return ORDER, event


def released(quantity: Decimal, reason: str = "suspended") -> Written:
    """Return that a part of the allocation was given back."""
    return ORDER, AllocationReleased("a1", "1", "A", quantity, reason)


def found_nothing(**exclusions: int) -> Written:
    """Return a routing that left out so many places by reason."""
    counts = tuple(ExclusionCount(why.replace("_", "-"), n) for why, n in exclusions.items())
    decision = RoutingDecision("e", (GroupPolicy("g1", "p/1"),), 0, (), exclusions=counts)
    return ORDER, RoutingFoundNothing(decision, "refused")


def holds(log: Log) -> tuple[str | None, dict[str, int], list[str | None]]:
    """Return the hold and exclusions of the order, and the holds of its lines."""
    found = order(log.datastore, ORDER)
    assert found is not None
    lines = [one.routing_hold for one in lines_of(log.datastore, ORDER)]
    return found.routing_hold, found.routing_exclusions, lines


def test_a_hold_is_shown_with_whom_routing_left_out(log: Log) -> None:
    """While anything is open: afterwards nothing is held any more."""
    refused = AllocationRefused("a1", "1", "A", TWO, "damaged")
    told(log, *START, order_event(refused), released(TWO, "damaged"))
    told(
        log,
        found_nothing(refused_before=1, suspended=2),
        order_event(RoutingHeld("nothing-left", 1)),
    )
    assert holds(log) == (
        "nothing-left",
        {"refused-before": 1, "suspended": 2},
        ["nothing-left"],
    )
    told(log, order_event(RoutingHoldReleased("checked", ask_again=False)))
    assert holds(log) == (None, {"refused-before": 1, "suspended": 2}, [None])
    told(log, order_event(RoutingHeld("too-many-tries", 10)), allocated(("a2", "1", "B", 2)))
    assert holds(log) == (None, {}, [None])


def test_a_customer_who_has_to_choose_is_told_so(log: Log) -> None:
    """Words and status say it for all that has not left, until the choice."""
    told(log, *START, order_event(DeliveryChoiceAwaited("g1", "A", "suspended")))
    status = order_status(log.datastore, ORDER)
    assert status is not None
    assert (status.words, status.choices) == ("Waiting for your choice", {"g1": "suspended"})
    assert status.lines[0]["words"] == "Waiting for your choice"
    assert holds(log) == ("customer-choice", {}, ["customer-choice"])
    told(log, order_event(DeliveryChosen("wait", STORE)))
    status = order_status(log.datastore, ORDER)
    assert status is not None
    assert (status.words, status.choices) == ("Being prepared", {})
    assert holds(log) == (None, {}, [None])


def test_progress_of_a_move_adds_up(log: Log) -> None:
    """Untried, partly moved, kept with a reason, moved; a new suspension counts anew."""
    told(log, *START)
    assert moves(log.datastore) == []
    told(log, (location_stream("A"), LocationSuspended("flood", move_work=True)))
    assert progress(log) == (0, 0, 1, 3, {})
    told(log, released(TWO), allocated(("a2", "1", "B", 2)))
    kept = AllocationsKept("A", (KeptPart("a1", "1", "g1", ONE),), "no-other-place")
    told(log, order_event(kept))
    assert progress(log) == (0, 2, 0, 0, {"no-other-place": {"orders": 1, "units": 1}})
    told(log, released(ONE), allocated(("a3", "1", "B", 1)))
    assert progress(log) == (1, 3, 0, 0, {})
    told(log, (location_stream("A"), LocationResumed()))
    assert moves(log.datastore)[0].moves_work is False
    told(log, (location_stream("A"), LocationSuspended("again", move_work=True)))
    assert progress(log) == (0, 0, 0, 0, {})


def progress(log: Log) -> tuple[int, int, int, int, dict[str, Any]]:
    """Return orders and units moved, those that wait, and what stays."""
    [found] = moves(log.datastore, locations=["A"])
    assert isinstance(found, LocationMoves)
    return (
        found.moved_orders,
        int(found.moved_units),
        found.waiting_orders,
        int(found.waiting_units),
        found.staying,
    )


def test_work_says_why_it_stays(log: Log) -> None:
    """The customer's choice and waiting are told apart from goods that nobody else has."""
    told(log, *START, order_event(DeliveryChoiceAwaited("g1", "A", "refused")))
    assert stays(log) == ["customer-choice"]
    told(log, order_event(DeliveryChosen("wait", STORE)))
    assert stays(log) == ["customer-waits"]


def stays(log: Log) -> list[str]:
    """Return why work stays at the place A."""
    with query(log.datastore) as cursor:
        statement = "SELECT stays FROM {schema}.open_work WHERE location_id = 'A'"
        return [row[0] for row in cursor.execute(log.datastore.sql(statement)).fetchall()]


def test_the_timeline_has_words_for_all_of_it(log: Log) -> None:
    """Nobody has to know the names of events."""
    home = DeliveryGroup("g1", "ship", Destination("GB"))
    told(
        log,
        *START,
        order_event(AllocationRefused("a1", "1", "A", TWO, "damaged")),
        order_event(BackorderReleased("b1", "1", "A", ONE, "changed")),
        order_event(AllocationsKept("A", (KeptPart("a1", "1", "g1", TWO),), "too-many-tries")),
        order_event(RoutingHeld("too-many-tries", 10)),
        order_event(RoutingHeld("nothing-left", 1)),
        order_event(RoutingHoldReleased("stock-found", ask_again=True)),
        order_event(DeliveryChoiceAwaited("g1", "A", "refused")),
        order_event(DeliveryChosen("another-store", STORE)),
        order_event(DeliveryChosen("wait", STORE)),
        order_event(DeliveryChosen("ship", home)),
    )
    found = [one.words for one in timeline(log.datastore, ORDER).items][2:]
    assert found == [
        "A refused 2 units of line 1: damaged",
        "1 unit of line 1 no longer backordered at A: changed",
        "2 units stay at A: they were moved too often",
        "Held for a person after 10 tries: it was tried too often",
        "Held for a person after 1 try: every place that may serve it has refused",
        "To be routed again, also where it was refused: stock-found",
        "Delivery g1 waits for the customer's choice: A refused",
        "The customer chose A for delivery g1",
        "The customer waits for delivery g1 at A",
        "The customer chose to have delivery g1 shipped",
    ]
