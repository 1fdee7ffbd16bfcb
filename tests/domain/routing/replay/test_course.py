"""A strategy's own course: what it takes, what waits, what a cancellation frees."""

from datetime import date
from decimal import Decimal

from domain.routing.plan import PlannedAllocation, PlannedFulfilment
from domain.routing.replay.course import Course
from tests.domain.routing.drafts import facts, line, request

KNOWN = facts({"I": {"A": 9, "B": 9}, "J": {"A": 9}})
SHARE = ("I", "g1")


def allocated(course: Course, order: str, *parts: tuple[str, int], wanted: int = 5) -> None:
    """Let a course allocate units of I to an order, and wait for what is short."""
    asked = request(line("I", wanted), of=KNOWN, order=order)
    some = tuple(PlannedAllocation("g1", "I", s, Decimal(units)) for s, units in parts)
    course.allocate(asked, some)
    course.wait(asked, some, {"g1": ("A", "B")})


def test_allocations_use_stock_and_give_work() -> None:
    """A fulfilment is an order at a location, however many lines it has."""
    course = Course()
    allocated(course, "1", ("A", 3), ("B", 2))
    allocated(course, "2", ("A", 5))
    assert course.taken == {("I", "A"): 8, ("I", "B"): 2}
    assert course.work == {"A": 2, "B": 1}


def test_a_kit_uses_its_components_and_never_waits() -> None:
    """Two kits of two and one take four and two; the third is not queued."""
    course = Course()
    asked = request(line({"I": 2, "J": 1}, 3, line_id="kit"), of=KNOWN)
    some = (PlannedAllocation("g1", "kit", "A", Decimal(2)),)
    course.allocate(asked, some)
    course.wait(asked, some, {"g1": ("A",)})
    assert course.taken == {("I", "A"): 4, ("J", "A"): 2}
    assert course.waited_for() == ()


def test_what_was_short_waits_and_is_served_by_priority_then_age() -> None:
    """Four units that come serve the older order first, from the channel's first location."""
    course = Course()
    allocated(course, "old", wanted=3)
    allocated(course, "new", wanted=3)
    urgent = request(line("I", 1), of=KNOWN, order="urgent", priority=5)
    course.wait(urgent, (), {"g1": ("B",)})
    assert course.is_waited_for("I")
    assert course.serve("I", {"A": Decimal(1), "B": Decimal(3)}) == 4
    assert course.taken == {("I", "B"): 3, ("I", "A"): 1}
    course.cancel("old", SHARE, Decimal(3))
    assert course.taken == {("I", "B"): 1, ("I", "A"): 0}
    assert course.serve("I", {"A": Decimal(9)}) == 3
    assert not course.is_waited_for("I")


def test_only_whole_steps_are_served() -> None:
    """Of 0.7 m of cloth a line in quarters gets 0.5 m."""
    course = Course()
    asked = request(line("I", 1, step=Decimal("0.25")), of=KNOWN)
    course.wait(asked, (), {"g1": ("A",)})
    assert course.serve("I", {"A": Decimal("0.7")}) == Decimal("0.5")


def test_a_cancellation_frees_what_waits_first_then_what_was_allocated_last() -> None:
    """Of five wanted, two wait: cancelling three takes those and one from B."""
    course = Course()
    allocated(course, "1", ("A", 2), ("B", 1))
    course.cancel("1", SHARE, Decimal(3))
    assert course.taken == {("I", "A"): 2, ("I", "B"): 0}
    assert course.work == {"A": 1, "B": 0}
    assert not course.is_waited_for("I")


def test_what_left_ends_the_work_and_frees_nothing() -> None:
    """Shipped units are gone: a later cancellation cannot bring them back."""
    course = Course()
    allocated(course, "1", ("A", 5))
    course.ship("1", "I", Decimal(4))
    assert course.work == {"A": 1}
    course.cancel("1", SHARE, Decimal(5))
    assert course.taken == {("I", "A"): 4}
    assert course.work == {"A": 0}


def test_what_happens_to_others_changes_nothing() -> None:
    """An order that the strategy never served may be cancelled or shipped."""
    course = Course()
    allocated(course, "1", ("A", 5))
    course.cancel("other", SHARE, Decimal(5))
    course.ship("other", "I", Decimal(5))
    assert course.taken == {("I", "A"): 5}
    assert course.work == {"A": 1}


def test_places_of_days_are_booked_until_nothing_is_left_to_do() -> None:
    """A cancellation of all gives the place back; leaving goods keep theirs."""
    course = Course()
    day = date(2026, 3, 3)
    for order in ("1", "2"):
        asked = request(line("I", 2), of=KNOWN, order=order)
        some = (PlannedAllocation("g1", "I", "A", Decimal(2)),)
        booked = PlannedFulfilment("g1", "A", "ship-from-warehouse", leaves=day, booked=True)
        course.allocate(asked, some, (booked,))
    assert course.booked == {"A": {day: 2}}
    course.cancel("1", SHARE, Decimal(1))
    course.ship("2", "I", Decimal(2))
    assert course.booked == {"A": {day: 2}}
    course.cancel("1", SHARE, Decimal(1))
    assert course.booked == {"A": {day: 1}}
