"""Money of an order."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base.errors import Refusal
from domain.base.money import to_minor
from domain.order.commands import ChargeInput, DiscountInput, OrderLineInput
from domain.order.errors import WrongAmounts, WrongCurrency
from domain.order.events import Discount, GroupShare, LinePart, OrderLine
from domain.order.pricing import Carried, LinePrice, price_charges, price_lines, unit_share

ONE = Decimal(1)


def line(
    price: str,
    quantity: str = "1",
    *,
    off: tuple[str, ...] = (),
    tax: str = "0",
) -> OrderLineInput:
    """Return a line of some units at a price, less discounts."""
    return OrderLineInput(
        sku="TEA",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        discounts=tuple(DiscountInput(source="sale", amount=Decimal(amount)) for amount in off),
        tax_amount=Decimal(tax),
    )


def off(amount: str, source: str = "WELCOME") -> DiscountInput:
    """Return a discount."""
    return DiscountInput(source=source, amount=Decimal(amount))


def sold(*, quantity: str, step: str, amount: Decimal, tax: Decimal) -> OrderLine:
    """Return a line as an order keeps it."""
    return OrderLine(
        line_id="1",
        item_id="tea",
        sku="TEA",
        description=None,
        quantity=Decimal(quantity),
        step=Decimal(step),
        parts=(LinePart("tea", ONE),),
        shares=(GroupShare("1", Decimal(quantity)),),
        list_price=ONE,
        unit_price=ONE,
        discounts=(),
        amount=amount,
        tax_rate=Decimal(0),
        tax_amount=tax,
    )


def refusal(
    *lines: OrderLineInput,
    discounts: tuple[DiscountInput, ...] = (),
    currency: str = "EUR",
    tax_included: bool = True,
) -> Refusal:
    """Return why lines are refused."""
    with pytest.raises(Refusal) as caught:
        price_lines(lines, discounts, currency=currency, tax_included=tax_included)
    return caught.value


def test_three_units_less_ten_share_to_the_cent() -> None:
    """3 × 100.00 with 46.30 tax less 10.00 make 96.67, 96.67, 96.66 and 15.44, 15.43, 15.43."""
    (price,) = price_lines(
        (line("100.00", "3", tax="46.30"),), (off("10.00"),), currency="EUR", tax_included=True
    )
    assert price == LinePrice((Discount("WELCOME", Decimal("10.00")),), Decimal("290.00"))
    kept = sold(quantity="3", step="1", amount=price.amount, tax=Decimal("46.30"))
    assert [unit_share(kept, first=n, count=1, currency="EUR") for n in range(3)] == [
        Carried(Decimal("96.67"), Decimal("15.44")),
        Carried(Decimal("96.67"), Decimal("15.43")),
        Carried(Decimal("96.66"), Decimal("15.43")),
    ]


def test_a_line_is_rounded_once_half_up() -> None:
    """Unit prices may have more decimals than the currency; the line's amount has not."""
    prices = price_lines(
        (line("0.125", "1"), line("0.125", "3"), line("1.004999", "1")),
        (),
        currency="EUR",
        tax_included=True,
    )
    assert [price.amount for price in prices] == [Decimal("0.13"), Decimal("0.38"), Decimal("1.00")]


def test_order_discounts_are_spread_over_what_lines_amount_to() -> None:
    """An order's discount is recorded on each line with its source, in the lines' ratio."""
    prices = price_lines(
        (line("30.00", off=("10.00",)), line("10.00"), line("0")),
        (off("0.10", "A"), off("1.00", "B")),
        currency="EUR",
        tax_included=True,
    )
    assert prices == (
        LinePrice(
            (
                Discount("sale", Decimal("10.00")),
                Discount("A", Decimal("0.07")),
                Discount("B", Decimal("0.67")),
            ),
            Decimal("19.26"),
        ),
        LinePrice(
            (Discount("A", Decimal("0.03")), Discount("B", Decimal("0.33"))), Decimal("9.64")
        ),
        LinePrice((), Decimal(0)),
    )


def test_ties_go_to_the_earliest_line() -> None:
    """One cent off two equal lines is the first line's."""
    prices = price_lines(
        (line("5.00"), line("5.00")), (off("0.01"),), currency="EUR", tax_included=True
    )
    assert [price.amount for price in prices] == [Decimal("4.99"), Decimal("5.00")]


def test_zero_prices_are_legal() -> None:
    """A gift costs nothing."""
    (price,) = price_lines((line("0", "2"),), (), currency="JPY", tax_included=False)
    assert price == LinePrice((), Decimal(0))


