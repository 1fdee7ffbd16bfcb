"""What is done to stock: receipts, adjustments, counts, holds, and what follows for orders."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from domain.base.handling import Decision, Handler, Json, Need, View
from domain.base.messages import Event
from domain.base.quantity import as_number
from domain.base.streams import StreamId, category_of, order_key
from domain.handlers.capacity_work import capacity_events
from domain.handlers.stock_place import StockPlace, find, streams_of
from domain.handlers.stock_work import StockWork
from domain.item.decider import check_step
from domain.stock import decider
from domain.stock.commands import (
    AdjustStock,
    CancelExpectedReceipt,
    CountStock,
    ExpectReceipt,
    FeedStock,
    ReceiveStock,
    ReleaseStock,
    ReserveStock,
    SetDemandForecast,
    SetSafetyStock,
    ShipStock,
    StockCommand,
)
from domain.stock.counting import count
from domain.stock.draft import Draft
from domain.stock.errors import InsufficientStock, ReservationOfBasket, ReservationOfOrder
from domain.stock.events import BackorderServed, ReservationLost, StockCountIgnored
from domain.stock.serving import serve
from domain.stock.state import StockItem

C = TypeVar("C", bound=StockCommand)


class StockHandler(Handler[C]):
    """Finds the stock item, lets a subclass decide on it, and adds what follows for orders."""

    def streams(self, command: C) -> Iterable[StreamId]:
        """Read what the SKU names, and the location."""
        return streams_of(command)

    def decide(self, command: C, plan: Any, view: View) -> Decision | Need:
        """Decide on the stock item; orders that gain or lose stock are in the same append."""
        del plan
        place = find(command, view)
        if isinstance(place, Need):
            return place
        self.check(command, place)
        work = StockWork(view, command, reason=self.reason(command))
        work.add(place.stream, self.change(command, work.state(place.stream), work))
        orders = work.order_events()
        if isinstance(orders, Need):
            return orders
        days = capacity_events(orders, view)
        if isinstance(days, Need):
            return days
        return Decision({**work.events(), **orders, **days}, _outcome(place, work))

    def check(self, command: C, place: StockPlace) -> None:
        """Refuse what the item does not allow; facts are facts whatever its step."""

    def reason(self, command: C) -> str:
        """Return why an order loses its stock, if one does."""
        return str(getattr(command, "reason", command.command_type))

    @abstractmethod
    def change(self, command: C, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Return what happens to the stock item."""


