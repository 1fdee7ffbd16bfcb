"""Stock: receipts, announcements, adjustments, counts, feeds, safety stock; many lines at once."""

from typing import Any, Final

from fastapi import Depends

from api.http.access import administrator
from api.http.batches import Batch, BatchAnswer, L, do_batch
from api.http.faults import build
from api.http.forms import fields_of
from api.http.routing import router
from api.http.sending import Posting, Sender
from domain.stock import commands
from domain.stock.commands import StockCommand

routes: Final = router("stock")
_ADMINISTRATOR: Final = [Depends(administrator)]
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    207: {"model": BatchAnswer, "description": "Some lines were refused"}
}


@routes.post("/stock/receipts", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def receive_stock(body: Batch[commands.ReceiptInput], sender: Posting) -> BatchAnswer:
    """Receive goods; backorders are served from them at once."""
    return _do(commands.ReceiveStock, body, sender)


@routes.post("/stock/expected-receipts", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def expect_receipts(body: Batch[commands.ExpectedReceiptInput], sender: Posting) -> BatchAnswer:
    """Announce goods; the same `expected_id` again replaces the announcement."""
    return _do(commands.ExpectReceipt, body, sender)


@routes.post(
    "/stock/expected-receipt-cancellations", dependencies=_ADMINISTRATOR, responses=_ANSWERS
)
def cancel_expected_receipts(
    body: Batch[commands.ExpectedReceiptCancellationInput], sender: Posting
) -> BatchAnswer:
    """Withdraw announcements."""
    return _do(commands.CancelExpectedReceipt, body, sender)


@routes.post("/stock/adjustments", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def adjust_stock(body: Batch[commands.AdjustmentInput], sender: Posting) -> BatchAnswer:
    """Change on hand: a till sale, damage, theft, a find. Facts are never refused."""
    return _do(commands.AdjustStock, body, sender)


@routes.post("/stock/counts", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def count_stock(body: Batch[commands.CountInput], sender: Posting) -> BatchAnswer:
    """Record counts as stock stood at `as_of`; later movements are re-applied on them."""
    return _do(commands.CountStock, body, sender)


@routes.post("/stock/feeds", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def feed_stock(body: Batch[commands.FeedInput], sender: Posting) -> BatchAnswer:
    """Take a warehouse system's figures; older ones than are known are recorded and ignored."""
    return _do(commands.FeedStock, body, sender)


@routes.post("/stock/safety-stocks", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def set_safety_stock(body: Batch[commands.SafetyStockInput], sender: Posting) -> BatchAnswer:
    """Keep quantities from being promised."""
    return _do(commands.SetSafetyStock, body, sender)


@routes.post("/stock/demand-forecasts", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def set_demand_forecast(body: Batch[commands.DemandForecastInput], sender: Posting) -> BatchAnswer:
    """Say what will be asked for a day on average; the scheduler's daily forecast replaces it."""
    return _do(commands.SetDemandForecast, body, sender)


@routes.post("/stock/holds", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def hold_stock(body: Batch[commands.HoldInput], sender: Posting) -> BatchAnswer:
    """Hold quantities for something outside an order, such as a display or a quotation."""
    return _do(commands.ReserveStock, body, sender)


@routes.post("/stock/hold-releases", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def release_held_stock(body: Batch[commands.HoldReleaseInput], sender: Posting) -> BatchAnswer:
    """Give held quantities back; releasing what is released already changes nothing."""
    return _do(commands.ReleaseStock, body, sender)


@routes.post("/stock/hold-shipments", dependencies=_ADMINISTRATOR, responses=_ANSWERS)
def ship_held_stock(body: Batch[commands.HoldShipmentInput], sender: Posting) -> BatchAnswer:
    """Record that held quantities left the building."""
    return _do(commands.ShipStock, body, sender)


def _do(command: type[StockCommand], body: Batch[L], sender: Sender) -> BatchAnswer:
    def command_of(number: int, line: L) -> StockCommand:
        stamp = sender.stamp(key=sender.line_key(number))
        fields = fields_of(line, type(line))
        return build(command, under=f"lines.{number}", **stamp, **fields)

    return do_batch(sender, body.lines, command_of)
