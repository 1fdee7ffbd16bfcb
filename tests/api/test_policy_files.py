"""Policy files: read, or refused with file and line."""

from decimal import Decimal
from pathlib import Path

import pytest

from api.policy_files import BadPolicyFile, policy_in

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


def test_a_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    """The message names file, line, column, place and what is wrong."""
    path = tmp_path / "near.yaml"
    path.write_text(GOOD.replace("10", "-1"))
    with pytest.raises(BadPolicyFile) as refused:
        policy_in(path)
    assert str(refused.value).startswith(f"{path}: line 6, column 27: criteria.2.tolerance: ")


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    """No traceback, the operating system's reason."""
    with pytest.raises(BadPolicyFile, match=r"cannot read .*none\.yaml: No such file"):
        policy_in(tmp_path / "none.yaml")
    with pytest.raises(BadPolicyFile, match="Is a directory"):
        policy_in(tmp_path)


@pytest.mark.parametrize("path", sorted(Path("examples").glob("*/*.yaml")), ids=lambda p: p.name)
def test_the_examples_are_policies(path: Path) -> None:
    """Each is called what its file is called."""
    assert policy_in(path).policy_id == path.stem
