"""The order in which a group's commands are decided: the most urgent first, where it matters."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from eventstore.writer.tickets import Ticket


def most_urgent_first(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Return tickets by urgency, equally urgent ones as they came.

    A command without urgency, such as a receipt of goods, keeps its place and is not passed:
    who came before it is decided before it.
    """
    urgencies = [ticket.handler.urgency(ticket.command, ticket.facts) for ticket in tickets]
    if not any(urgencies):
        return list(tickets)
    for ticket, urgency in zip(tickets, urgencies, strict=True):
        ticket.urgency = urgency or 0
    ordered: list[Ticket] = []
    for has_none, run in groupby(zip(tickets, urgencies, strict=True), lambda one: one[1] is None):
        part = [ticket for ticket, _ in run]
        ordered += part if has_none else sorted(part, key=lambda ticket: -ticket.urgency)
    return ordered


def equally_urgent(tickets: Sequence[Ticket], most: int) -> Iterator[list[Ticket]]:
    """Yield tickets in parts of up to `most` that are decided together: a part waits for loads."""
    for _, run in groupby(tickets, lambda ticket: ticket.urgency):
        part = list(run)
        for start in range(0, len(part), most):
            yield part[start : start + most]
