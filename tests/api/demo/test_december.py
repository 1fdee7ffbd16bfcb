"""December 2010 as committed: the control totals, exactly."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from api.demo.destination import destination_of
from api.demo.drafts import Invoice
from api.demo.files import DECEMBER, example_file
from api.demo.network import read_locations, read_postal_codes
from api.demo.orders import read_invoices
from api.demo.rows import read_rows
from api.demo.stocking import plan_stock
from api.demo.summary import Reconciliation
from api.demo.survey import survey


@pytest.fixture(scope="module")
def invoices() -> list[Invoice]:
    """Return all invoices of the month."""
    return list(read_invoices(read_rows(example_file(DECEMBER))))


def test_it_reconciles(invoices: list[Invoice]) -> None:
    """Rows, invoices, units and amounts are these and no others."""
    assert survey(invoices).reconciliation == Reconciliation(
        rows=42_481,
        accepted_rows=41_315,
        charge_rows=165,
        credit_rows=728,
        refused_rows={"quantity_not_positive": 70, "price_zero": 203, "price_negative": 0},
        invoices_with_goods=1_550,
        invoices_with_charges_only=9,
        empty_invoices=140,
        credit_invoices=326,
        units=358_749,
        goods_amount=Decimal("777931.77"),
        charges_amount=Decimal("45814.37"),
    )


def test_no_row_is_left_over(invoices: list[Invoice]) -> None:
    """1,559 orders carry the goods and charges; nothing is unexplained."""
    figures = survey(invoices).reconciliation
    assert figures.unexplained_rows == 0
    assert figures.orders == sum(invoice.is_order for invoice in invoices) == 1_559
    assert figures.row_figures() == {
        "rows": 42_481,
        "accepted_rows": 41_315,
        "charge_rows": 165,
        "credit_rows": 728,
        "refused_rows": {"quantity_not_positive": 70, "price_zero": 203, "price_negative": 0},
    }


def test_charges_are_of_these_codes(invoices: list[Invoice]) -> None:
    """Postage and carriage mostly, some of it typed in by hand."""
    codes = Counter(charge.stock_code for invoice in invoices for charge in invoice.charges)
    assert codes == {
        "POST": 64,
        "DOT": 54,
        "M": 32,
        "C2": 10,
        "AMAZONFEE": 1,
        "BANK CHARGES": 1,
        "gift_0001_40": 1,
        "gift_0001_50": 1,
        "m": 1,
    }


def test_orders_come_in_the_order_of_their_time(invoices: list[Invoice]) -> None:
    """The file is sorted by time, and so are the drafts; the longest has 674 lines."""
    assert all(a.occurred_at <= b.occurred_at for a, b in pairwise(invoices))
    assert max(len(invoice.lines) for invoice in invoices) == 674


def test_every_order_has_a_destination(invoices: list[Invoice]) -> None:
    """Orders to countries with codes have one, the others a country alone."""
    codes = read_postal_codes()
    orders = [invoice for invoice in invoices if invoice.is_order]
    drawn = [destination_of(invoice, codes) for invoice in orders]
    assert sum(destination.postal_code is not None for destination in drawn) == 1_516
    alone = {destination.country for destination in drawn if destination.postal_code is None}
    assert alone.isdisjoint(codes)


def test_97_percent_of_units_are_stocked(invoices: list[Invoice]) -> None:
    """2,722 SKUs; all but 3 % of the units lie on a shelf somewhere."""
    found = survey(invoices)
    plan = plan_stock(found.demand, read_locations())
    assert len(found.demand) == 2_722
    assert sum(stock.quantity for stock in plan) == 358_749 * 97 // 100 == 347_986
