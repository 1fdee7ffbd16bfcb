"""Basket holds: reserve a basket for minutes, look at it, give it back; an order takes it over."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.access import Anyone
from api.http.faults import build
from api.http.folding import present_state
from api.http.forms import fields_of
from api.http.numbers import Number
from api.http.order_ids import order_id
from api.http.orders import PlacedPromise
from api.http.routing import router
from api.http.sending import Accepted, Posting, Sender
from api.http.services import Wired
from domain.base.errors import Refusal
from domain.base.quantity import ZERO
from domain.base.streams import hold_stream, order_key
from domain.base.text import CODE_PATTERN, Code
from domain.hold.basket import Basket
from domain.hold.commands import MOST_MINUTES, HoldBasket, ReleaseHold, ReleaseReason
from domain.hold.errors import UnknownHold
from domain.hold.state import Hold

routes: Final = router("holds")
_CODE: Final = re.compile(CODE_PATTERN)

Status = Literal["held", "released", "expired", "placed"]


class HoldBody(Basket):
    """A basket, and for how long it is held; without `hold_id` it is given one."""

    hold_id: Code | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=MOST_MINUTES)] = 15


class HoldReleaseBody(BaseModel):
    """Why a basket is held no longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: ReleaseReason = "other"


class HeldPart(BaseModel):
    """Units of a line held at a location."""

    reservation_id: str
    group_id: str
    location_id: str
    quantity: Number


class HeldLineView(BaseModel):
    """A line of the basket, and where it is held."""

    line_id: str
    sku: str
    quantity: Number
    reserved: list[HeldPart]


class HoldAnswer(Accepted):
    """A hold as it stands: an order may name `hold_id` while it is `held`, until `expires_at`."""

    id: str
    channel_id: str
    hold_id: str
    status: Status
    expires_at: datetime
    lines: list[HeldLineView]
    promises: list[PlacedPromise]


class LostPart(BaseModel):
    """Units of an item that a count took of the hold."""

    reservation_id: str
    item_id: str
    quantity: Number


class HoldView(BaseModel):
    """A hold as it stands; `placeable` says whether an order may take it over now.

    `lost` is what is no longer held of it, since goods turned out to be missing.
    """

    id: str
    channel_id: str
    hold_id: str
    status: Status
    placeable: bool
    expires_at: datetime
    order_id: str | None
    lines: list[HeldLineView]
    promises: list[PlacedPromise]
    lost: list[LostPart]


@routes.post("/holds", status_code=201)
def hold_basket(body: HoldBody, sender: Posting) -> HoldAnswer:
    """Reserve a basket for some minutes, routed as an order would be: all of it, or nothing."""
    sender.principal.must_see_channel(body.channel_id)
    stamp = sender.stamp()
    basket = build(Basket, **fields_of(body, Basket))
    hold_id = body.hold_id or str(stamp["id"])
    command = build(HoldBasket, **stamp, hold_id=hold_id, basket=basket, minutes=body.minutes)
    answer = sender.do(command)
    sender.response.headers["Location"] = f"/v1/holds/{_id(body.channel_id, hold_id)}"
    return _answer(sender, body.channel_id, dict(answer.outcome), answer.position)


@routes.get("/holds/{hold_id}")
def get_hold(hold_id: str, services: Wired, principal: Anyone) -> HoldView:
    """Return a hold straight from the log; `hold_id` is CHANNEL:HOLD_ID, as its `id` says."""
    channel_id, name = _own_hold(hold_id, principal)
    hold: Hold = present_state(services.reader, hold_stream(channel_id, name))
    if hold.status == "none" or hold.expires_at is None:
        raise _unknown()
    return HoldView(
        id=hold_id,
        channel_id=channel_id,
        hold_id=name,
        status=hold.status,
        placeable=hold.is_placeable(services.clock()),
        expires_at=hold.expires_at,
        order_id=None if hold.order is None else order_id(*order_key(hold.order)),
        lines=_lines(hold),
        promises=[
            PlacedPromise(group_id=p.group_id, ship_by=p.ship_by, deliver_by=p.deliver_by)
            for p in hold.promises
        ],
        lost=[
            LostPart(reservation_id=reservation_id, item_id=item_id, quantity=quantity)
            for (reservation_id, item_id), quantity in sorted(hold.lost.items())
            if quantity > ZERO
        ],
    )


@routes.post("/holds/{hold_id}/releases")
def release_hold(hold_id: str, body: HoldReleaseBody, sender: Posting) -> HoldAnswer:
    """Give a basket back; where it expired or was released already, nothing changes."""
    channel_id, name = _own_hold(hold_id, sender.principal)
    command = build(
        ReleaseHold, **sender.stamp(), channel_id=channel_id, hold_id=name, reason=body.reason
    )
    answer = sender.do(command)
    return _answer(sender, channel_id, dict(answer.outcome), answer.position)


def _answer(sender: Sender, channel_id: str, outcome: dict[str, Any], position: int) -> HoldAnswer:
    return HoldAnswer(
        **outcome,
        id=_id(channel_id, outcome["hold_id"]),
        channel_id=channel_id,
        position=sender.services.position_text(position),
    )


def _own_hold(text: str, principal: Anyone) -> tuple[str, str]:
    """Return (channel id, hold id) of a hold that the principal may see, if it exists.

    Raises:
        UnknownHold: it belongs to somebody else's channel, or is the id of none.
    """
    channel_id, _, name = text.partition(":")
    if not (_CODE.match(channel_id) and _CODE.match(name) and principal.sees_channel(channel_id)):
        raise _unknown()
    return channel_id, name


def _id(channel_id: str, hold_id: str) -> str:
    return f"{channel_id}:{hold_id}"


def _unknown() -> Refusal:
    """Return the refusal that is the same for what does not exist and what is somebody else's."""
    return UnknownHold("No such hold is known; its id is CHANNEL:HOLD_ID", field="hold_id")


def _lines(hold: Hold) -> list[HeldLineView]:
    return [
        HeldLineView(
            line_id=line.line_id,
            sku=line.sku,
            quantity=line.quantity,
            reserved=[
                HeldPart(
                    reservation_id=one.reservation_id,
                    group_id=one.group_id,
                    location_id=one.location_id,
                    quantity=one.quantity,
                )
                for one in hold.reservations.values()
                if one.line_id == line.line_id
            ],
        )
        for line in hold.lines.values()
    ]
