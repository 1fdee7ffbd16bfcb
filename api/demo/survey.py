"""Reads a file once before anything is placed: what to stock, and whether all of it is sound."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.demo.destination import country_code
from api.demo.drafts import Invoice
from api.demo.summary import Reconciliation, Tally


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file asks for: units and first description by SKU, in order of appearance.

    `names` falls back on the SKU itself where no row describes it.
    """

    reconciliation: Reconciliation
    demand: Mapping[str, int]
    names: Mapping[str, str]


def survey(invoices: Iterable[Invoice]) -> Survey:
    """Go through all invoices once; memory grows with the number of SKUs only.

    Raises what reading raises, and UnknownCountryError for an order whose country has no code.
    """
    tally = Tally()
    demand: Counter[str] = Counter()
    names: dict[str, str] = {}
    for invoice in invoices:
        tally.add(invoice)
        if invoice.is_order:
            country_code(invoice.country)
        for line in invoice.lines:
            demand[line.sku] += line.quantity
            names[line.sku] = names.get(line.sku) or line.description
    return Survey(
        reconciliation=tally.result(),
        demand=MappingProxyType(dict(demand)),
        names=MappingProxyType({sku: name or sku for sku, name in names.items()}),
    )
