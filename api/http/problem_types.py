"""Every type of problem the API answers with, in one table: code, status, title, meaning."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.http.errors import REQUEST_ERRORS
from domain.base.errors import AlreadyExists, Conflict, Invalid, NotFound, Refusal

KINDS: Final = (Refusal, NotFound, AlreadyExists, Conflict, Invalid)
"""Families of refusals; only their members are answered."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A problem's stable code, its HTTP status, its title and what it means."""

    code: str
    status: int
    title: str
    meaning: str


KEY_REUSED: Final = ProblemType(
    "idempotency-key-reused",
    422,
    "The idempotency key was used for another request",
    "This key came before with another body; send a new key for a new request.",
)
BUSY: Final = ProblemType(
    "busy",
    503,
    "Too many commands are waiting",
    "Nothing was done; repeat the request with the same key after Retry-After seconds.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    503,
    "The log did not answer in time",
    "The outcome is unknown; repeat the request with the same key to learn it.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed",
    405,
    "Method not allowed",
    "This address takes the methods named in the header Allow.",
)
INTERNAL: Final = ProblemType(
    "internal-error",
    500,
    "A fault in this program",
    "It is logged; whether a command was done is learned by repeating it with its key.",
)
OTHERS: Final = (KEY_REUSED, BUSY, UNAVAILABLE, METHOD_NOT_ALLOWED, INTERNAL)


def status_of(refusal: type[Refusal]) -> int:
    """Return the HTTP status of a kind of refusal."""
    for family, status in ((NotFound, 404), (AlreadyExists, 409), (Conflict, 409), (Invalid, 422)):
        if issubclass(refusal, family):
            return status
    return 409


def problem_types() -> list[ProblemType]:
    """Return all types by status and code."""
    requests = [
        ProblemType(error.code, error.status, error.title, _meaning(error))
        for error in REQUEST_ERRORS
    ]
    refusals = [
        ProblemType(refusal.code, status_of(refusal), refusal.title, _meaning(refusal))
        for refusal in _members(Refusal)
    ]
    return sorted([*requests, *refusals, *OTHERS], key=lambda one: (one.status, one.code))


def _members(family: type[Refusal]) -> Iterator[type[Refusal]]:
    """Yield what handlers can refuse: the endpoints have imported them all."""
    for member in family.__subclasses__():
        if member.__module__.startswith("domain."):
            if member not in KINDS:
                yield member
            yield from _members(member)


def _meaning(cls: type) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]
