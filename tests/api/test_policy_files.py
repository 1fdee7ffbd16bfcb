"""Policy files: read, or refused with file and line."""

from decimal import Decimal
from pathlib import Path

import pytest

from api.policy_files import BadPolicyFile, policy_from, policy_in

GOOD = """\
policy: near
version: 2
criteria:
  - unfilled
  - fulfilments
  - distance: {tolerance: 10}
"""


def test_a_file_becomes_a_policy(tmp_path: Path) -> None:
    """What the file says is what the engine reads."""
    path = tmp_path / "near.yaml"
    path.write_text(GOOD)
    policy = policy_in(path)
    assert policy.name == "near/2"
    assert policy.criteria[2].tolerance == Decimal(10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "near.yaml: is empty"),
        ("policy: [", "near.yaml, line 1: is no YAML"),
        ("{" * 600, "near.yaml: is no YAML"),
        ("- unfilled", "near.yaml, line 1: the document:"),
        (GOOD + "version: 3\n", "near.yaml, line 7: version stands twice"),
        (GOOD + "packing:\n  greatest-grams: 0\n", "near.yaml, line 8: packing.greatest-grams:"),
        (GOOD + "colour: red\n", "near.yaml, line 7: colour:"),
        (GOOD.replace("10", "-1"), "near.yaml, line 6: criteria.2.tolerance:"),
        (GOOD.replace("  - unfilled\n", ""), "near.yaml, line 3: criteria: 'unfilled' is missing"),
        (GOOD.replace("  - distance", "  - hope"), "near.yaml, line 6: criteria.2.name:"),
        (GOOD.replace("policy: near\n", ""), "near.yaml, line 1: policy: Field required"),
        ("2010-02-30: x", "near.yaml: is no YAML: day is out of range for month"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, words: str) -> None:
    """The message names file, line, place and what is wrong."""
    with pytest.raises(BadPolicyFile) as refused:
        policy_from(text, "near.yaml")
    assert str(refused.value).startswith(words)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    """No traceback, the operating system's reason."""
    with pytest.raises(BadPolicyFile, match=r"cannot read .*none\.yaml: No such file"):
        policy_in(tmp_path / "none.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are no policy."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"policy: \xff")
    with pytest.raises(BadPolicyFile, match="is no text in UTF-8"):
        policy_in(path)
