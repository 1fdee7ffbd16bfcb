"""An item's stock over the arrays as PostgreSQL sends them: a cell is read when it is asked for."""

from collections.abc import ItemsView, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from struct import Struct
from typing import Final

from domain.base.quantity import PLACES
from domain.routing.facts import StockFacts
from projections.stock_figures import ExpectedReceipts

_HEADER: Final = Struct(">iiIii")
"""Dimensions, whether there are NULLs, element type, length, lower bound: of one dimension."""
_LENGTH: Final = Struct(">i")
_ELEMENT: Final = Struct(">xxxxq")
"""Its length, always 8, and a bigint."""


class ItemStock(Mapping[str, StockFacts]):
    """An item's stock by location; `arrays` hold free, on hand, safety stock, queued and
    daily demand.

    Arrays are as `array_send` gives them, without NULLs, of bigint in ten-thousandths.
    """

    __slots__ = ("_arrays", "_expected", "_index", "_made")

    def __init__(
        self,
        location_ids: bytes,
        arrays: tuple[bytes, ...],
        expected: Mapping[str, ExpectedReceipts],
    ) -> None:
        """Wrap parallel arrays."""
        self._index = index_of(location_ids)
        self._arrays = arrays
        self._expected = expected
        self._made: dict[str, StockFacts] = {}

    def __getitem__(self, location_id: str) -> StockFacts:
        """Return the stock at a location."""
        made = self._made.get(location_id)
        if made is None:
            made = self._made[location_id] = self._make(location_id)
        return made

    def __contains__(self, location_id: object) -> bool:
        """Say whether the location has ever held the item."""
        return location_id in self._index

    def __iter__(self) -> Iterator[str]:
        """Iterate over location ids."""
        return iter(self._index)

    def items(self) -> ItemsView[str, StockFacts]:
        """Return every location with its stock, made at once."""
        return {location_id: self[location_id] for location_id in self._index}.items()

    def __len__(self) -> int:
        """Return how many locations have ever held the item."""
        return len(self._index)

    def _make(self, location_id: str) -> StockFacts:
        at = _HEADER.size + _ELEMENT.size * self._index[location_id]
        free, on_hand, safety_stock, queued, daily_demand = [
            _quantity(_ELEMENT.unpack_from(array, at)[0]) for array in self._arrays
        ]
        receipts = self._expected.get(location_id)
        return StockFacts(
            free,
            on_hand,
            safety_stock,
            queued,
            _receipts(receipts) if receipts else (),
            daily_demand,
        )


@lru_cache(maxsize=4096)
def index_of(location_ids: bytes) -> Mapping[str, int]:
    """Return the place of each location in the arrays, from a sent text[]; items share it."""
    index: dict[str, int] = {}
    at = _HEADER.size
    while at < len(location_ids):
        (length,) = _LENGTH.unpack_from(location_ids, at)
        at += _LENGTH.size
        index[location_ids[at : at + length].decode()] = len(index)
        at += length
    return index


@lru_cache(maxsize=65_536)
def _quantity(whole: int) -> Decimal:
    return Decimal(whole).scaleb(-PLACES)


def _receipts(receipts: ExpectedReceipts) -> tuple[tuple[datetime, Decimal], ...]:
    return tuple(
        sorted((datetime.fromisoformat(due), Decimal(str(left))) for due, left in receipts.values())
    )
