"""Invoices from rows: merged, in order, and never quietly broken apart."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from api.demo.classify import ChargeKind, RowClass
from api.demo.drafts import DraftCharge, DraftLine
from api.demo.errors import InvoiceError
from api.demo.orders import read_invoices
from api.demo.rows import Row
from tests.api.demo.making import NOON, row


def test_lines_merge_on_sku_without_case_and_price() -> None:
    """Same SKU and price is one line, another price another; the first description is kept."""
    rows = [
        row(stock_code="85123a", quantity=6, description=""),
        row(stock_code="71053", quantity=1, unit_price="3.39", description="METAL LANTERN"),
        row(stock_code="85123A", quantity=2, unit_price="2.550"),
        row(stock_code="85123A", quantity=1, unit_price="2.95"),
    ]
    (invoice,) = read_invoices(rows)
    assert invoice.lines == (
        DraftLine("85123A", "WHITE LANTERN", 8, Decimal("2.55")),
        DraftLine("71053", "METAL LANTERN", 1, Decimal("3.39")),
        DraftLine("85123A", "WHITE LANTERN", 1, Decimal("2.95")),
    )
    assert invoice.units == 10
    assert (invoice.rows, dict(invoice.rows_by_class)) == (4, {RowClass.GOODS: 4})


def test_charges_stand_beside_lines_and_do_not_merge() -> None:
    """Each charge row is a charge of its own, rounded half up to the penny."""
    rows = [row(), row(stock_code="POST", quantity=3, unit_price="1.115", description="POSTAGE")]
    (invoice,) = read_invoices([*rows, rows[1]])
    charge = DraftCharge("POST", ChargeKind.SHIPPING, "POSTAGE", 3, Decimal("1.115"))
    assert invoice.charges == (charge, charge)
    assert charge.amount == Decimal("3.35")
    assert len(invoice.lines) == 1


def test_an_amount_below_half_a_penny_is_nothing() -> None:
    """A unit price may have more decimals than the currency, an amount may not."""
    (invoice,) = read_invoices([row(stock_code="PADS", quantity=4, unit_price="0.001")])
    assert [line.amount for line in invoice.lines] == [Decimal("0.00")]


def test_an_invoice_keeps_its_first_time() -> None:
    """Rows can be a minute apart; the first one dates the order."""
    (invoice,) = read_invoices([row(), row(occurred_at=NOON + timedelta(minutes=1))])
    assert invoice.occurred_at == NOON


def test_charges_alone_are_an_order_and_refused_rows_alone_are_none() -> None:
    """An order needs something to charge for."""
    charged, empty, credit = read_invoices(
        [row("1", "DOT"), row("2", unit_price="0"), row("C3", quantity=-1)]
    )
    assert (charged.is_order, charged.lines) == (True, ())
    assert (empty.is_order, empty.is_credit) == (False, False)
    assert (credit.is_order, credit.is_credit) == (False, True)


def test_an_interrupted_invoice_is_one_invoice() -> None:
    """Another invoice in between does not tear one apart; the order of first rows is kept."""
    first, second = read_invoices([row("1"), row("2"), row("2"), row("1")])
    assert (first.number, first.rows) == ("1", 2)
    assert (second.number, second.rows) == ("2", 2)


def test_an_invoice_that_comes_back_after_the_window_is_refused() -> None:
    """Exactly the window is allowed, one row more is not; the message names both."""
    others = [row(str(n)) for n in range(2, 5)]
    assert len(list(read_invoices([row("1"), *others, row("1")], window=4))) == 4
    with pytest.raises(InvoiceError, match="line 9: invoice 1: comes back more than 2 rows"):
        list(read_invoices([row("1"), *others, row("1", line=9)], window=2))


def test_an_invoice_is_handed_on_as_soon_as_the_window_has_passed() -> None:
    """Memory holds a window, not the file."""
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for number in range(100):
            read += 1
            yield row(str(number))

    next(read_invoices(rows(), window=10))
    assert read == 12


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (row(customer="1", line=3), "has customer 1 here and 17850 on line 2"),
        (row(customer=None, line=3), "has customer None here and 17850 on line 2"),
        (row(country="France", line=3), "has country France here and United Kingdom on line 2"),
    ],
)
def test_rows_that_disagree_are_refused(other: Row, problem: str) -> None:
    """One order has one customer and one destination."""
    with pytest.raises(InvoiceError, match=f"line 3: invoice 600001: {problem}"):
        list(read_invoices([row(), other]))
