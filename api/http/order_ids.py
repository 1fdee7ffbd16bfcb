"""Order ids in addresses: `CHANNEL:EXTERNAL_ID`, with `~XX` for what a path cannot carry."""

import re
from typing import Final

from pydantic import TypeAdapter, ValidationError

from api.http.errors import FieldError, InvalidRequest, NoSuchResource
from domain.base.text import Code, ExternalId

_PLAIN: Final = re.compile(r"[^A-Za-z0-9._\-]")
_ESCAPE: Final = re.compile(r"(?:~[0-9A-Fa-f]{2})+")
_CODE: Final[TypeAdapter[str]] = TypeAdapter(Code)
_EXTERNAL_ID: Final[TypeAdapter[str]] = TypeAdapter(ExternalId)


def order_id(channel_id: str, external_id: str) -> str:
    """Return the id of an order, safe in a path whatever the channel calls it.

    `WEB` and `2024/17` give `WEB:2024~2F17`: each byte of UTF-8 that is no letter, digit,
    dot, dash or underscore becomes `~` and two hexadecimal digits.
    """
    return f"{channel_id}:{_PLAIN.sub(_escaped, external_id)}"


def split_order_id(text: str) -> tuple[str, str]:
    """Return (channel id, external id) of an order's id; other characters stand for themselves.

    Raises:
        InvalidRequest: the text cannot be the id of any order.
        NoSuchResource: it has no channel.
    """
    channel_id, colon, rest = text.partition(":")
    if not colon:
        raise NoSuchResource("An order's id is CHANNEL:EXTERNAL_ID.", field="order_id")
    try:
        external_id = _EXTERNAL_ID.validate_python(_ESCAPE.sub(_unescaped, rest))
        return _CODE.validate_python(channel_id), external_id
    except (UnicodeDecodeError, ValidationError) as error:
        fault = FieldError("order_id", "must be an id that an answer gave", "order_id")
        raise InvalidRequest([fault]) from error


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"~{byte:02X}" for byte in match[0].encode())


def _unescaped(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("~", "")).decode()
