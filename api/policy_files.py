"""Policies as people write them: YAML files, refused with the line of the mistake."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from domain.routing.policy import Policy
from domain.routing.policy_document import BadPolicy, read_policy


class BadPolicyFile(ValueError):
    """A policy file cannot be read or is no valid policy; the message names file and line."""


def policy_in(path: Path) -> Policy:
    """Return the policy of a YAML file.

    Raises:
        BadPolicyFile: there is no such file, or it holds no valid policy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadPolicyFile(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadPolicyFile(f"{path}: is no text in UTF-8") from error
    return policy_from(text, str(path))


def policy_from(text: str, name: str) -> Policy:
    """Return the policy of a YAML text; `name` stands in errors.

    Raises:
        BadPolicyFile: it is no YAML, names a key twice, or is no valid policy.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise BadPolicyFile(f"{name}: is empty; write a policy with its criteria")
        _check_keys(node, name)
        document: Any = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadPolicyFile):
            raise
        raise BadPolicyFile(f"{name}{_where(error)}: is no YAML: {_problem(error)}") from error
    finally:
        loader.dispose()
    try:
        return read_policy(document)
    except BadPolicy as bad:
        line = _line(node, bad.path)
        raise BadPolicyFile(f"{name}, line {line}: {bad}") from bad


def _check_keys(node: Node, name: str) -> None:
    """Refuse a key that stands twice: the last one would win in silence."""
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise BadPolicyFile(f"{name}, line {line}: {key.value} stands twice")
            if not isinstance(key, MappingNode | SequenceNode):
                seen.add(key.value)
            _check_keys(value, name)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            _check_keys(value, name)


def _line(node: Node, path: Sequence[str | int]) -> int:
    """Return the line, counted from 1, of what a path leads to, as far as it leads."""
    line: int = node.start_mark.line + 1
    for step in path:
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
            continue
        found = _entry(node, step)
        if found is None:
            return line
        key, node = found
        line = key.start_mark.line + 1
    return line


def _entry(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Return the key and value of a step; `distance: {tolerance: 10}` has its settings inside."""
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.value == step:
            return key, value
    if len(node.value) == 1:
        key, value = node.value[0]
        return (key, value) if step == "name" else _entry(value, step)
    return None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f", line {mark.line + 1}"


def _problem(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
