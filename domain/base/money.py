"""Money: decimals in a currency's minor unit, spread without losing a cent."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field

ZERO: Final = Decimal(0)
LARGEST: Final = Decimal(1_000_000_000_000)

_NO_MINOR_UNIT: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
_THREE_PLACES: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TWO_PLACES: Final = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
        "ZMW ZWG"
    ).split()
)


CURRENCIES: Final = _TWO_PLACES | _NO_MINOR_UNIT | _THREE_PLACES
"""ISO 4217 codes, upper case."""


def minor_places(currency: str) -> int:
    """Return how many decimals amounts of an ISO 4217 currency have (0, 2 or 3)."""
    if currency in _NO_MINOR_UNIT:
        return 0
    return 3 if currency in _THREE_PLACES else 2


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        msg = f"{code!r} is no ISO 4217 currency; write one like 'EUR'"
        raise ValueError(msg)
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]
"""An ISO 4217 code, upper case."""

Amount = Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=3, allow_inf_nan=False)]
"""Nothing or more, in the currency's unit; places are checked against the currency."""

UnitPrice = Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=6, allow_inf_nan=False)]
"""A price of one unit; may have more decimals than the currency."""

Rate = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6, allow_inf_nan=False)]
"""A share, such as a tax rate: 0.19."""


def cent(currency: str) -> Decimal:
    """Return the smallest amount of a currency, such as 0.01."""
    return Decimal(1).scaleb(-minor_places(currency))


def to_minor(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(cent(currency), rounding=ROUND_HALF_UP)


def fits(amount: Decimal, currency: str) -> bool:
    """Say whether an amount has no more decimals than its currency."""
    return amount == to_minor(amount, currency)


def spread(amount: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Split an amount by weights with the largest-remainder method, ties to the earliest.

    The parts sum to `amount` exactly. Weights are 0 or more; where all are 0 the parts are
    equal but for remainders. `amount` has no more decimals than the currency.
    """
    if not weights:
        return ()
    unit = cent(currency)
    total = sum(weights, ZERO)
    shares = list(weights) if total else [Decimal(1)] * len(weights)
    total = total or Decimal(len(weights))
    cents = amount / unit
    exact = [cents * share / total for share in shares]
    floors = [value.to_integral_value(rounding=ROUND_FLOOR) for value in exact]
    left = int(cents - sum(floors, ZERO))
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in by_remainder[:left]:
        floors[index] += 1
    return tuple(value * unit for value in floors)


def share_of_first(amount: Decimal, units: int, first: int, currency: str) -> Decimal:
    """Return what the first `first` of `units` equal units carry of an amount.

    The closed form of `spread` over equal weights: each unit has the floor, and the earliest
    ones a minor unit more. 290.00 over 3 units: 96.67, 193.34, 290.00.
    """
    unit = cent(currency)
    cents = int(amount / unit)
    each, remainder = divmod(cents, units)
    return (each * first + min(first, remainder)) * unit
