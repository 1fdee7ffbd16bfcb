"""Reference data ready for use: parsed once for each hash and kept in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from domain.routing.reference import NO_REFERENCE, Reference, Service
from eventstore.datastore import Datastore
from eventstore.reference.calendars import read_calendars
from eventstore.reference.loading import parse_carriers
from eventstore.reference.postal_codes import Degrees, Place, PostalCodes, postal_codes
from eventstore.reference.sets import content_of, hashes_in_use

_MOST_KEPT: Final = 32
"""Sets of a kind that are kept in memory; back-tests over years meet more than one."""


@dataclass(frozen=True, slots=True)
class InUse:
    """What was in use after so many changes of sets; `hashes` by kind."""

    number: int
    reference: Reference = NO_REFERENCE
    hashes: Mapping[str, str] = field(default_factory=dict)


class ReferenceShelf:
    """Reads the sets of one partition: those in use, and any older one by its hash."""

    def __init__(self, datastore: Datastore) -> None:
        """Read through the partition's pool, as late as possible."""
        self._datastore = datastore
        self._in_use = InUse(0)
        self._services: dict[str, tuple[Service, ...]] = {}
        self._calendars: dict[str, Mapping[str, frozenset[date]]] = {}
        self._codes: dict[str, PostalCodes] = {}

    def in_use(self, number: int) -> InUse:
        """Return what is in use after the `number`-th change; costs nothing until the next."""
        if self._in_use.number != number:
            found = hashes_in_use(self._datastore, number) if number else {}
            hashes = {str(kind): digest for kind, digest in found.items()}
            self._in_use = InUse(number, self.reference(hashes), hashes)
        return self._in_use

    def reference(self, hashes: Mapping[str, str]) -> Reference:
        """Return carriers and calendars by the hashes of a decision; none where it names none.

        Raises:
            UnknownReferenceData: a set is not kept here.
        """
        carriers, holidays = hashes.get("carriers"), hashes.get("holidays")
        return Reference(
            services=() if carriers is None else self._services_of(carriers),
            calendars={} if holidays is None else self._calendars_of(holidays),
            hashes=dict(hashes),
        )

    def coordinates(
        self, hashes: Mapping[str, str], places: Iterable[Place]
    ) -> dict[Place, Degrees]:
        """Return degrees by (country, postal code as asked); unknown codes are left out.

        Raises:
            UnknownReferenceData: the postal codes are not kept here.
        """
        digest = hashes.get("postal_codes")
        if digest is None:
            return {}
        codes = self._codes.get(digest)
        if codes is None:
            _make_room(self._codes)
            codes = self._codes[digest] = postal_codes(self._datastore, digest)
        return codes.coordinates(places)

    def _services_of(self, digest: str) -> tuple[Service, ...]:
        if digest not in self._services:
            _make_room(self._services)
            content = content_of(self._datastore, "carriers", digest)
            self._services[digest] = parse_carriers(content)
        return self._services[digest]

    def _calendars_of(self, digest: str) -> Mapping[str, frozenset[date]]:
        if digest not in self._calendars:
            _make_room(self._calendars)
            content = content_of(self._datastore, "holidays", digest)
            self._calendars[digest] = read_calendars(content.decode(), "holidays")
        return self._calendars[digest]


def _make_room(kept: dict[str, Any]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
