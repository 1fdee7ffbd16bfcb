"""Policies in YAML: read without guessing, refused with the line and column of the mistake.

Of YAML what people write: mappings, lists, texts, numbers, true, false and null. Anchors, tags
and several documents are refused, and no word is anything but itself: `NO` is Norway.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, Protocol

import yaml

from domain.routing.policy_document import BadPolicy, read_form
from domain.routing.policy_form import PolicyForm

MOST_BYTES: Final = 64 * 1024
MOST_LEVELS: Final = 10

_WHOLE: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


Path = tuple[str | int, ...]


class Mark(Protocol):
    """A place in a text; line and column count from 0."""

    @property
    def line(self) -> int:
        """Return the line."""

    @property
    def column(self) -> int:
        """Return the column."""


Marks = dict[Path, Mark]


class BadPolicyText(BadPolicy):
    """A text is no valid policy; `line` and `column` count from 1."""

    def __init__(self, path: Path, message: str, line: int, column: int) -> None:
        """State what is wrong, and where in the text."""
        super().__init__(path, message)
        self.args = (f"line {line}, column {column}: {self.args[0]}",)
        self.line = line
        self.column = column


def read_policy_text(content: bytes) -> PolicyForm:
    """Return the policy of a YAML text in UTF-8.

    Raises:
        BadPolicy: it is none; a BadPolicyText where the mistake has a place in the text.
    """
    if len(content) > MOST_BYTES:
        raise BadPolicy((), f"a policy has at most {MOST_BYTES} bytes, this has {len(content)}")
    text = _decoded(content)
    try:
        _check(yaml.parse(text, Loader=yaml.SafeLoader))
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _at(mark, (), error.problem or "this is no YAML") from None
    except yaml.reader.ReaderError as error:
        line, column = _place(text, error.position)
        raise BadPolicyText((), "a control character; remove it", line, column) from None
    if node is None:
        raise BadPolicyText((), "there is nothing in it", 1, 1)
    values: Marks = {}
    keys: Marks = {}
    document = _value(node, (), values, keys)
    try:
        return read_form(document)
    except BadPolicy as bad:
        marks = {**values, **keys} if bad.in_key else values
        raise _at(_nearest(bad.path, marks, document), bad.path, bad.message) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8-sig"), error.start)
        raise BadPolicyText((), "this is no UTF-8", line, column) from None


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _at(mark: Mark | None, path: Path, message: str) -> BadPolicyText:
    if mark is None:
        return BadPolicyText(path, message, 1, 1)
    return BadPolicyText(path, message, mark.line + 1, mark.column + 1)


def _check(events: Iterator[yaml.Event]) -> None:
    """Refuse what could stand for more than is written, and what is nested too deeply.

    Raises:
        BadPolicyText: naming the place.
    """
    level = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _at(event.start_mark, (), "write it out; anchors and aliases are not read")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise _at(event.start_mark, (), "leave the tag out; tags are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        if level > MOST_LEVELS:
            raise _at(event.start_mark, (), f"this is nested more than {MOST_LEVELS} deep")


def _value(node: yaml.Node, path: Path, values: Marks, keys: Marks) -> Any:
    """Return what a node says; note where each value stands, and each key of a mapping."""
    values[path] = node.start_mark
    if isinstance(node, yaml.SequenceNode):
        entries = enumerate(node.value)
        return [_value(one, (*path, number), values, keys) for number, one in entries]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, values, keys)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, values: Marks, keys: Marks) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _at(key.start_mark, path, "a key is a word")
        name = str(key.value)
        if name in found:
            raise _at(key.start_mark, (*path, name), "stands twice; leave one out")
        found[name] = _value(value, (*path, name), values, keys)
        keys[*path, name] = key.start_mark
        if not isinstance(value, yaml.ScalarNode) or not value.value:
            values[*path, name] = key.start_mark
    return found


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def _nearest(path: Path, marks: Marks, document: Any) -> Mark | None:
    """Return where a path stands: its value, else the innermost of what it lies in."""
    if path[:1] == ("criteria",) and len(path) > 1:
        path = _as_written(path, document)
    for length in range(len(path), -1, -1):
        if path[:length] in marks:
            return marks[path[:length]]
    return None


def _as_written(path: Path, document: Any) -> Path:
    """Return a criterion's path as in `- distance: {tolerance: 10}`, read as one flat mapping."""
    criteria = document.get("criteria") if isinstance(document, dict) else None
    number = path[1]
    if not isinstance(criteria, list) or not isinstance(number, int) or number >= len(criteria):
        return path
    one = criteria[number]
    if isinstance(one, dict) and len(one) == 1 and "name" not in one:
        name = next(iter(one))
        return (*path[:2], name, *(() if path[2:] == ("name",) else path[2:]))
    return path
