"""Bodies: bounded before they are read, JSON and nothing else, and without broken text."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.errors import BodyTooLarge, FieldError, InvalidRequest

_DRAIN_BYTES: Final = 32 * 1024 * 1024
_DRAIN_SECONDS: Final = 5.0


class JsonRequest(Request):
    """A request whose JSON is read strictly: no NaN, no lone surrogates, no deep nesting."""

    async def json(self) -> Any:
        """Return the body's value.

        Raises:
            json.JSONDecodeError: it is not JSON.
            InvalidRequest: a text holds a lone surrogate; names the field.
        """
        body = await self.body()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            if broken := _broken_texts(body):
                raise InvalidRequest(broken) from None
            raise


def _broken_texts(body: bytes) -> list[FieldError]:
    """Return the fields with lone surrogates of a body that is otherwise JSON."""
    if b"\\u" not in body:
        return []
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return []
    sentence = "contains a lone surrogate; send valid Unicode text"
    return [FieldError(path, sentence, "string_unicode") for path in _lone_surrogates(value, "")]


def _lone_surrogates(value: object, path: str) -> Iterator[str]:
    if isinstance(value, str) and _is_broken(value):
        yield path or "body"
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _lone_surrogates(entry, f"{path}.{index}" if path else str(index))
    elif isinstance(value, dict):
        for name, entry in value.items():
            shown = name.encode("utf-8", "backslashreplace").decode()[:64]
            below = f"{path}.{shown}" if path else shown
            if _is_broken(name):
                yield below
            yield from _lone_surrogates(entry, below)


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


class BodyLimit:
    """Answers 413 to a body that says it is too large, and cuts off one that turns out to be."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        """Let bodies of up to `max_bytes` through."""
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                await _drain(receive)
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once; a client that still sends may finish, so that it reads the answer."""
        error = BodyTooLarge(f"The body may have {self._max_bytes} bytes; send less at once.")
        response = problems.respond(Request(scope), problems.request_problem(error), error.headers)
        start = {"status": response.status_code, "headers": response.raw_headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        if not any(name == b"expect" for name, _ in scope["headers"]):
            await _drain(receive)
        await send({"type": "http.response.body", "body": b""})


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _drain(receive: Receive) -> None:
    left = _DRAIN_BYTES
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
