"""Laws of a stock item, kept under anything that can happen to it in any order."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from pydantic import TypeAdapter

from domain.base.messages import Event
from domain.base.quantity import ZERO, plain
from domain.stock import decider
from domain.stock.counting import count
from domain.stock.errors import InsufficientStock
from domain.stock.events import (
    Condition,
    StockAdjusted,
    StockCounted,
    StockReceived,
    StockShipped,
)
from domain.stock.evolve import evolve
from domain.stock.serving import queue_backorder, withdraw
from domain.stock.snapshot import from_snapshot, to_snapshot
from domain.stock.state import NO_STOCK, Backorder, Reservation
from tests.domain.stock.steps import START

WHOLE = st.integers(1, 12).map(Decimal)
FRACTIONS = st.decimals("0.01", 12, places=2, allow_nan=False).map(plain)
QUANTITIES = WHOLE | FRACTIONS
PRIORITIES = st.integers(0, 9)
STEPS = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(6)])
CONDITIONS: st.SearchStrategy[Condition] = st.sampled_from(
    ["sellable", "sellable", "damaged", "quarantine"]
)
PROMISES = st.none() | st.integers(0, 9).map(lambda days: START + timedelta(days=days))


class Stock(RuleBasedStateMachine):
    """One stock item; every event is also sent through JSON, as the log does."""

    def __init__(self) -> None:
        super().__init__()
        self.state = NO_STOCK
        self.now: datetime = START
        self.log: list[Event] = []
        self.ids = 0

    def new_id(self, prefix: str) -> str:
        """Return an id that nothing else has."""
        self.ids += 1
        return f"{prefix}-{self.ids}"

    def reservation_of(self, backorder_id: str) -> str:
        """Return the id of the reservation that a backorder becomes."""
        return self.new_id(f"served-{backorder_id}")

    def happen(self, events: Iterable[Event]) -> None:
        """Append events as they come back from the log, and fold them."""
        for event in events:
            adapter: TypeAdapter[Event] = TypeAdapter(type(event))
            back = adapter.validate_json(adapter.dump_json(event))
            assert back == event
            self.log.append(back)
            self.state = evolve(self.state, back)

    @initialize(quantity=QUANTITIES)
    def stocked(self, quantity: Decimal) -> None:
        """Start with some goods."""
        self.receive(quantity, "sellable")

    @rule(minutes=st.integers(0, 600))
    def later(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    @rule(quantity=QUANTITIES, condition=CONDITIONS)
    def receive(self, quantity: Decimal, condition: Condition) -> None:
        """Goods arrive, against the oldest announcement if there is one."""
        self.happen(
            decider.receive(
                self.state,
                quantity=quantity,
                condition=condition,
                reference=None,
                expected_id=min(self.state.expected, default=None),
                at=self.now,
                reservation_of=self.reservation_of,
            )
        )

    @rule(quantity=QUANTITIES, sign=st.sampled_from([-1, 1]), condition=CONDITIONS)
    def adjust(self, quantity: Decimal, sign: int, condition: Condition) -> None:
        """On hand changes."""
        self.happen(
            decider.adjust(
                self.state,
                change=sign * quantity,
                condition=condition,
                reason="found out",
                reference=None,
                at=self.now,
                reservation_of=self.reservation_of,
            )
        )

    @rule(
        counted=QUANTITIES | st.just(ZERO),
        minutes=st.integers(0, 900),
        source=st.sampled_from(["shelf", "wms"]),
        sequence=st.integers(0, 3),
    )
    def count(self, counted: Decimal, minutes: int, source: str, sequence: int) -> None:
        """Somebody counts, and reports it a while later."""
        self.happen(
            count(
                self.state,
                kind="count",
                counted=counted,
                as_of=self.now - timedelta(minutes=minutes),
                source=source,
                sequence=sequence,
                now=self.now,
                reservation_of=self.reservation_of,
            )
        )

    @rule(quantity=QUANTITIES | st.just(ZERO))
    def keep(self, quantity: Decimal) -> None:
        """Safety stock changes."""
        self.happen(
            decider.set_safety_stock(self.state, quantity, reservation_of=self.reservation_of)
        )

    @rule(quantity=QUANTITIES, priority=PRIORITIES, promise=PROMISES)
    def reserve(self, quantity: Decimal, priority: int, promise: datetime | None) -> None:
        """An order wants goods: it gets them if that much is free, and only then."""
        before = self.state
        try:
            events = decider.reserve(
                before,
                self.new_id("r"),
                order="order:web:1",
                line_id="1",
                quantity=quantity,
                priority=priority,
                promise=promise,
            )
        except InsufficientStock:
            assert quantity > before.free
            assert self.state == before
        else:
            assert quantity <= before.free
            self.happen(events)

    @rule(quantity=QUANTITIES, priority=PRIORITIES, step=STEPS)
    def queue(self, quantity: Decimal, priority: int, step: Decimal) -> None:
        """An order waits, with a promise that is not in the past."""
        events = queue_backorder(
            self.state,
            self.new_id("b"),
            order="order:web:2",
            line_id="1",
            quantity=quantity,
            priority=priority,
            now=self.now,
            step=step,
        )
        assert events[0].promise is None or events[0].promise >= self.now
        self.happen(events)

    @rule(quantity=QUANTITIES, days=st.integers(0, 9))
    def expect(self, quantity: Decimal, days: int) -> None:
        """Goods are announced."""
        due = self.now + timedelta(days=days)
        self.happen(
            decider.expect(self.state, self.new_id("x"), quantity=quantity, due=due, reference=None)
        )

    @precondition(lambda self: self.state.expected)
    @rule()
    def cancel_expected(self) -> None:
        """Announced goods will not come."""
        expected_id = min(self.state.expected)
        self.happen(decider.cancel_expected(self.state, expected_id, reason="never sent"))

    @precondition(lambda self: self.state.reservations)
    @rule(data=st.data(), part=st.none() | QUANTITIES)
    def release(self, data: st.DataObject, part: Decimal | None) -> None:
        """A reservation, or a part of it, is given back."""
        reservation_id = data.draw(st.sampled_from(sorted(self.state.reservations)))
        self.happen(decider.release(self.state, reservation_id, reason="cancelled", quantity=part))

    @precondition(lambda self: self.state.reservations)
    @rule(data=st.data(), part=QUANTITIES)
    def ship(self, data: st.DataObject, part: Decimal) -> None:
        """Reserved goods leave."""
        reservation_id = data.draw(st.sampled_from(sorted(self.state.reservations)))
        quantity = min(part, self.state.reservations[reservation_id].quantity)
        self.happen(decider.ship(self.state, reservation_id, quantity=quantity, at=self.now))

    @precondition(lambda self: self.state.queue)
    @rule(data=st.data(), part=st.none() | QUANTITIES)
    def withdraw(self, data: st.DataObject, part: Decimal | None) -> None:
        """A backorder, or a part of it, waits no longer."""
        backorder_id = data.draw(st.sampled_from(sorted(self.state.queue)))
        self.happen(withdraw(self.state, backorder_id, reason="cancelled", quantity=part))

    @invariant()
    def on_hand_covers_what_is_reserved_or_a_shortfall_is_open(self) -> None:
        """The law, exactly: the shortfall is what is missing, and only then."""
        assert self.state.shortfall == max(ZERO, self.state.reserved - self.state.sellable)
        assert self.state.shortfall == 0 or self.state.reserved == 0

    @invariant()
    def nothing_is_below_zero_but_what_facts_say(self) -> None:
        """Free, reserved and queued never are, nor is any single claim or announcement 0."""
        assert self.state.free >= 0
        assert self.state.reserved >= 0
        assert self.state.queued >= 0
        claims: list[Reservation | Backorder] = [
            *self.state.reservations.values(),
            *self.state.queue.values(),
        ]
        assert all(claim.quantity > 0 for claim in claims)
        assert all(expected.quantity > 0 for expected in self.state.expected.values())

    @invariant()
    def sums_are_what_they_sum(self) -> None:
        """Running sums equal the sums of what they run over."""
        state = self.state
        assert state.reserved == sum(held.quantity for held in state.reservations.values())
        assert state.queued == sum(waiting.quantity for waiting in state.queue.values())
        by_priority: dict[int, Decimal] = {}
        for waiting in state.queue.values():
            before = by_priority.get(waiting.priority, ZERO)
            by_priority[waiting.priority] = before + waiting.quantity
        assert dict(state.queued_by_priority) == by_priority

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        """Received and adjusted and corrected by counts is on hand and shipped."""
        there = self.state.sellable + self.state.damaged + self.state.quarantine
        came = sum((_change(event) for event in self.log), ZERO)
        shipped = sum((e.quantity for e in self.log if isinstance(e, StockShipped)), ZERO)
        assert came == there + shipped

    @invariant()
    def a_snapshot_is_the_state(self) -> None:
        """Through JSON and back it is equal, and folds on alike."""
        written = json.dumps(to_snapshot(self.state), sort_keys=True)
        back = from_snapshot(json.loads(written))
        assert back == self.state
        assert json.dumps(to_snapshot(back), sort_keys=True) == written


def _change(event: Event) -> Decimal:
    if isinstance(event, StockReceived):
        return event.quantity
    if isinstance(event, StockAdjusted | StockCounted):
        return event.change
    return ZERO


def test_a_snapshot_has_every_field_of_the_state() -> None:
    """A field added to the state cannot be forgotten."""
    written = to_snapshot(NO_STOCK)
    assert isinstance(written, Mapping)
    assert set(written) == set(NO_STOCK._fields)


TestStockLaws = Stock.TestCase
TestStockLaws.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
