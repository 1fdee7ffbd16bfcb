"""Turns the demo's plans and invoices into commands, each under a key that never changes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.demo.destination import Destination
from api.demo.drafts import CURRENCY, Invoice
from api.demo.network import NetworkLocation
from api.demo.stocking import PlannedStock
from domain.base.messages import Command
from domain.channel.commands import OpenChannel
from domain.item.commands import RegisterItem
from domain.location.commands import RegisterLocation
from domain.order.commands import PlaceOrder
from domain.stock.commands import ReceiveStock
from eventstore.oms import Caller, command_id

CHANNEL: Final = "web"
DEMO: Final = Caller(principal="demo", actor="demo")
BEFORE_OPENING: Final = timedelta(hours=1)
_NOT_IN_CODES: Final = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A command and its idempotency key: done once, however often the demo starts."""

    key: str
    command: Command


def item_id_of(sku: str) -> str:
    """Return the item id of a SKU: its letters and digits, other characters as dashes."""
    return _NOT_IN_CODES.sub("-", sku)


class Script:
    """The commands of one demo: the network first, then stock, then orders."""

    def __init__(self, partition: str, opens_at: datetime) -> None:
        """Everything before the orders happens an hour before the first of them."""
        self._partition = partition
        self._before = opens_at - BEFORE_OPENING

    def network(self, locations: Iterable[NetworkLocation]) -> Iterator[Keyed]:
        """Register the locations, then open the channel that sells from all of them."""
        codes = []
        for location in locations:
            codes.append(location.code)
            yield self._keyed(
                f"location:{location.code}",
                RegisterLocation,
                now=self._before,
                location_id=location.code,
                location=_location(location),
            )
        yield self._keyed(
            f"channel:{CHANNEL}",
            OpenChannel,
            now=self._before,
            channel_id=CHANNEL,
            channel={
                "name": "Web shop",
                "currency": CURRENCY,
                "time_zone": "Europe/London",
                "sources": codes,
                "backorders": True,
            },
        )

    def items(self, names: Mapping[str, str]) -> Iterator[Keyed]:
        """Register an item for every SKU."""
        for sku, name in names.items():
            yield self._keyed(
                f"item:{sku}",
                RegisterItem,
                now=self._before,
                item_id=item_id_of(sku),
                item={"sku": sku, "name": name},
            )

    def stock(self, plan: Iterable[PlannedStock]) -> Iterator[Keyed]:
        """Receive the planned stock."""
        for shelf in plan:
            yield self._keyed(
                f"stock:{shelf.sku}@{shelf.location}",
                ReceiveStock,
                now=self._before,
                sku=shelf.sku,
                location_id=shelf.location,
                quantity=shelf.quantity,
                reference="opening stock",
            )

    def order(self, invoice: Invoice, destination: Destination) -> Keyed:
        """Place an invoice's order at the instant it was written."""
        return self._keyed(
            f"order:{invoice.number}",
            PlaceOrder,
            now=invoice.occurred_at,
            channel_id=CHANNEL,
            external_id=invoice.number,
            customer_id=invoice.customer,
            currency=CURRENCY,
            destination={
                "country": destination.country,
                "postal_code": destination.postal_code,
                "latitude": destination.latitude,
                "longitude": destination.longitude,
            },
            lines=[
                {
                    "sku": line.sku,
                    "quantity": line.quantity,
                    "unit_price": line.unit_price,
                    "description": line.description or None,
                }
                for line in invoice.lines
            ],
            charges=[
                {
                    "kind": charge.kind.value,
                    "amount": charge.amount,
                    "description": charge.description or None,
                }
                for charge in invoice.charges
            ],
        )

    def _keyed(self, key: str, cls: type[Command], **fields: Any) -> Keyed:
        return Keyed(key, cls(id=self._id(key), **fields))

    def _id(self, key: str) -> UUID:
        return command_id(self._partition, DEMO.principal, key)


def _location(location: NetworkLocation) -> dict[str, Any]:
    capabilities = ["ship", "export"] if location.kind == "warehouse" else ["ship", "pickup"]
    return {
        "name": location.name,
        "kind": location.kind,
        "country": location.country,
        "time_zone": location.time_zone,
        "postal_code": location.postal_code,
        "city": location.place,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "capabilities": capabilities,
        "backlog_zone": location.country,
        "holiday_calendar": location.holiday_calendar,
    }