@pytest.mark.parametrize(
    ("lines", "discounts", "field"),
    [
        ((line("5.00"), line("5.00", off=("3.00", "2.01"))), (), "lines.1.discounts"),
        ((line("5.00"),), (off("1.00"), off("4.01")), "discounts.1.amount"),
        ((line("5.00", tax="5.01"),), (), "lines.0.tax_amount"),
        ((line("1000000000000", "2"),), (), "lines.0.unit_price"),
    ],
)
def test_amounts_that_do_not_fit_are_refused(
    lines: tuple[OrderLineInput, ...], discounts: tuple[DiscountInput, ...], field: str
) -> None:
    """Discounts above what they are taken off, tax above its amount, and giants name the field."""
    refused = refusal(*lines, discounts=discounts)
    assert (type(refused), refused.field) == (WrongAmounts, field)


def test_tax_on_top_of_net_prices_may_exceed_them() -> None:
    """Where prices are net, tax is not part of the amount."""
    (price,) = price_lines((line("0", tax="1.90"),), (), currency="EUR", tax_included=False)
    assert price.amount == 0


@pytest.mark.parametrize(
    ("lines", "discounts", "currency", "field"),
    [
        ((line("5", off=("0.001",)),), (), "EUR", "lines.0.discounts.0.amount"),
        ((line("5"), line("5", tax="0.001")), (), "EUR", "lines.1.tax_amount"),
        ((line("5"),), (off("0.5"),), "JPY", "discounts.0.amount"),
    ],
)
def test_amounts_have_the_currencys_decimals(
    lines: tuple[OrderLineInput, ...],
    discounts: tuple[DiscountInput, ...],
    currency: str,
    field: str,
) -> None:
    """An amount finer than the currency is refused and named."""
    refused = refusal(*lines, discounts=discounts, currency=currency)
    assert (type(refused), refused.field) == (WrongCurrency, field)


def test_charges_are_numbered_and_checked() -> None:
    """A charge without an id gets its place; its amounts fit the currency too."""
    charge = ChargeInput(kind="shipping", amount=Decimal("4.90"), tax_amount=Decimal("0.78"))
    (priced,) = price_charges((charge,), currency="EUR", tax_included=True)
    assert (priced.charge_id, priced.kind, priced.amount) == ("1", "shipping", Decimal("4.90"))
    with pytest.raises(WrongCurrency) as caught:
        price_charges((charge,), currency="JPY", tax_included=True)
    assert caught.value.field == "charges.0.amount"


cents = st.integers(0, 100_000).map(lambda n: Decimal(n) / 100)


@given(
    prices=st.lists(st.tuples(cents, st.integers(1, 50)), min_size=1, max_size=8),
    parts=st.lists(st.integers(0, 100), max_size=3),
)
def test_discounts_sum_and_no_line_goes_below_zero(
    prices: list[tuple[Decimal, int]], parts: list[int]
) -> None:
    """What the lines are charged is the full amounts less all discounts, each line 0 or more."""
    lines = [line(str(price), str(quantity)) for price, quantity in prices]
    full = sum((price * quantity for price, quantity in prices), Decimal(0))
    discounts = [off(str((full * part / 400).quantize(Decimal("0.01")))) for part in parts]
    discounts = [d for d in discounts if d.amount * max(len(parts), 1) <= full]
    priced = price_lines(lines, discounts, currency="EUR", tax_included=True)
    assert sum(p.amount for p in priced) == full - sum(d.amount for d in discounts)
    assert all(p.amount >= 0 and p.amount == to_minor(p.amount, "EUR") for p in priced)
    for (price, quantity), p in zip(prices, priced, strict=True):
        assert p.amount + sum(d.amount for d in p.discounts) == price * quantity


@given(
    amount=cents,
    tax=cents,
    units=st.integers(1, 60),
    step=st.sampled_from(["1", "0.5", "0.25"]),
    cuts=st.lists(st.integers(0, 60), max_size=4),
)
def test_unit_shares_always_sum_to_the_whole(
    amount: Decimal, tax: Decimal, units: int, step: str, cuts: list[int]
) -> None:
    """However a line's units are divided, the parts carry its amount and tax exactly."""
    kept = sold(quantity=str(units * Decimal(step)), step=step, amount=amount, tax=tax)
    marks = [0, *sorted(min(cut, units) for cut in cuts), units]
    parts = [
        unit_share(kept, first=a, count=b - a, currency="EUR") for a, b in itertools.pairwise(marks)
    ]
    assert sum(p.amount for p in parts) == amount
    assert sum(p.tax for p in parts) == tax
