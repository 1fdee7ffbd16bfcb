"""What a new order is, checked and priced, before any stock is looked at."""

from collections.abc import Sequence
from decimal import Decimal

from domain.base.quantity import ZERO
from domain.channel.events import ChannelSettings
from domain.item.decider import check_step
from domain.item.events import ItemAttributes
from domain.order.commands import ContactInput, OrderLineInput, PlaceOrder
from domain.order.errors import InvalidOrder, WrongCurrency
from domain.order.events import (
    Contact,
    DeliveryGroup,
    LinePart,
    OrderLine,
    OrderPlaced,
)
from domain.order.groups import Places, delivery_groups, line_shares, subject_of
from domain.order.pricing import LinePrice, price_charges, price_lines

KnownItem = tuple[str, ItemAttributes]
"""An item's id and attributes."""

ONE = Decimal(1)


def place(
    command: PlaceOrder,
    channel: ChannelSettings,
    items: Sequence[KnownItem],
    places: Places,
) -> OrderPlaced:
    """Return the fact that the order was taken; `items` are those of its lines, in order.

    Raises:
        WrongCurrency: the currency is not the channel's, or an amount is finer than it.
        WrongAmounts: discounts or tax do not fit.
        InvalidStep: a quantity is no multiple of its item's step.
        InvalidOrder: lines, groups or ids do not fit together.
        CannotDeliverThere: the channel does not sell to that place.
    """
    _check_header(command, channel)
    groups = delivery_groups(command, channel, places)
    tax_included = channel.prices == "gross"
    prices = price_lines(
        command.lines, command.discounts, currency=command.currency, tax_included=tax_included
    )
    ids = line_ids(command.lines)
    charges = price_charges(command.charges, currency=command.currency, tax_included=tax_included)
    _check_distinct([charge.charge_id for charge in charges], "charges")
    return OrderPlaced(
        channel_id=command.channel_id,
        external_id=command.external_id,
        customer_id=command.customer_id,
        subject_id=subject_of(command),
        currency=command.currency,
        prices=channel.prices,
        priority=command.priority,
        groups=groups,
        lines=tuple(
            [
                _line(line, index, ids[index], items[index], prices[index], groups)
                for index, line in enumerate(command.lines)
            ]
        ),
        charges=charges,
        contact=_contact(command.contact),
        note=command.note,
        customer_group=command.customer_group,
        hold_id=command.hold_id,
    )


def line_ids(lines: Sequence[OrderLineInput]) -> list[str]:
    """Return the id of each line: its own, or its place in the order from 1.

    Raises:
        InvalidOrder: two lines have the same id.
    """
    ids = [line.id or str(index + 1) for index, line in enumerate(lines)]
    _check_distinct(ids, "lines")
    return ids


def _check_header(command: PlaceOrder, channel: ChannelSettings) -> None:
    if command.currency != channel.currency:
        raise WrongCurrency(
            f"The channel sells in {channel.currency}, not {command.currency}", field="currency"
        )
    if not command.lines and not command.charges:
        raise InvalidOrder("An order has lines, or charges, or both", field="lines")


def _check_distinct(ids: Sequence[str], path: str) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            raise InvalidOrder(f"The id {one!r} is used twice", field=f"{path}.{index}.id")
        seen.add(one)


def _line(
    line: OrderLineInput,
    index: int,
    line_id: str,
    item: KnownItem,
    price: LinePrice,
    groups: Sequence[DeliveryGroup],
) -> OrderLine:
    item_id, attributes = item
    shares = line_shares(line, index, groups)
    if attributes.step != ONE or line.quantity != line.quantity.to_integral_value() or line.shares:
        _check_steps(line, index, attributes)
    return OrderLine(
        line_id=line_id,
        item_id=item_id,
        sku=line.sku,
        description=line.description,
        quantity=line.quantity,
        step=attributes.step,
        parts=parts_of(item_id, attributes),
        shares=shares,
        list_price=line.unit_price if line.list_price is None else line.list_price,
        unit_price=line.unit_price,
        discounts=price.discounts,
        amount=price.amount,
        tax_rate=line.tax_rate,
        tax_amount=line.tax_amount,
    )


def _check_steps(line: OrderLineInput, index: int, attributes: ItemAttributes) -> None:
    wanted = [(line.quantity, f"lines.{index}.quantity")]
    wanted += [
        (share.quantity, f"lines.{index}.shares.{number}.quantity")
        for number, share in enumerate(line.shares)
    ]
    for quantity, field in wanted:
        check_step(quantity, attributes, field=field)


def parts_of(item_id: str, attributes: ItemAttributes) -> tuple[LinePart, ...]:
    """Return what one unit of an item is made of: itself, or a kit's components, each once."""
    if not attributes.components:
        return (LinePart(item_id, ONE),)
    needed: dict[str, Decimal] = {}
    for component in attributes.components:
        needed[component.item_id] = needed.get(component.item_id, ZERO) + component.quantity
    return tuple(LinePart(part, quantity) for part, quantity in needed.items())


def _contact(given: ContactInput | None) -> Contact | None:
    if given is None:
        return None
    return Contact(name=given.name, email=given.email, phone=given.phone)
