"""The line of waiting commands: bounded, fair, one of each key at a time."""

import pytest

from domain.catalogue import HANDLERS
from domain.location.commands import ResumeLocation
from eventstore.errors import Busy
from eventstore.writer.queue import TicketQueue
from eventstore.writer.tickets import Answer, Ticket
from tests.support.partitions import NOON, TESTER, fresh_id


def ticket(key: str) -> Ticket:
    """Return a ticket under a key."""
    command = ResumeLocation(id=fresh_id(), now=NOON, location_id="W")
    return Ticket(command, HANDLERS[ResumeLocation], TESTER, key, b"")


def test_two_of_one_key_never_come_in_one_group() -> None:
    """The second of a key waits for the next group, before whoever came after it."""
    queue = TicketQueue(10)
    first, again, other = ticket("k"), ticket("k"), ticket("other")
    for one in (first, again, other):
        queue.put(one)
    assert queue.take(10) == [first, other]
    assert queue.take(10) == [again]


def test_what_is_put_back_comes_first_in_its_order() -> None:
    """Tickets put back are taken before those that wait."""
    queue = TicketQueue(10)
    one, two, three = ticket("1"), ticket("2"), ticket("3")
    queue.put(three)
    queue.put_back([one, two])
    assert queue.take(2) == [one, two]
    assert queue.take(2) == [three]


def test_what_was_answered_meanwhile_is_dropped() -> None:
    """A ticket whose answer is known is not taken again."""
    queue = TicketQueue(10)
    answered, waiting = ticket("1"), ticket("2")
    answered.future.set_result(Answer({}, 1))
    for one in (answered, waiting):
        queue.put(one)
    assert queue.take(10) == [waiting]


def test_a_full_line_turns_away_and_putting_back_does_not() -> None:
    """The limit holds for new tickets, never for those that were admitted."""
    queue = TicketQueue(1)
    admitted = ticket("1")
    queue.put(admitted)
    with pytest.raises(Busy):
        queue.put(ticket("2"))
    queue.put_back([ticket("3")])
    assert len(queue) == 2


def test_a_closed_line_gives_out_what_waits_and_then_nothing() -> None:
    """After closing nobody is admitted, and the last take is empty."""
    queue = TicketQueue(10)
    queue.put(ticket("1"))
    queue.close()
    with pytest.raises(Busy):
        queue.put(ticket("2"))
    assert len(queue.take(10)) == 1
    assert queue.take(10) == []
