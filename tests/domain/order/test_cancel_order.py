"""Cancelling orders and lines."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.base.personal import Personal
from domain.base.streams import order_stream, stock_stream, subject_stream
from domain.item.errors import InvalidStep
from domain.order.commands import (
    CancelLine,
    CancelOrder,
    ChargeInput,
    ContactInput,
    ShipAllocation,
)
from domain.order.errors import InvalidOrder, NothingToCancel, UnknownLine, UnknownOrder
from domain.order.events import BackorderFilled, CancelledPart, LinesCancelled
from domain.order.state import Order
from domain.stock.events import BackorderServed, BackorderWithdrawn, ReservationReleased
from domain.subject.errors import SubjectIsErased
from domain.subject.events import SubjectErased
from tests.domain.order.shop import NOW, ORDER, add_channel, command_id, line, place, stocked
from tests.support.commands import ask
from tests.support.specification import Given, World

SOUTH = stock_stream("tea", "south")


def cancel(
    *lines: tuple[str, str | None],
    channel: str = "web",
    number: str = "1001",
    note: Personal | None = None,
) -> CancelOrder:
    """Return a command that cancels lines, or the whole order."""
    return CancelOrder(
        id=command_id(f"cancel {lines} {channel} {number}"),
        now=NOW,
        channel_id=channel,
        external_id=number,
        lines=tuple(
            CancelLine(line_id=line_id, quantity=None if q is None else Decimal(q))
            for line_id, q in lines
        ),
        reason="customer-request",
        note=note,
    )


def ship(world: World, quantity: str, stream: str = ORDER) -> None:
    """Ship some of the only allocation of an order."""
    order: Order = world.state(stream)
    (allocation_id,) = order.allocations
    _, channel, number = stream.split(":")
    world.do(
        ShipAllocation(
            id=command_id("ship"),
            now=NOW,
            channel_id=channel,
            external_id=number,
            allocation_id=allocation_id,
            quantity=Decimal(quantity),
        )
    )


def ordered(*lines: Any, channel: str = "web", **levels: str) -> World:
    """Return a shop with stock and one order."""
    world = stocked(**levels)
    add_channel(world, "later", backorders=True, sources=("south",))
    world.do(place(*lines, channel=channel))
    return world


def test_a_whole_order_gives_everything_back() -> None:
    """The order records where each quantity came from, and stock is free again."""
    world = ordered(line("tea", "2"), tea_south="2")
    (allocation_id,) = world.state(ORDER).allocations
    outcome = Given(world).when(cancel())
    outcome.then(
        ORDER,
        LinesCancelled(
            (CancelledPart("1", "1", Decimal(2), allocation_id=allocation_id),),
            "customer-request",
        ),
    )
    outcome.then(SOUTH, ReservationReleased(allocation_id, Decimal(2), "customer-request"))
    outcome.then_only(ORDER, SOUTH)
    outcome.answers(status="cancelled", cancelled=2)
    assert outcome.state(SOUTH).free == 2


def test_backordered_goes_before_reserved() -> None:
    """Of 2 reserved and 3 backordered, cancelling 4 leaves one reserved and nobody waiting."""
    stream = order_stream("later", "1001")
    world = ordered(line("tea", "5"), channel="later", tea_south="2")
    order: Order = world.state(stream)
    (backorder_id,) = order.backorders
    (allocation_id,) = order.allocations
    outcome = Given(world).when(cancel(("1", "4"), channel="later"))
    outcome.then(
        stream,
        LinesCancelled(
            (
                CancelledPart("1", "1", Decimal(3), backorder_id=backorder_id),
                CancelledPart("1", "1", Decimal(1), allocation_id=allocation_id),
            ),
            "customer-request",
        ),
    )
    outcome.then(
        SOUTH,
        BackorderWithdrawn(backorder_id, Decimal(3), "customer-request"),
        ReservationReleased(allocation_id, Decimal(1), "customer-request"),
    )
    assert (outcome.state(SOUTH).queued, outcome.state(SOUTH).reserved) == (0, 1)


def test_unassigned_goes_first() -> None:
    """Of a line partly in the air, what nobody holds is cancelled before what is held."""
    world = stocked(tea_south="4", cup_south="1")
    world.do(place(line("set", "2"), channel="market"))
    stream = order_stream("market", "1001")
    outcome = Given(world).when(cancel(("1", "1"), channel="market"))
    outcome.then_only(stream)
    outcome.then(stream, LinesCancelled((CancelledPart("1", "1", Decimal(1)),), "customer-request"))


def test_freed_stock_serves_who_waits_in_the_same_append() -> None:
    """The next order in the queue gets what was given back, and its stream says so."""
    world = ordered(line("tea", "2"), tea_south="2")
    waiting = order_stream("later", "1001")
    world.do(place(line("tea", "3"), channel="later"))
    (backorder_id,) = world.state(waiting).backorders
    outcome = Given(world).when(cancel(("1", "1")))
    served = outcome.decision.events[SOUTH][1] if outcome.decision else None
    assert isinstance(served, BackorderServed)
    outcome.then(
        waiting,
        BackorderFilled(backorder_id, served.reservation_id, "1", "1", "south", Decimal(1)),
    )
    outcome.then_only(ORDER, SOUTH, waiting)
    assert outcome.state(SOUTH).free == 0
    after: Order = outcome.state(waiting)
    assert after.stages()["1"].reserved == 1
    assert after.stages()["1"].backordered == 2


def test_an_order_may_fill_its_own_backorder_by_cancelling_another_line() -> None:
    """What one line gives back may be what another line of the same order waits for."""
    stream = order_stream("later", "1001")
    world = ordered(line("tea", "2"), line("tea", "1"), channel="later", tea_south="2")
    outcome = Given(world).when(cancel(("1", "2"), channel="later"))
    stages = outcome.state(stream).stages()
    assert (stages["1"].cancelled, stages["2"].reserved) == (2, 1)
    outcome.answers(status="open")


def test_a_kit_gives_all_its_parts_back() -> None:
    """Cancelling one of two sets frees two teas and a cup."""
    world = ordered(line("set", "2"), tea_south="4", cup_south="2")
    outcome = Given(world).when(cancel(("1", "1")))
    assert outcome.state(SOUTH).free == 2
    assert outcome.state(stock_stream("cup", "south")).free == 1


def test_what_has_shipped_cannot_be_cancelled() -> None:
    """Three of five are gone: two can be cancelled, and asking for three names the field."""
    world = ordered(line("tea", "5"), tea_south="5")
    ship(world, "3")
    Given(world).when(cancel(("1", "3"))).refused(
        NothingToCancel, field="lines.0.quantity", cancellable="2", line_id="1"
    )
    Given(world).when(cancel()).answers(status="shipped", cancelled=2)
    ship_rest = Given(world).when(cancel(("1", None)))
    ship_rest.and_when(cancel()).refused(NothingToCancel, field="lines", cancellable="0")


def test_what_is_cancelled_cannot_be_cancelled_again() -> None:
    """The second time is refused clearly, whole or by line."""
    world = ordered(line("tea", "2"), tea_south="2")
    world.do(cancel())
    refusal = Given(world).when(cancel()).refused(NothingToCancel, field="lines")
    assert str(refusal) == "Everything is cancelled"
    Given(world).when(cancel(("1", None))).refused(
        NothingToCancel, field="lines.0.line_id", cancellable="0"
    )


@pytest.mark.parametrize(
    ("command", "refusal", "field"),
    [
        (cancel(number="7"), UnknownOrder, "external_id"),
        (cancel(("9", None)), UnknownLine, "lines.0.line_id"),
        (cancel(("1", "1"), ("1", "1")), InvalidOrder, "lines.1.line_id"),
        (cancel(("1", "0.5")), InvalidStep, "lines.0.quantity"),
    ],
)
def test_what_does_not_fit_is_refused(command: CancelOrder, refusal: type, field: str) -> None:
    """Unknown orders and lines, lines named twice and broken steps are named."""
    world = ordered(line("tea", "2"), tea_south="2")
    Given(world).when(command).refused(refusal, field=field)


def test_an_order_of_charges_has_nothing_to_cancel() -> None:
    """Charges are no goods."""
    world = stocked()
    world.do(place(charges=(ChargeInput(kind="postage", amount=Decimal(5)),)))
    Given(world).when(cancel()).refused(NothingToCancel, field="lines", cancellable="0")


NOTE = Personal("they moved to 4 Privet Drive")


def test_a_note_is_sealed_for_the_person_of_the_order() -> None:
    """A customer's order seals the note for the customer, any other for the order itself."""
    contact = ContactInput(email=Personal("a@example.org"))
    for fields, subject in (
        ({"customer_id": "c7", "contact": contact}, "customer:web:c7"),
        ({"customer_id": "c7"}, "customer:web:c7"),
        ({"contact": contact}, "order:web:1001"),
        ({}, "order:web:1001"),
    ):
        world = stocked(tea_south="2")
        world.do(place(line("tea", "2"), **fields))
        decision = Given(world).when(cancel(note=NOTE)).decision
        assert decision is not None
        (event,) = decision.events[ORDER]
        assert isinstance(event, LinesCancelled)
        assert (event.reason, event.note, decision.subject) == ("customer-request", NOTE, subject)


def test_without_a_note_a_cancellation_is_about_nobody() -> None:
    """A word of the vocabulary needs no key."""
    outcome = Given(ordered(line("tea", "2"), tea_south="2")).when(cancel())
    assert outcome.decision is not None
    assert outcome.decision.subject is None


def test_no_note_about_an_erased_person_is_taken() -> None:
    """Nothing new is written about a person who was erased; without a note it is cancelled."""
    contact = ContactInput(email=Personal("a@example.org"))
    world = stocked(tea_south="2")
    world.do(place(line("tea", "2"), customer_id="c7", contact=contact))
    world.append(subject_stream("customer:web:c7"), [SubjectErased("request")])
    Given(world).when(cancel(note=NOTE)).refused(SubjectIsErased, field="subject_id")
    Given(world).when(cancel()).answers(status="cancelled")


def test_a_reason_is_a_word_of_the_vocabulary() -> None:
    """Free text, which could name a person and would stay in clear, is no reason."""
    with pytest.raises(ValidationError, match="reason"):
        ask(CancelOrder, channel_id="web", external_id="1001", reason="Ada moved house")
