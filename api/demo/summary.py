"""Reconciles a file: what became of every row, invoice and unit."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from api.demo.classify import REFUSALS, RowClass
from api.demo.drafts import Invoice


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a file holds.

    Rows by class; `refused_rows` by reason, every reason present. Invoices by what is left
    to order: goods, charges only, nothing, or credit notes. `units` of goods; amounts in GBP.
    """

    rows: int
    accepted_rows: int
    charge_rows: int
    credit_rows: int
    refused_rows: Mapping[str, int]
    invoices_with_goods: int
    invoices_with_charges_only: int
    empty_invoices: int
    credit_invoices: int
    units: int
    goods_amount: Decimal
    charges_amount: Decimal

    @property
    def orders(self) -> int:
        """How many orders the file makes."""
        return self.invoices_with_goods + self.invoices_with_charges_only

    @property
    def unexplained_rows(self) -> int:
        """Rows read less rows of every class: 0, or the file was not understood."""
        refused = sum(self.refused_rows.values())
        return self.rows - self.accepted_rows - self.charge_rows - self.credit_rows - refused

    def row_figures(self) -> dict[str, int | dict[str, int]]:
        """Return the row counts under the keys of `taktstock demo --json`."""
        return {
            "rows": self.rows,
            "accepted_rows": self.accepted_rows,
            "charge_rows": self.charge_rows,
            "credit_rows": self.credit_rows,
            "refused_rows": dict(self.refused_rows),
        }


class Tally:
    """Counts invoices one by one."""

    __slots__ = ("_charges_amount", "_classes", "_goods_amount", "_invoices", "_rows", "_units")

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._rows = 0
        self._units = 0
        self._classes: Counter[RowClass] = Counter()
        self._invoices: Counter[str] = Counter()
        self._goods_amount = Decimal(0)
        self._charges_amount = Decimal(0)

    def add(self, invoice: Invoice) -> None:
        """Count one invoice."""
        self._rows += invoice.rows
        self._units += invoice.units
        self._classes.update(invoice.rows_by_class)
        self._invoices[_kind(invoice)] += 1
        self._goods_amount += sum((line.amount for line in invoice.lines), Decimal(0))
        self._charges_amount += sum((charge.amount for charge in invoice.charges), Decimal(0))

    def result(self) -> Reconciliation:
        """Return what has been counted."""
        return Reconciliation(
            rows=self._rows,
            accepted_rows=self._classes[RowClass.GOODS],
            charge_rows=self._classes[RowClass.CHARGE],
            credit_rows=self._classes[RowClass.CREDIT],
            refused_rows=MappingProxyType({why.value: self._classes[why] for why in REFUSALS}),
            invoices_with_goods=self._invoices["goods"],
            invoices_with_charges_only=self._invoices["charges"],
            empty_invoices=self._invoices["empty"],
            credit_invoices=self._invoices["credit"],
            units=self._units,
            goods_amount=self._goods_amount,
            charges_amount=self._charges_amount,
        )


def reconcile(invoices: Iterable[Invoice]) -> Reconciliation:
    """Return what the invoices hold."""
    tally = Tally()
    for invoice in invoices:
        tally.add(invoice)
    return tally.result()


def _kind(invoice: Invoice) -> str:
    if invoice.is_credit:
        return "credit"
    if invoice.lines:
        return "goods"
    return "charges" if invoice.charges else "empty"
