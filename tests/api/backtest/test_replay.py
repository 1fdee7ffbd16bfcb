"""Replaying a log: as it was known, and on each strategy's own course."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from api.backtest.replay import DONE, NothingToReplay
from api.backtest.window import Window
from domain.base.errors import Refusal
from domain.base.streams import order_stream
from domain.location.commands import ChangeLocation, ResumeLocation, SuspendLocation
from domain.order.commands import CancelOrder, RerouteOrder, ShipAllocation
from domain.order.events import LinesAllocated
from domain.routing.policy import DEFAULT_POLICY, Criterion, Policy
from domain.routing.replay.figures import Figures
from domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from eventstore.main import Partition
from tests.api.backtest.conftest import Backtest, on, place_order, receive
from tests.support.partitions import WAREHOUSE, do

FAR = Policy("far", 1, (Criterion("unfilled"), Criterion("priority"), Criterion("distance")))
LEVEL = Policy("level", 1, (Criterion("unfilled"), Criterion("fulfilments"), Criterion("backlog")))


def served(figures: Figures) -> tuple[int, int]:
    """Return units served when routed, and fulfilments."""
    return int(figures.served_units), figures.fulfilments


def allocation_of(shop: Partition, number: object) -> str:
    """Return the first allocation of an order."""
    events = shop.reader.stream(order_stream("web", str(number)))
    allocated = (e.event.allocations for e in events if isinstance(e.event, LinesAllocated))
    return next(one.allocation_id for some in allocated for one in some)


def live(shop: Partition, draw: Random, number: int) -> None:
    """Do one command of any kind; time goes on with the number."""
    now = on(2) + timedelta(hours=number)
    sku, at = draw.choice(("MUG", "TEA")), draw.choice("ABC")
    stock: dict[str, Any] = {"sku": sku, "location_id": at}
    which: dict[str, Any] = {"channel_id": "web", "external_id": str(draw.randrange(number + 1))}
    match draw.randrange(11):
        case 0:
            do(shop, ReceiveStock, now=now, **stock, quantity=6)
        case 1:
            do(shop, AdjustStock, now=now, **stock, change=draw.choice((-2, 3)), reason="till")
        case 2:
            do(
                shop,
                CountStock,
                now=now,
                **stock,
                counted=draw.randrange(12),
                as_of=now,
                sequence=number,
            )
        case 3:
            do(shop, CancelOrder, now=now, **which, reason="other")
        case 4:
            do(shop, RerouteOrder, now=now, **which, cause="shortfall")
        case 5:
            allocation = allocation_of(shop, which["external_id"])
            do(shop, ShipAllocation, now=now, **which, allocation_id=allocation)
        case 6:
            do(shop, SuspendLocation, now=now, location_id=at, reason="flood", move_work=False)
        case 7:
            do(shop, ResumeLocation, now=now, location_id=at)
        case _:
            mugs, teas = draw.randrange(1, 7), draw.randrange(1, 7)
            place_order(shop, number, day=2 + number // 24, MUG=mugs, TEA=teas)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_policy_that_was_used_does_what_was_really_done(
    shop: Partition, backtest: Backtest, seed: int
) -> None:
    """As known, decision by decision, after receipts, counts, cancellations and suspensions."""
    receive(shop, MUG_A=20, MUG_B=20, TEA_B=20, TEA_C=20)
    draw = Random(seed)
    for number in range(70):
        try:
            live(shop, draw, number)
        except (Refusal, StopIteration):
            continue
    outcome = backtest(DEFAULT_POLICY)
    done, again = outcome.columns[DONE], outcome.columns["default/1"]
    assert done.decisions > 12
    assert again == replace(done, served_later_units=again.served_later_units)


def test_each_decision_stands_for_itself_as_known(shop: Partition, backtest: Backtest) -> None:
    """The candidate sends both orders from C, though the 5 there are enough for one only."""
    receive(shop, MUG_A=9, MUG_C=5)
    place_order(shop, 1, MUG=5)
    place_order(shop, 2, MUG=4)
    do(shop, AdjustStock, now=on(3), sku="MUG", location_id="C", change=-5, reason="till")
    receive(shop, at=on(3), MUG_A=1)
    place_order(shop, 3, day=4, MUG=1)
    outcome = backtest(FAR)
    assert outcome.columns[DONE].sites == {"A": 3, "B": 0, "C": 0}
    assert outcome.columns["far/1"].sites == {"A": 1, "B": 0, "C": 2}
    own = backtest(FAR, mode="own-course")
    assert own.columns["far/1"].sites == {"A": 2, "B": 0, "C": 1}


def test_strategies_part_company_on_their_own_course(shop: Partition, backtest: Backtest) -> None:
    """Nearest takes 2 from A and 3 from B; later it must split what whole stock would serve."""
    receive(shop, MUG_A=2, MUG_B=5, MUG_C=5)
    place_order(shop, 1, MUG=5)
    place_order(shop, 2, MUG=5)
    known = backtest(rules=("nearest",))
    assert served(known.columns[DONE]) == (10, 2)
    assert served(known.columns["nearest"]) == (10, 4)
    own = backtest(rules=("nearest",), mode="own-course")
    assert served(own.columns["default/1"]) == (10, 2)
    assert own.columns["nearest"].sites == {"A": 1, "B": 2, "C": 1}
    assert served(own.columns["nearest"]) == (10, 4)


def test_an_own_course_of_the_same_policy_is_history(shop: Partition, backtest: Backtest) -> None:
    """With receipts, counts, cancellations and shipments, where nothing is short or lost."""
    receive(shop, MUG_A=40, MUG_B=60, TEA_B=70, TEA_C=50)
    draw = Random(5)
    for number in range(24):
        place_order(
            shop, number, day=2 + number, MUG=draw.randrange(1, 6), TEA=draw.randrange(1, 6)
        )
        which: dict[str, Any] = {"channel_id": "web", "external_id": str(number)}
        now = on(2 + number, 15)
        if number % 3 == 0:
            do(shop, CancelOrder, now=now, **which, reason="other")
        elif number % 3 == 1:
            do(shop, ShipAllocation, now=now, **which, allocation_id=allocation_of(shop, number))
        else:
            receive(shop, at=now, MUG_C=2)
    outcome = backtest(DEFAULT_POLICY, LEVEL, mode="own-course")
    assert outcome.columns["default/1"] == outcome.columns[DONE]
    assert outcome.columns["level/1"].served_units == outcome.columns[DONE].served_units


def test_what_is_short_waits_and_new_orders_wait_behind_it(
    shop: Partition, backtest: Backtest
) -> None:
    """Of 6 received, 4 go to the first order, in history and on the own course alike."""
    receive(shop, MUG_A=2)
    place_order(shop, 1, MUG=6)
    receive(shop, at=on(3), MUG_A=6)
    place_order(shop, 2, day=4, MUG=3)
    outcome = backtest(mode="own-course")
    for name in (DONE, "default/1"):
        assert outcome.columns[name].served_units == 4
        assert outcome.columns[name].served_later_units == 4


def test_a_cancellation_frees_what_the_strategy_took(shop: Partition, backtest: Backtest) -> None:
    """The first order had A, and C of the candidate, who has C again for the second."""
    receive(shop, MUG_A=5, MUG_C=5)
    place_order(shop, 1, MUG=5)
    do(shop, CancelOrder, now=on(3), channel_id="web", external_id="1", reason="other")
    place_order(shop, 2, day=4, MUG=5)
    place_order(shop, 3, day=5, MUG=5)
    outcome = backtest(FAR, mode="own-course")
    assert outcome.columns[DONE].sites == {"A": 2, "B": 0, "C": 1}
    assert outcome.columns["far/1"].sites == {"A": 1, "B": 0, "C": 2}


def test_an_order_that_its_channel_would_refuse_is_refused(
    shop: Partition, backtest: Backtest
) -> None:
    """A policy with one fulfilment at most cannot serve 5 of 3 and 3; the channel queues none."""
    receive(shop, MUG_A=3, MUG_B=3)
    place_order(shop, 1, channel_id="strict", MUG=5)
    narrow = replace(FAR, constraints=replace(FAR.constraints, most_fulfilments=1))
    columns = backtest(narrow).columns
    assert (columns["far/1"].refused, *served(columns["far/1"])) == (1, 0, 0)
    assert (columns[DONE].refused, *served(columns[DONE])) == (0, 5, 2)


def test_decisions_on_what_happened_to_an_order_are_not_on_the_own_course(
    shop: Partition, backtest: Backtest
) -> None:
    """A count took what was reserved and the order was routed anew: counted once, and said."""
    receive(shop, MUG_A=5, MUG_B=5)
    place_order(shop, 1, MUG=5)
    do(shop, CountStock, now=on(3), sku="MUG", location_id="A", counted=0, as_of=on(3), sequence=1)
    do(shop, RerouteOrder, now=on(3, 13), channel_id="web", external_id="1", cause="shortfall")
    assert backtest().columns["default/1"].decisions == 2
    own = backtest(mode="own-course")
    assert own.columns["default/1"].decisions == 1
    assert own.skipped == 1


def test_the_window_is_of_business_time(shop: Partition, backtest: Backtest) -> None:
    """The first and the last day count; what was placed outside shapes the stock alone."""
    receive(shop, MUG_A=9, MUG_B=9)
    for day in (2, 3, 4, 5):
        place_order(shop, day, day=day, MUG=4)
    outcome = backtest(window=Window(date(2026, 3, 3), date(2026, 3, 4)), mode="own-course")
    assert outcome.decisions == 2
    assert outcome.columns[DONE].sites == {"A": 1, "B": 1, "C": 0}
    assert outcome.columns["default/1"].sites == {"A": 1, "B": 1, "C": 0}


def test_a_balanced_policy_levels_its_own_work(shop: Partition, backtest: Backtest) -> None:
    """By distance all go to A; by open work they take turns, each on its own.

    On what was known, A alone ever had work, so that all but the first would have gone to B.
    """
    receive(shop, MUG_A=9, MUG_B=9, MUG_C=9)
    for number in range(6):
        place_order(shop, number, MUG=1)
    outcome = backtest(LEVEL, mode="own-course")
    assert outcome.columns[DONE].sites == {"A": 6, "B": 0, "C": 0}
    assert outcome.columns["level/1"].sites == {"A": 2, "B": 2, "C": 2}
    assert outcome.columns["level/1"].spread == 0
    assert backtest(LEVEL).columns["level/1"].sites == {"A": 1, "B": 5, "C": 0}


def test_a_window_without_orders_says_so(shop: Partition, backtest: Backtest) -> None:
    """Nothing is divided by nothing."""
    receive(shop, MUG_A=9)
    with pytest.raises(NothingToReplay, match="nothing was routed between 2026-03-01 and"):
        backtest()


def test_full_days_are_full_for_everybody(shop: Partition, backtest: Backtest) -> None:
    """One place a day at A: history and its own course promise the second a day later."""
    where = {**WAREHOUSE, "latitude": 52.0, "longitude": 0.0, "capacity_per_day": 1}
    do(shop, ChangeLocation, now=on(1), location_id="A", location=where)
    receive(shop, MUG_A=9)
    for number in (1, 2):
        place_order(shop, number, MUG=1)
    known, own = backtest(), backtest(mode="own-course")
    assert known.columns["default/1"].mean_days == known.columns[DONE].mean_days
    assert known.columns[DONE].mean_days == own.columns["default/1"].mean_days
    assert own.columns["default/1"].mean_days == 0.5
