"""Policies in files, as people write them."""

from pathlib import Path

from api.policy_text import MOST_BYTES, read_policy_text
from domain.routing.policy import Policy
from domain.routing.policy_document import BadPolicy
from domain.routing.policy_form import PolicyForm


class BadPolicyFile(ValueError):
    """A policy file cannot be read or is no valid policy; the message names file and line."""


def policy_in(path: Path) -> Policy:
    """Return the policy of a YAML file.

    Raises:
        BadPolicyFile: there is no such file, or it holds no valid policy.
    """
    return form_in(path).to_policy()


def form_in(path: Path) -> PolicyForm:
    """Return the policy of a YAML file as it was written.

    Raises:
        BadPolicyFile: there is no such file, or it holds no valid policy.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadPolicyFile(f"cannot read {path}: {error.strerror}") from error
    try:
        return read_policy_text(content)
    except BadPolicy as bad:
        raise BadPolicyFile(f"{path}: {bad}") from bad