class ReceiveStockHandler(StockHandler[ReceiveStock]):
    """Takes goods in and serves the queue."""

    def change(self, command: ReceiveStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Receive."""
        return decider.receive(
            state,
            quantity=command.quantity,
            condition=command.condition,
            reference=command.reference,
            expected_id=command.expected_id,
            at=command.now,
            reservation_of=work.reservation_of(command.location_id),
        )


class AdjustStockHandler(StockHandler[AdjustStock]):
    """Records that on hand changed."""

    def change(self, command: AdjustStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Adjust."""
        return decider.adjust(
            state,
            change=command.change,
            condition=command.condition,
            reason=command.reason,
            reference=command.reference,
            at=command.now,
            reservation_of=work.reservation_of(command.location_id),
        )


class CountStockHandler(StockHandler[CountStock]):
    """Corrects on hand to what people counted."""

    def change(self, command: CountStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Count."""
        return _count(command, state, work)

    def reason(self, command: CountStock) -> str:
        """Name the count."""
        return f"count by {command.source}"


class FeedStockHandler(StockHandler[FeedStock]):
    """Corrects on hand to what a warehouse system reports."""

    def change(self, command: FeedStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Count."""
        return _count(command, state, work)

    def reason(self, command: FeedStock) -> str:
        """Name the feed."""
        return f"feed by {command.source}"


class SetSafetyStockHandler(StockHandler[SetSafetyStock]):
    """Keeps a quantity from being promised."""

    def change(self, command: SetSafetyStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Set it, and serve the queue from what that frees."""
        return decider.set_safety_stock(
            state, command.quantity, reservation_of=work.reservation_of(command.location_id)
        )


class SetDemandForecastHandler(StockHandler[SetDemandForecast]):
    """Says what will be asked for a day."""

    def change(
        self, command: SetDemandForecast, state: StockItem, work: StockWork
    ) -> Iterable[Event]:
        """Set it."""
        del work
        return decider.set_demand_forecast(state, command.units_per_day)


class ExpectReceiptHandler(StockHandler[ExpectReceipt]):
    """Announces goods."""

    def change(self, command: ExpectReceipt, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Announce or replace."""
        del work
        return decider.expect(
            state,
            command.expected_id,
            quantity=command.quantity,
            due=command.due,
            reference=command.reference,
        )


class CancelExpectedReceiptHandler(StockHandler[CancelExpectedReceipt]):
    """Strikes an announcement."""

    def change(
        self, command: CancelExpectedReceipt, state: StockItem, work: StockWork
    ) -> Iterable[Event]:
        """Strike it."""
        del work
        return decider.cancel_expected(state, command.expected_id, reason=command.reason)


class ReserveStockHandler(StockHandler[ReserveStock]):
    """Holds stock for something outside an order."""

    def check(self, command: ReserveStock, place: StockPlace) -> None:
        """Check the step: what is promised is whole.

        Raises:
            InvalidStep: the quantity is no multiple of the item's step.
        """
        check_step(command.quantity, place.attributes, field="quantity")

    def change(self, command: ReserveStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Reserve under `hold:PURPOSE` in the place of an order's stream."""
        del work
        try:
            return decider.reserve(
                state,
                command.reservation_id,
                order=f"hold:{command.purpose}",
                line_id="",
                quantity=command.quantity,
                priority=0,
                promise=None,
            )
        except InsufficientStock as short:
            raise InsufficientStock(
                short.detail, field="quantity", sku=command.sku, **short.members
            ) from short


class ReleaseStockHandler(StockHandler[ReleaseStock]):
    """Gives a hold back."""

    def change(self, command: ReleaseStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Release the hold and serve the queue from it."""
        _check_hold(state, command.reservation_id, work)
        draft = Draft(state)
        draft.add(decider.release(state, command.reservation_id, reason=command.reason))
        draft.add(serve(draft.state, work.reservation_of(command.location_id)))
        return draft.events


class ShipStockHandler(StockHandler[ShipStock]):
    """Lets held goods leave."""

    def change(self, command: ShipStock, state: StockItem, work: StockWork) -> Iterable[Event]:
        """Ship from the hold."""
        _check_hold(state, command.reservation_id, work)
        return decider.ship(
            state, command.reservation_id, quantity=command.quantity, at=command.now
        )


def _count(command: CountStock | FeedStock, state: StockItem, work: StockWork) -> tuple[Event, ...]:
    return count(
        state,
        kind="count" if isinstance(command, CountStock) else "feed",
        counted=command.counted,
        as_of=command.as_of,
        source=command.source,
        sequence=command.sequence,
        now=command.now,
        reservation_of=work.reservation_of(command.location_id),
    )


def _check_hold(state: StockItem, reservation_id: str, work: StockWork) -> None:
    held = state.reservations.get(reservation_id)
    if held is None:
        return
    if category_of(held.order) == "order":
        raise ReservationOfOrder(
            f"Reservation {reservation_id!r} belongs to an order and changes only with it",
            field="reservation_id",
        )
    if work.is_basket(held.order, reservation_id):
        raise ReservationOfBasket(
            f"Reservation {reservation_id!r} belongs to a basket hold; release the hold",
            field="reservation_id",
        )


def _outcome(place: StockPlace, work: StockWork) -> Mapping[str, Json]:
    state = work.state(place.stream)
    events = [event for changed in work.events().values() for event in changed]
    outcome: dict[str, Json] = {
        "item_id": place.item_id,
        "location_id": place.location_id,
        "on_hand": as_number(state.on_hand),
        "available": as_number(state.free),
        "served": [_of_order(event) for event in events if isinstance(event, BackorderServed)],
        "lost": [_of_order(event) for event in events if isinstance(event, ReservationLost)],
    }
    ignored = [event.reason for event in events if isinstance(event, StockCountIgnored)]
    if ignored:
        outcome["ignored"] = ignored[0]
    return outcome


def _of_order(event: BackorderServed | ReservationLost) -> Json:
    quantity = as_number(event.quantity)
    if category_of(event.order) != "order":
        return {"reservation_id": event.reservation_id, "quantity": quantity}
    channel_id, external_id = order_key(event.order)
    return {
        "channel_id": channel_id,
        "external_id": external_id,
        "line_id": event.line_id,
        "quantity": quantity,
    }
