"""The line of waiting commands, bounded; the writer takes many at once."""

from collections import deque
from collections.abc import Iterable
from itertools import islice
from threading import Condition

from eventstore.errors import Busy
from eventstore.writer.tickets import Ticket


class TicketQueue:
    """A first-in first-out line that refuses more than `limit` tickets."""

    def __init__(self, limit: int) -> None:
        """Admit at most `limit` waiting tickets."""
        self._limit = limit
        self._waiting: deque[Ticket] = deque()
        self._changed = Condition()
        self._closed = False

    def put(self, ticket: Ticket) -> None:
        """Add a ticket at the end.

        Raises:
            Busy: the line is full, or closed.
        """
        with self._changed:
            if self._closed or len(self._waiting) >= self._limit:
                raise Busy
            self._waiting.append(ticket)
            self._changed.notify()

    def put_back(self, tickets: Iterable[Ticket]) -> None:
        """Add tickets at the front, in their order, whatever the limit."""
        with self._changed:
            self._waiting.extendleft(reversed(list(tickets)))
            self._changed.notify()

    def take(self, most: int) -> list[Ticket]:
        """Wait for tickets and return up to `most`, one of each key; [] once closed and empty."""
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return []
                self._changed.wait()
            taken: dict[tuple[str, str], Ticket] = {}
            later: list[Ticket] = []
            while self._waiting and len(taken) < most:
                ticket = self._waiting.popleft()
                if ticket.future.done():
                    continue
                if ticket.identity in taken:
                    later.append(ticket)
                else:
                    taken[ticket.identity] = ticket
            self._waiting.extendleft(reversed(later))
            return list(taken.values())

    def waiting(self, most: int) -> list[Ticket]:
        """Return the first `most` tickets that wait; they stay in line."""
        with self._changed:
            return list(islice(self._waiting, most))

    def close(self) -> None:
        """Admit no more; what waits is still taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)
