"""Months with what December lacks: bad debts, vouchers by number, interrupted invoices."""

from decimal import Decimal
from pathlib import Path

import pytest

from api.demo.classify import ChargeKind
from api.demo.errors import UnknownCountryError
from api.demo.orders import read_invoices
from api.demo.rows import read_rows
from api.demo.survey import survey
from tests.api.demo.making import write_rows

BAD_DEBT = {"StockCode": "B", "Description": "Adjust bad debt", "CustomerID": "", "Quantity": "1"}
AUGUST = [
    {"InvoiceNo": "562001", "StockCode": "85123a", "Quantity": "3"},
    {"InvoiceNo": "562002", "StockCode": "23444", "UnitPrice": "15.0", "CustomerID": ""},
    {"InvoiceNo": "562001", "StockCode": "85123A", "Quantity": "4"},
    {"InvoiceNo": "562002", "StockCode": "PADS", "UnitPrice": "0.001", "CustomerID": ""},
    {"InvoiceNo": "562001", "StockCode": "22016", "UnitPrice": "83.33", "Quantity": "1"},
    {"InvoiceNo": "A563185", "UnitPrice": "11062.06", **BAD_DEBT},
    {"InvoiceNo": "A563186", "UnitPrice": "-11062.06", **BAD_DEBT},
    {"InvoiceNo": "562003", "StockCode": "23444", "UnitPrice": "0.0", "Quantity": "200"},
    {"InvoiceNo": "C562004", "StockCode": "D", "Quantity": "-1", "UnitPrice": "57.6"},
    {"InvoiceNo": "562005", "StockCode": "DCGSSGIRL", "Description": "", "Country": "RSA"},
]


def test_a_month_like_august_reconciles(tmp_path: Path) -> None:
    """Every kind of row of the later months finds its class."""
    found = survey(read_invoices(read_rows(write_rows(tmp_path / "august.csv.gz", AUGUST))))
    assert found.reconciliation.row_figures() == {
        "rows": 10,
        "accepted_rows": 4,
        "charge_rows": 3,
        "credit_rows": 1,
        "refused_rows": {"quantity_not_positive": 0, "price_zero": 1, "price_negative": 1},
    }
    assert found.reconciliation.unexplained_rows == 0
    assert found.demand == {"85123A": 7, "PADS": 6, "DCGSSGIRL": 6}
    assert found.names["DCGSSGIRL"] == "DCGSSGIRL"
    assert found.reconciliation.goods_amount == Decimal("33.16")


def test_a_bad_debt_is_an_order_with_one_charge_or_nothing(tmp_path: Path) -> None:
    """The positive adjustment is charged, its reversal is refused and leaves no order."""
    by_number = {
        invoice.number: invoice
        for invoice in read_invoices(read_rows(write_rows(tmp_path / "august.csv", AUGUST)))
    }
    (charge,) = by_number["A563185"].charges
    assert (charge.kind, charge.amount) == (ChargeKind.BAD_DEBT, Decimal("11062.06"))
    assert by_number["A563185"].is_order
    assert not by_number["A563186"].is_order


def test_an_unknown_country_stops_the_survey_only_where_something_is_ordered(
    tmp_path: Path,
) -> None:
    """A credit needs no destination; an order does, before anything is placed."""
    credit = {"InvoiceNo": "C1", "Country": "Atlantis"}
    path = write_rows(tmp_path / "rows.csv", [credit])
    assert survey(read_invoices(read_rows(path))).reconciliation.credit_rows == 1
    path = write_rows(tmp_path / "rows.csv", [credit, {"InvoiceNo": "1", "Country": "Atlantis"}])
    with pytest.raises(UnknownCountryError, match="'Atlantis'"):
        survey(read_invoices(read_rows(path)))
