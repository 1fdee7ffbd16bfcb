"""The class of a row, first match first."""

import pytest

from api.demo.classify import CHARGE_CODES, ChargeKind, RowClass, charge_kind, classify
from tests.api.demo.making import row


@pytest.mark.parametrize(
    ("invoice", "stock_code", "quantity", "price", "expected"),
    [
        ("600001", "85123A", 6, "2.55", RowClass.GOODS),
        ("C600001", "85123A", -6, "2.55", RowClass.CREDIT),
        ("c600001", "POST", 1, "0", RowClass.CREDIT),
        ("600001", "85123A", 0, "0", RowClass.QUANTITY_NOT_POSITIVE),
        ("600001", "85123A", -1, "2.55", RowClass.QUANTITY_NOT_POSITIVE),
        ("600001", "POST", 1, "0.00", RowClass.PRICE_ZERO),
        ("A563186", "B", 1, "-11062.06", RowClass.PRICE_NEGATIVE),
        ("A563185", "B", 1, "11062.06", RowClass.CHARGE),
        ("600001", "POST", 1, "18", RowClass.CHARGE),
        ("600001", "PADS", 1, "0.001", RowClass.GOODS),
    ],
)
def test_first_match_wins(
    invoice: str, stock_code: str, quantity: int, price: str, expected: RowClass
) -> None:
    """Credit stands before refusal, refusal before charge, charge before goods."""
    assert classify(row(invoice, stock_code, quantity, price)) is expected


@pytest.mark.parametrize(
    ("stock_code", "kind"),
    [
        ("m", ChargeKind.MANUAL),
        ("Bank Charges", ChargeKind.FEE),
        ("gift_0001_20", ChargeKind.VOUCHER),
        ("GIFT_0001_90", ChargeKind.VOUCHER),
        ("22016", ChargeKind.VOUCHER),
        ("23444", ChargeKind.SHIPPING),
        ("DCGS0076", None),
        ("DCGSSBOY", None),
        ("PADS", None),
        ("85123A", None),
        ("POSTER", None),
    ],
)
def test_charge_codes_are_whole_codes_without_case(
    stock_code: str, kind: ChargeKind | None
) -> None:
    """Only the whole code counts, however it is written; goods with letters stay goods."""
    assert charge_kind(stock_code) is kind


def test_codes_are_kept_in_upper_case() -> None:
    """A code in lower case in the table could never match."""
    assert all(code == code.upper() for code in CHARGE_CODES)
