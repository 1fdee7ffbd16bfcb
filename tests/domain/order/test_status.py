"""The word for an order, from its quantities."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.order.status import Stages, status


def stages(**quantities: int) -> Stages:
    """Return stages; what is ordered is their sum."""
    parts = {name: Decimal(quantity) for name, quantity in quantities.items()}
    ordered = sum((q for name, q in parts.items() if name != "delivered"), Decimal(0))
    return Stages(ordered=ordered, **parts)


@pytest.mark.parametrize(
    ("word", "quantities"),
    [
        ("closed", {}),
        ("open", {"unassigned": 1}),
        ("open", {"reserved": 2, "cancelled": 1}),
        ("backordered", {"reserved": 2, "backordered": 1}),
        ("partly-shipped", {"reserved": 1, "backordered": 1, "shipped": 1}),
        ("partly-shipped", {"reserved": 1, "shipped": 1, "delivered": 1}),
        ("shipped", {"shipped": 2, "delivered": 1, "cancelled": 3}),
        ("delivered", {"shipped": 2, "delivered": 2, "cancelled": 3}),
        ("cancelled", {"cancelled": 3}),
    ],
)
def test_status_is_how_far_the_live_quantity_has_come(
    word: str, quantities: dict[str, int]
) -> None:
    """What was cancelled counts for nothing; the rest says how far the order is."""
    assert status(stages(**quantities)) == word


counts = st.integers(0, 5).map(Decimal)


@given(st.lists(st.tuples(counts, counts, counts, counts, counts), max_size=5))
def test_stages_of_lines_add_up(rows: list[tuple[Decimal, ...]]) -> None:
    """An order's stages are the sums of its lines', so read models may sum first."""
    lines = [
        Stages(sum(row, Decimal(0)), row[0], row[1], row[2], row[3], row[3], row[4]) for row in rows
    ]
    total = sum(lines, Stages())
    assert total.ordered == total.cancellable + total.shipped + total.cancelled
    assert total.in_transit == 0
