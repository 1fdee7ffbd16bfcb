"""Money of an order: what each line is charged, and what each of its units carries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.base.money import LARGEST, ZERO, fits, share_of_first, spread, to_minor
from domain.order.commands import ChargeInput, DiscountInput, OrderLineInput
from domain.order.errors import WrongAmounts, WrongCurrency
from domain.order.events import Discount, OrderCharge, OrderLine


@dataclass(frozen=True, slots=True)
class LinePrice:
    """A line's discounts, with its share of the order's, and what is charged after them."""

    discounts: tuple[Discount, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Carried:
    """What some units of a line carry of its amount and of its tax."""

    amount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What an order comes to; `total` is what the customer owes, tax included."""

    lines: Decimal
    charges: Decimal
    tax: Decimal
    total: Decimal


def totals(
    lines: Iterable[OrderLine], charges: Iterable[OrderCharge], *, tax_included: bool
) -> Totals:
    """Return the sums of an order's money in its currency."""
    goods = extra = tax = ZERO
    for line in lines:
        goods += line.amount
        tax += line.tax_amount
    for charge in charges:
        extra += charge.amount
        tax += charge.tax_amount
    total = goods + extra if tax_included else goods + extra + tax
    return Totals(lines=goods, charges=extra, tax=tax, total=total)


def price_lines(
    lines: Sequence[OrderLineInput],
    discounts: Sequence[DiscountInput],
    *,
    currency: str,
    tax_included: bool,
) -> tuple[LinePrice, ...]:
    """Return what each line is charged, in the currency's minor unit.

    A line's amount is unit price × quantity, rounded half up, less its discounts, less its
    share of the order's: each of those is spread over what the lines still amount to, by
    largest remainder, ties to the earliest.

    Raises:
        WrongCurrency: an amount has more decimals than the currency.
        WrongAmounts: discounts exceed what they are taken off, tax exceeds the amount that
            includes it, or an amount is too large.
    """
    own = [_own_discounts(line, index, currency) for index, line in enumerate(lines)]
    amounts = [
        _discounted(line, index, currency, taken)
        for index, (line, taken) in enumerate(zip(lines, own, strict=True))
    ]
    for index, discount in enumerate(discounts):
        _check_places(discount.amount, currency, f"discounts.{index}.amount")
        if discount.amount > sum(amounts, ZERO):
            raise WrongAmounts(
                f"The order's discount {discount.source!r} of {discount.amount} exceeds the "
                f"{sum(amounts, ZERO)} that its lines amount to",
                field=f"discounts.{index}.amount",
            )
        for line_index, share in enumerate(spread(discount.amount, amounts, currency)):
            if share > 0:
                own[line_index] += (Discount(source=discount.source, amount=share),)
                amounts[line_index] -= share
    for index, (line, amount) in enumerate(zip(lines, amounts, strict=True)):
        _check_tax(line.tax_amount, amount, currency, f"lines.{index}", included=tax_included)
    return tuple(
        LinePrice(discounts=taken, amount=amount)
        for taken, amount in zip(own, amounts, strict=True)
    )


def price_charges(
    charges: Sequence[ChargeInput], *, currency: str, tax_included: bool
) -> tuple[OrderCharge, ...]:
    """Return the charges with an id each: their own, or their place in the order from 1.

    Raises:
        WrongCurrency: an amount has more decimals than the currency.
        WrongAmounts: tax exceeds the amount that includes it.
    """
    for index, charge in enumerate(charges):
        _check_places(charge.amount, currency, f"charges.{index}.amount")
        _check_tax(
            charge.tax_amount, charge.amount, currency, f"charges.{index}", included=tax_included
        )
    return tuple(
        OrderCharge(
            charge_id=charge.id or str(index + 1),
            kind=charge.kind,
            description=charge.description,
            amount=charge.amount,
            tax_rate=charge.tax_rate,
            tax_amount=charge.tax_amount,
        )
        for index, charge in enumerate(charges)
    )


def unit_share(line: OrderLine, *, first: int, count: int, currency: str) -> Carried:
    """Return what `count` units of a line from unit `first` on (from 0) carry.

    A unit is one step of the line's quantity. The units' shares always sum to the whole.
    """
    units = int(line.quantity / line.step)
    until = first + count
    return Carried(
        amount=share_of_first(line.amount, units, until, currency)
        - share_of_first(line.amount, units, first, currency),
        tax=share_of_first(line.tax_amount, units, until, currency)
        - share_of_first(line.tax_amount, units, first, currency),
    )


def _own_discounts(line: OrderLineInput, index: int, currency: str) -> tuple[Discount, ...]:
    for number, discount in enumerate(line.discounts):
        _check_places(discount.amount, currency, f"lines.{index}.discounts.{number}.amount")
    return tuple(Discount(source=each.source, amount=each.amount) for each in line.discounts)


def _discounted(
    line: OrderLineInput, index: int, currency: str, discounts: tuple[Discount, ...]
) -> Decimal:
    full = line.unit_price * line.quantity
    if full > LARGEST:
        raise WrongAmounts(
            f"The line amounts to {full:f}; the most that is taken is {LARGEST}",
            field=f"lines.{index}.unit_price",
        )
    full = to_minor(full, currency)
    taken = sum((discount.amount for discount in discounts), ZERO)
    if taken > full:
        raise WrongAmounts(
            f"The line's discounts of {taken} exceed the {full} that it amounts to",
            field=f"lines.{index}.discounts",
        )
    return full - taken


def _check_places(amount: Decimal, currency: str, field: str) -> None:
    if not fits(amount, currency):
        raise WrongCurrency(f"{amount} has more decimals than {currency} has", field=field)


def _check_tax(tax: Decimal, amount: Decimal, currency: str, path: str, *, included: bool) -> None:
    _check_places(tax, currency, f"{path}.tax_amount")
    if included and tax > amount:
        raise WrongAmounts(
            f"The tax of {tax} exceeds the amount of {amount} that includes it",
            field=f"{path}.tax_amount",
        )
