"""Money on the wire: `{"amount": "12.34", "currency": "EUR"}`."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

from api.http.errors import FieldError, InvalidRequest
from domain.base.money import ZERO, Amount, Currency, UnitPrice, minor_places

_DecimalText = Annotated[
    Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")
]


class Money(BaseModel):
    """An amount of an order, with no more decimals than its currency has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Amount
    currency: Currency


class UnitMoney(BaseModel):
    """A price of one unit, with up to six decimals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: UnitPrice
    currency: Currency


class MoneyView(BaseModel):
    """An amount in an answer."""

    amount: _DecimalText
    currency: str


def amount_in(currency: str, money: Money | UnitMoney | None, *, field: str) -> Decimal:
    """Return the amount of money that must be in an order's currency; nothing counts as 0.

    Raises:
        InvalidRequest: it is in another currency; names the field.
    """
    if money is None:
        return ZERO
    if money.currency != currency:
        message = f"must be {currency}, the order's currency"
        raise InvalidRequest([FieldError(f"{field}.currency", message, "wrong-currency")])
    return money.amount


def money_view(amount: Decimal, currency: str) -> MoneyView:
    """Return an amount with at least as many decimals as its currency has."""
    places = -minor_places(currency)
    exponent = amount.normalize().as_tuple().exponent
    finest = min(places, exponent) if isinstance(exponent, int) else places
    return MoneyView(amount=amount.quantize(Decimal(1).scaleb(finest)), currency=currency)
