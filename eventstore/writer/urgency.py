"""The order in which a group's commands are decided: the most urgent first, where it matters."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from eventstore.writer.tickets import Ticket


def most_urgent_first(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Return tickets by urgency, equally urgent ones as they came.

    A command without urgency, such as a receipt of goods, keeps its place and is not passed:
    who came before it is decided before it.
    """
    for ticket in tickets:
        ticket.urgency = ticket.handler.urgency(ticket.command, ticket.facts)
    if not any(ticket.urgency for ticket in tickets):
        return list(tickets)
    ordered: list[Ticket] = []
    for by_urgency, run in groupby(tickets, lambda ticket: ticket.handler.by_urgency):
        part = list(run)
        if by_urgency:
            part.sort(key=lambda ticket: -ticket.urgency)
        ordered += part
    return ordered


def equally_urgent(tickets: Sequence[Ticket], most: int) -> Iterator[list[Ticket]]:
    """Yield tickets in parts of up to `most` that are decided together: a part waits for loads."""
    for _, run in groupby(tickets, lambda ticket: ticket.urgency):
        part = list(run)
        for start in range(0, len(part), most):
            yield part[start : start + most]
