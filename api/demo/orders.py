"""Gathers rows into invoices, in the order in which each invoice first appears."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from types import MappingProxyType

from api.demo.classify import RowClass, charge_kind, classify
from api.demo.drafts import DraftCharge, DraftLine, Invoice, shelf_sku
from api.demo.errors import InvoiceError
from api.demo.rows import Row

WINDOW_ROWS = 1000
"""How many rows of other invoices may stand between two rows of one invoice."""


def read_invoices(rows: Iterable[Row], *, window: int = WINDOW_ROWS) -> Iterator[Invoice]:
    """Yield each invoice once none of the last `window` rows was its own.

    An invoice's rows need not be neighbours: invoice 542806 is interrupted by another of the
    same minute. Memory holds the open invoices, and the number of each closed one. Raises
    InvoiceError for an invoice that comes back after it was closed, or whose rows disagree
    about customer or country.
    """
    opened: dict[str, _Gathering] = {}
    closed: set[str] = set()
    for place, row in enumerate(rows):
        gathering = opened.get(row.invoice)
        if gathering is None:
            if row.invoice in closed:
                problem = f"comes back more than {window} rows after its last one"
                raise InvoiceError(row.invoice, row.line, problem)
            gathering = opened[row.invoice] = _Gathering(row)
        gathering.add(row, place)
        yield from _stale(opened, closed, place - window)
    yield from (gathering.invoice() for gathering in opened.values())


def _stale(opened: dict[str, "_Gathering"], closed: set[str], before: int) -> Iterator[Invoice]:
    """Close invoices from the oldest on, as far as their last row lies before a place."""
    while opened:
        number, oldest = next(iter(opened.items()))
        if oldest.last_place >= before:
            return
        del opened[number]
        closed.add(number)
        yield oldest.invoice()


class _Gathering:
    """An invoice some of whose rows have been read."""

    __slots__ = ("_charges", "_classes", "_descriptions", "_first", "_rows", "_units", "last_place")

    def __init__(self, first: Row) -> None:
        self.last_place = 0
        self._first = first
        self._rows = 0
        self._classes: Counter[RowClass] = Counter()
        self._units: Counter[tuple[str, Decimal]] = Counter()
        self._descriptions: dict[str, str] = {}
        self._charges: list[DraftCharge] = []

    def add(self, row: Row, place: int) -> None:
        """Take a row of this invoice that stands at a place among all rows."""
        self._check(row)
        self.last_place = place
        self._rows += 1
        row_class = classify(row)
        self._classes[row_class] += 1
        if row_class is RowClass.GOODS:
            sku = shelf_sku(row.stock_code)
            self._units[sku, row.unit_price] += row.quantity
            self._descriptions[sku] = self._descriptions.get(sku) or row.description
        elif row_class is RowClass.CHARGE:
            self._charges.append(_charge(row))

    def _check(self, row: Row) -> None:
        first = self._first
        for name, ours, theirs in (
            ("customer", first.customer, row.customer),
            ("country", first.country, row.country),
        ):
            if ours != theirs:
                problem = f"has {name} {theirs} here and {ours} on line {first.line}"
                raise InvoiceError(row.invoice, row.line, problem)

    def invoice(self) -> Invoice:
        """Return what has been gathered: lines in order of their first row."""
        return Invoice(
            number=self._first.invoice,
            customer=self._first.customer,
            country=self._first.country,
            occurred_at=self._first.occurred_at,
            lines=tuple(
                DraftLine(sku, self._descriptions[sku], units, price)
                for (sku, price), units in self._units.items()
            ),
            charges=tuple(self._charges),
            rows=self._rows,
            rows_by_class=MappingProxyType(dict(self._classes)),
        )


def _charge(row: Row) -> DraftCharge:
    kind = charge_kind(row.stock_code)
    if kind is None:
        raise ValueError(f"stock code {row.stock_code!r} on line {row.line} is not a charge")
    return DraftCharge(row.stock_code, kind, row.description, row.quantity, row.unit_price)
