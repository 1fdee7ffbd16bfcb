"""What holds for any rows: nothing is lost, nothing is counted twice."""

from collections import Counter, defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api.demo.classify import REFUSALS, RowClass, classify
from api.demo.drafts import DraftCharge, DraftLine, shelf_sku
from api.demo.orders import read_invoices
from api.demo.rows import Row
from api.demo.summary import reconcile
from api.demo.survey import survey
from tests.api.demo.making import row

ROWS = st.lists(
    st.builds(
        row,
        invoice=st.sampled_from(["1", "2", "3", "C4", "A5"]),
        stock_code=st.sampled_from(["85123A", "85123a", "71053", "PADS", "POST", "m", "gift_1"]),
        quantity=st.integers(-3, 1000),
        unit_price=st.decimals(-2, 50, places=3).map(str),
        description=st.sampled_from(["", "LANTERN"]),
    ),
    max_size=60,
)


@given(rows=ROWS)
def test_every_row_is_in_exactly_one_class(rows: list[Row]) -> None:
    """The classes add up to the rows, in each invoice and in the file."""
    for invoice in read_invoices(rows):
        own = [one for one in rows if one.invoice == invoice.number]
        assert invoice.rows == len(own)
        assert dict(invoice.rows_by_class) == Counter(classify(one) for one in own)
    figures = reconcile(read_invoices(rows))
    assert figures.rows == len(rows)
    assert figures.unexplained_rows == 0
    assert set(figures.refused_rows) == {why.value for why in REFUSALS}


@given(rows=ROWS)
def test_merging_keeps_units_and_value(rows: list[Row]) -> None:
    """Lines carry the units of their goods rows at the same prices, each SKU and price once."""
    wanted: defaultdict[tuple[str, str, Decimal], int] = defaultdict(int)
    for one in rows:
        if classify(one) is RowClass.GOODS:
            wanted[one.invoice, shelf_sku(one.stock_code), one.unit_price] += one.quantity
    got = [
        ((invoice.number, line.sku, line.unit_price), line.quantity)
        for invoice in read_invoices(rows)
        for line in invoice.lines
    ]
    assert len(got) == len(dict(got))
    assert dict(got) == wanted


@given(rows=ROWS)
def test_amounts_are_within_half_a_penny_of_their_value(rows: list[Row]) -> None:
    """No line or charge is off by more than its own rounding."""
    for invoice in read_invoices(rows):
        parts: list[DraftLine | DraftCharge] = [*invoice.lines, *invoice.charges]
        for part in parts:
            assert abs(part.amount - part.quantity * part.unit_price) <= Decimal("0.005")
            assert part.amount.as_tuple().exponent == -2


@given(rows=ROWS)
def test_invoices_come_in_the_order_of_their_first_rows(rows: list[Row]) -> None:
    """The order of orders does not depend on the window."""
    numbers = list(dict.fromkeys(one.invoice for one in rows))
    wide = list(read_invoices(rows, window=len(rows) + 1))
    assert [invoice.number for invoice in wide] == numbers
    grouped = sorted(rows, key=lambda one: numbers.index(one.invoice))
    assert list(read_invoices(grouped, window=0)) == wide


@given(rows=ROWS)
def test_demand_is_what_the_orders_ask_for(rows: list[Row]) -> None:
    """The survey's demand adds up to the units of all lines, and every SKU has a name."""
    found = survey(read_invoices(rows))
    assert sum(found.demand.values()) == found.reconciliation.units
    assert set(found.demand) == set(found.names)
    assert all(found.names.values())
