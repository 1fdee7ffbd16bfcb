"""Each aggregate folds the events of its own streams and knows no others."""

import pytest

from domain.base.messages import Event
from domain.catalogue import AGGREGATES
from domain.item.events import SkuWithdrawn
from domain.stock.events import (
    BackorderWithdrawn,
    ExpectedReceiptCancelled,
    ReservationReleased,
    StockShipped,
)
from domain.stock.evolve import evolve
from domain.stock.state import NO_STOCK
from domain.subject.events import SubjectErased
from tests.support.commands import NOW

ONE = NO_STOCK.sellable + 1


@pytest.mark.parametrize("category", sorted(AGGREGATES))
def test_an_event_of_another_stream_is_a_programming_error(category: str) -> None:
    """The mutator says so instead of passing over it."""
    stranger: Event = SkuWithdrawn("x") if category == "subject" else SubjectErased("asked")
    aggregate = AGGREGATES[category]
    with pytest.raises(TypeError, match="is no event of"):
        aggregate.evolve(aggregate.initial, stranger)


@pytest.mark.parametrize(
    "event",
    [
        ReservationReleased("ghost", ONE, "x"),
        BackorderWithdrawn("ghost", ONE, "x"),
        ExpectedReceiptCancelled("ghost", "x"),
    ],
)
def test_a_history_with_gaps_still_folds(event: Event) -> None:
    """Reading as true at an instant leaves events out; what they made is then not there."""
    assert evolve(NO_STOCK, event) == NO_STOCK


def test_goods_that_left_are_gone_even_if_the_reservation_is_not_seen() -> None:
    """On hand falls, and nothing is reserved."""
    state = evolve(NO_STOCK, StockShipped("ghost", ONE, NOW))
    assert state.sellable == -1
    assert state.reserved == 0
