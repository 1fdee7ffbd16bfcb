"""The mutator takes every event of an order, in whatever order they come."""

from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from domain.base.messages import Event
from domain.order.events import (
    Allocation,
    AllocationDelivered,
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    Backorder,
    BackorderFilled,
    CancelledPart,
    DeliveryGroup,
    Destination,
    GroupPromise,
    GroupShare,
    LinesAllocated,
    LinesCancelled,
    OrderLine,
    OrderPlaced,
    RoutingFoundNothing,
)
from domain.order.evolve import evolve
from domain.order.state import Order
from domain.routing.plan import GroupPolicy, RoutingDecision

ONE: Final = Decimal(1)
NOTHING: Final = Decimal(0)
DECISION: Final = RoutingDecision(
    engine="e", policies=(GroupPolicy("1", "p/1"),), facts_position=0, figures=()
)
PLACED: Final = OrderPlaced(
    channel_id="WEB",
    external_id="1",
    customer_id=None,
    subject_id=None,
    currency="EUR",
    prices="gross",
    priority=0,
    groups=(DeliveryGroup("g1", "ship", Destination("GB")),),
    lines=(
        OrderLine(
            line_id="l1",
            item_id="i1",
            sku="I1",
            description=None,
            quantity=Decimal(9),
            step=ONE,
            parts=(),
            shares=(GroupShare("g1", Decimal(9)),),
            list_price=ONE,
            unit_price=ONE,
            discounts=(),
            amount=ONE,
            tax_rate=NOTHING,
            tax_amount=NOTHING,
        ),
    ),
    charges=(),
    contact=None,
    note=None,
)

lines = st.sampled_from(["l1", "l2"])
groups = st.sampled_from(["g1", "g2"])
ids = st.sampled_from(["a1", "a2"])
queues = st.sampled_from(["b1", "b2"])
quantities = st.integers(1, 9).map(Decimal)
places = st.just("W")
events: st.SearchStrategy[Event] = st.one_of(
    st.just(PLACED),
    st.just(RoutingFoundNothing(DECISION)),
    st.builds(
        LinesAllocated,
        st.lists(st.builds(Allocation, ids, lines, groups, places, quantities)).map(tuple),
        st.lists(st.builds(Backorder, queues, lines, groups, places, quantities)).map(tuple),
        st.lists(st.builds(GroupPromise, groups, st.none(), st.none())).map(tuple),
        st.just(DECISION),
    ),
    st.builds(BackorderFilled, queues, ids, lines, groups, places, quantities),
    st.builds(AllocationLost, ids, lines, places, quantities, st.just("flood")),
    st.builds(AllocationReleased, ids, lines, places, quantities, st.just("rerouted")),
    st.builds(
        LinesCancelled,
        st.lists(
            st.builds(CancelledPart, lines, groups, quantities, st.none() | ids, st.none() | queues)
        ).map(tuple),
        st.just("late"),
    ),
    st.builds(AllocationShipped, st.just("s1"), ids, lines, places, quantities, st.none()),
    st.builds(AllocationDelivered, ids, lines, quantities),
)


@given(history=st.lists(events, max_size=12))
def test_any_history_folds(history: list[Event]) -> None:
    """A known event never raises, whatever came before it or is missing."""
    order = Order()
    for event in history:
        order = evolve(order, event)
    assert order.exists == (PLACED in history)


def test_what_is_cancelled_counts_though_its_allocation_is_not_seen() -> None:
    """The line's cancelled quantity grows; no allocation or backorder comes into being."""
    parts = (
        CancelledPart("l1", "g1", ONE, allocation_id="a1"),
        CancelledPart("l1", "g1", ONE, backorder_id="b1"),
    )
    order = evolve(evolve(Order(), PLACED), LinesCancelled(parts, "late"))
    assert dict(order.cancelled) == {"l1": Decimal(2)}
    assert (dict(order.allocations), dict(order.backorders)) == ({}, {})
