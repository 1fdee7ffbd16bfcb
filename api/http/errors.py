"""What is wrong with a request before any business rule is asked, as one family.

RequestError
├── MalformedJson           400  the body is no JSON
├── KeyHeaderMissing        400  a POST came without `Idempotency-Key`
├── Unauthenticated         401  no key, or none that is valid
├── Forbidden               403  the key's role does not allow it
├── NoSuchResource          404  it does not exist, or belongs to somebody else
├── BodyTooLarge            413
├── NotJson                 415  the body has another media type
├── InvalidRequest          422  fields are missing, unknown, or out of bounds
├── LinesRefused            409  no line of a batch was accepted
└── PositionNotReached      503  the read models have not come as far as asked, in time
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class RequestError(Exception):
    """A request that is answered with a problem document; nothing was changed.

    `code` is stable and becomes the last part of the problem type's URI.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be understood"
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, *, field: str | None = None, **members: object) -> None:
        """State the fact and the fix in `detail`; name the `field` at fault, if one is."""
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.members = members


class MalformedJson(RequestError):
    """The body is not JSON."""

    code = "malformed-json"
    title = "The body is not valid JSON"


class KeyHeaderMissing(RequestError):
    """A POST without the header that makes it safe to repeat."""

    code = "idempotency-key-required"
    title = "The header Idempotency-Key is required"


class Unauthenticated(RequestError):
    """No key came, or one that is unknown, revoked or of another partition."""

    status = 401
    code = "unauthenticated"
    title = "A valid API key is required"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class Forbidden(RequestError):
    """The key's role does not allow this."""

    status = 403
    code = "forbidden"
    title = "The key does not allow this"


class NoSuchResource(RequestError):
    """It does not exist, or the key must not know that it does."""

    status = 404
    code = "no-such-resource"
    title = "Not found"


class BodyTooLarge(RequestError):
    """The body exceeds the limit."""

    status = 413
    code = "body-too-large"
    title = "The body is too large"
    headers: ClassVar[Mapping[str, str]] = {"Connection": "close"}


class NotJson(RequestError):
    """The body's media type is not JSON."""

    status = 415
    code = "unsupported-media-type"
    title = "The body must be JSON"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault: the field's path such as `lines.0.quantity`, what to do, pydantic's code."""

    field: str
    message: str
    code: str


class InvalidRequest(RequestError):
    """Fields are missing, unknown, of a wrong type or out of bounds; `errors` lists all."""

    status = 422
    code = "invalid-request"
    title = "The request is not valid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        """Name the first field at fault in `detail` and list every one in `errors`."""
        first = errors[0]
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        listed = [{"field": e.field, "message": e.message, "code": e.code} for e in errors]
        super().__init__(f"{first.field}: {first.message}{more}", field=first.field, errors=listed)


class LinesRefused(RequestError):
    """No line of a batch was accepted, for different reasons; `lines` has each verdict."""

    status = 409
    code = "lines-refused"
    title = "No line was accepted"


class PositionNotReached(RequestError):
    """The read models did not come as far as asked within the time allowed."""

    status = 503
    code = "position-not-reached"
    title = "The answer is not up to date yet"


REQUEST_ERRORS: tuple[type[RequestError], ...] = (
    MalformedJson,
    KeyHeaderMissing,
    Unauthenticated,
    Forbidden,
    NoSuchResource,
    BodyTooLarge,
    NotJson,
    InvalidRequest,
    LinesRefused,
    PositionNotReached,
)
