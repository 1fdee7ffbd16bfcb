"""Policies read from documents, refused with the place of the mistake."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.routing.policy import Policy
from domain.routing.policy_form import (
    AudienceForm,
    ConstraintsForm,
    CriterionForm,
    PackingForm,
    PolicyForm,
    dashed,
)

LONGEST_SHOWN: Final = 60
_IN_OUR_WORDS: Final[Mapping[str, str]] = {
    "model_type": "this is a mapping of keys to values",
    "model_attributes_type": "this is a mapping of keys to values",
    "dict_type": "this is a mapping of keys to values",
    "tuple_type": "this is a list; write one in square brackets, such as [DE, FR]",
    "bool_type": "write true or false",
}
"""What pydantic says in words of Python, by its type of error."""
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


class BadPolicy(ValueError):
    """A policy document is not valid; `path` leads to the mistake, from the outermost key.

    `in_key` says that the last key itself is the mistake, and not what it stands for.
    """

    def __init__(self, path: tuple[str | int, ...], message: str, *, in_key: bool = False) -> None:
        """State what is wrong, and where."""
        super().__init__(f"{place_of(path)}: {message}")
        self.path = path
        self.message = message
        self.in_key = in_key


def place_of(path: tuple[str | int, ...]) -> str:
    """Return a path as people read it: `criteria.1.tolerance`."""
    return ".".join(_short(str(step)) for step in path) or "the document"


def _short(text: str) -> str:
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def read_policy(document: Any) -> Policy:
    """Return the policy of a document as read from YAML or JSON.

    Raises:
        BadPolicy: with the path of the first mistake.
    """
    return read_form(document).to_policy()


def read_form(document: Any) -> PolicyForm:
    """Return a document as a valid form.

    Raises:
        BadPolicy: with the path of the first mistake.
    """
    try:
        return PolicyForm.model_validate(document)
    except ValidationError as refused:
        raise _bad(refused.errors(include_url=False)[0]) from None


def _bad(error: ErrorDetails) -> BadPolicy:
    """Return what pydantic found in our words, with the nearest word that is known."""
    path = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"{_short(str(path[-1]))!r} is no key here"
        message += _nearest(path[-1], _keys(_form_at(path)))
    elif error["type"] == "literal_error":
        known = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        message = f"{message}{_nearest(error['input'], known)}"
    else:
        message = _IN_OUR_WORDS.get(error["type"], message)
    return BadPolicy(path, message, in_key=error["type"] == "extra_forbidden")


def _form_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    return _PARTS.get(path[0], PolicyForm) if len(path) > 1 else PolicyForm


def _nearest(word: object, known: Sequence[str]) -> str:
    """Return `; did you mean 'distance'?` where a known word is near."""
    found = get_close_matches(_short(str(word)), known, n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


_PARTS: Final[Mapping[str | int, type[BaseModel]]] = {
    "criteria": CriterionForm,
    "constraints": ConstraintsForm,
    "packing": PackingForm,
    "applies-to": AudienceForm,
}


def in_order(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a valid document with its keys in the sequence in which people write them."""
    found = {name: document[name] for name in _keys(PolicyForm) if name in document}
    for part in ("constraints", "packing", "applies-to"):
        if part in found:
            names = _keys(_PARTS[part])
            found[part] = {name: found[part][name] for name in names if name in found[part]}
    return found


def _keys(form: type[BaseModel]) -> list[str]:
    return [dashed(name) for name in form.model_fields]


def policy_schema() -> dict[str, Any]:
    """Return the JSON schema of a policy document, draft 2020-12."""
    return {"$schema": _DRAFT, **PolicyForm.model_json_schema(), "title": "Routing policy"}
