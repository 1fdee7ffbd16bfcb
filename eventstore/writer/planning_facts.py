"""Facts for planning: read for many tickets at once, and ahead while an append waits for disk."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from domain.base.handling import FactsWanted
from domain.routing.facts import FactsSource
from eventstore.writer.tickets import Ticket


class PlanningFacts:
    """Hands each ticket the facts that its handler wants."""

    def __init__(self, source: FactsSource | None) -> None:
        """Without a source no facts are handed out: decisions read streams alone."""
        self._source = source
        self._thread = ThreadPoolExecutor(1, "facts")
        self._ahead: Future[None] | None = None

    def read_ahead(self, tickets: Iterable[Ticket]) -> None:
        """Begin to read for tickets that wait, in a thread of its own."""
        if self._source is not None:
            self._ahead = self._thread.submit(self._read, list(tickets))

    def read(self, tickets: Iterable[Ticket]) -> None:
        """Make sure that every ticket has its facts."""
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            ahead.result()
        self._read([ticket for ticket in tickets if ticket.facts is None])

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _read(self, tickets: list[Ticket]) -> None:
        if self._source is None:
            return
        wanted: dict[str, FactsWanted] = {}
        asking: list[tuple[Ticket, str]] = []
        for ticket in tickets:
            one = ticket.handler.facts_wanted(ticket.command)
            if one is not None:
                wanted[one.channel_id] = _merged(wanted.get(one.channel_id), one)
                asking.append((ticket, one.channel_id))
        found = {channel_id: self._source.read(all_) for channel_id, all_ in wanted.items()}
        for ticket, channel_id in asking:
            ticket.facts = found[channel_id]


def _merged(one: FactsWanted | None, other: FactsWanted) -> FactsWanted:
    if one is None:
        return other
    return FactsWanted(
        channel_id=one.channel_id,
        skus=tuple(dict.fromkeys(one.skus + other.skus)),
        item_ids=tuple(dict.fromkeys(one.item_ids + other.item_ids)),
        destinations=tuple(dict.fromkeys(one.destinations + other.destinations)),
    )
