"""Says what a row is: goods, a charge, a credit, or refused and why."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from api.demo.rows import Row

CREDIT_PREFIX = "C"


class RowClass(StrEnum):
    """What a row is; every row is exactly one of these."""

    GOODS = "goods"
    CHARGE = "charge"
    CREDIT = "credit"
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    PRICE_ZERO = "price_zero"
    PRICE_NEGATIVE = "price_negative"


REFUSALS = (
    RowClass.QUANTITY_NOT_POSITIVE,
    RowClass.PRICE_ZERO,
    RowClass.PRICE_NEGATIVE,
)
"""The classes of refused rows; their values are the reasons."""


class ChargeKind(StrEnum):
    """What a charge is for."""

    SHIPPING = "shipping"
    PACKING = "packing"
    FEE = "fee"
    MANUAL = "manual"
    SAMPLES = "samples"
    VOUCHER = "voucher"
    DISCOUNT = "discount"
    BAD_DEBT = "bad-debt"


CHARGE_CODES: Mapping[str, ChargeKind] = MappingProxyType(
    {
        "POST": ChargeKind.SHIPPING,
        "DOT": ChargeKind.SHIPPING,
        "C2": ChargeKind.SHIPPING,
        "23444": ChargeKind.SHIPPING,
        "23574": ChargeKind.PACKING,
        "AMAZONFEE": ChargeKind.FEE,
        "BANK CHARGES": ChargeKind.FEE,
        "CRUK": ChargeKind.FEE,
        "M": ChargeKind.MANUAL,
        "S": ChargeKind.SAMPLES,
        "22016": ChargeKind.VOUCHER,
        "D": ChargeKind.DISCOUNT,
        "B": ChargeKind.BAD_DEBT,
    }
)
"""Stock codes that stand for no goods, in upper case; vouchers come by prefix as well."""

VOUCHER_PREFIX = "GIFT_"


def charge_kind(stock_code: str) -> ChargeKind | None:
    """Return what a stock code charges for, compared without case; None for goods."""
    code = stock_code.upper()
    if code.startswith(VOUCHER_PREFIX):
        return ChargeKind.VOUCHER
    return CHARGE_CODES.get(code)


def classify(row: Row) -> RowClass:
    """Return the class of a row; the first rule that matches wins."""
    if row.invoice.upper().startswith(CREDIT_PREFIX):
        return RowClass.CREDIT
    if row.quantity <= 0:
        return RowClass.QUANTITY_NOT_POSITIVE
    if row.unit_price <= 0:
        return RowClass.PRICE_NEGATIVE if row.unit_price < 0 else RowClass.PRICE_ZERO
    if charge_kind(row.stock_code) is not None:
        return RowClass.CHARGE
    return RowClass.GOODS
