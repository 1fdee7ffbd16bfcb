"""What can be asked of basket holds."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from domain.base.messages import Command
from domain.base.text import Code
from domain.hold.basket import Basket

MOST_MINUTES: Final = 60
"""For how long a basket may be held."""

ReleaseReason = Literal["abandoned", "changed", "other"]
"""Why a basket is held no longer: a word that stays in clear, so it can say nothing of a person."""


class HoldBasket(Command):
    """Reserve a basket's stock for some minutes: all of it, or nothing."""

    command_type: ClassVar[str] = "HoldBasket"

    hold_id: Code
    basket: Basket
    minutes: Annotated[int, Field(strict=True, ge=1, le=MOST_MINUTES)]


class HoldCommand(Command):
    """A command on one hold."""

    channel_id: Code
    hold_id: Code


class ReleaseHold(HoldCommand):
    """Give a held basket back; where it is over already nothing changes."""

    command_type: ClassVar[str] = "ReleaseHold"

    reason: ReleaseReason = "other"


class ExpireHold(HoldCommand):
    """End a hold whose time is over; before that, or where it is over already, nothing changes."""

    command_type: ClassVar[str] = "ExpireHold"
