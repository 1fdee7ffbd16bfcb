"""Promise before purchase: how a basket could go, by when and at which cost; nothing is held."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from api.http.faults import build
from api.http.folding import present_state
from api.http.forms import fields_of
from api.http.money import MoneyView, money_view
from api.http.numbers import Number
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.sending import Posting
from domain.base.streams import channel_stream
from domain.base.text import Code
from domain.channel.decider import Channel
from domain.channel.errors import UnknownChannel
from domain.handlers.placing.asking import Promise, Wishes, ask
from domain.handlers.placing.preparing import facts_wanted_by
from domain.hold.basket import MOST_LINES, Basket, BasketItem, BasketLine
from domain.order.commands import PlaceInput
from domain.routing.plan import FulfilmentMode, PlannedFulfilment
from domain.routing.promising import LineOption
from domain.routing.request import Method

routes: Final = router("promises")

_MOST_ASKED: Final = 20


class PromisesBody(BaseModel):
    """A basket, where it would go, and which ways are asked about.

    Without `methods`: shipping, where there is a destination, and pick-up. Without `services`
    all service levels that carriers offer; without `stores` the nearest that have everything.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    channel_id: Code
    customer_group: Code | None = None
    destination: PlaceInput | None = None
    lines: Annotated[tuple[BasketItem, ...], Field(min_length=1, max_length=MOST_LINES)]
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=3)] | None = None
    services: Annotated[tuple[Code, ...], Field(min_length=1, max_length=_MOST_ASKED)] | None = None
    stores: Annotated[tuple[Code, ...], Field(min_length=1, max_length=_MOST_ASKED)] | None = None


class PromisedLine(BaseModel):
    """How much of a line there is now for this way, and whether the rest could wait for goods.

    `goods_due` is when announced goods would cover the rest, as far as is known.
    """

    line_id: str
    sku: str
    quantity: Number
    available: Number
    backorder: bool
    goods_due: datetime | None


class ExcludedView(BaseModel):
    """How many locations a rule keeps out."""

    reason: str
    locations: int


class PlannedFulfilmentView(BaseModel):
    """A part of the basket that leaves one location."""

    location_id: str
    mode: FulfilmentMode
    carrier: str | None
    service: str | None
    leaves: date | None
    arrives: date | None
    parcels: int | None
    shipping_cost: MoneyView | None


class OptionView(BaseModel):
    """One way for the basket: if it is possible now, by when, in how many parts, at which cost.

    Where it could not, `reason` says why: `too-little-stock`, `not-together` (there is enough,
    but not as it may be split), or the rule that keeps most locations out. What nobody can say
    is null: dates of arrival, parcels and cost without carriers.
    """

    method: Method
    service: str
    store: str | None
    possible: bool
    reason: str | None
    ship_by: datetime | None
    deliver_by: datetime | None
    parcels: int | None
    shipping_cost: MoneyView | None
    fulfilments: list[PlannedFulfilmentView]
    lines: list[PromisedLine]
    exclusions: list[ExcludedView]


class Promises(BaseModel):
    """What could be promised as of a position of the log; nothing is held by it."""

    channel_id: str
    options: list[OptionView]
    position: str


@routes.post("/promises", dependencies=[up_to_date("routing_facts", "locations")])
def ask_promises(body: PromisesBody, sender: Posting) -> Promises:
    """Say how a basket could be delivered or collected if it were placed now; a query.

    The key is asked for like every POST's. Nothing is stored, so a repeat is answered anew.
    """
    sender.principal.must_see_channel(body.channel_id)
    services = sender.services
    channel: Channel = present_state(services.reader, channel_stream(body.channel_id))
    if channel.settings is None:
        raise UnknownChannel(f"No channel {body.channel_id!r} is open", field="channel_id")
    facts = services.facts.read(facts_wanted_by(body.channel_id, body.lines, [body.destination]))
    basket = build(
        Basket,
        channel_id=body.channel_id,
        customer_group=body.customer_group,
        destination=body.destination,
        lines=tuple(build(BasketLine, **fields_of(line, BasketItem)) for line in body.lines),
    )
    wishes = Wishes(body.methods, body.services, body.stores)
    found = ask(basket, wishes, channel=channel.settings, facts=facts, now=services.clock())
    return Promises(
        channel_id=body.channel_id,
        options=[_option(body, one) for one in found],
        position=services.position_text(facts.position),
    )


def _option(body: PromisesBody, promise: Promise) -> OptionView:
    found = promise.option
    cost = found.shipping_cost
    return OptionView(
        method=promise.method,
        service=promise.service,
        store=promise.store,
        possible=found.possible,
        reason=found.reason,
        ship_by=promise.due.ship_by,
        deliver_by=promise.due.deliver_by,
        parcels=found.parcels,
        shipping_cost=None if cost is None else money_view(cost, found.currency),
        fulfilments=[_fulfilment(one, found.currency) for one in found.fulfilments],
        lines=[_line(line.sku, one) for line, one in zip(body.lines, found.lines, strict=True)],
        exclusions=[
            ExcludedView(reason=one.reason, locations=one.locations) for one in found.exclusions
        ],
    )


def _line(sku: str, one: LineOption) -> PromisedLine:
    return PromisedLine(
        line_id=one.line_id,
        sku=sku,
        quantity=one.quantity,
        available=one.available,
        backorder=one.can_wait,
        goods_due=one.goods_due,
    )


def _fulfilment(one: PlannedFulfilment, currency: str) -> PlannedFulfilmentView:
    cost = one.shipping_cost
    return PlannedFulfilmentView(
        location_id=one.location_id,
        mode=one.mode,
        carrier=one.carrier,
        service=one.service,
        leaves=one.leaves,
        arrives=one.arrives,
        parcels=one.parcels,
        shipping_cost=None if cost is None else money_view(cost, currency),
    )
