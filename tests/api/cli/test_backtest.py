"""`taktstock routing backtest`: a table, JSON, a page, and clear words for what cannot be done."""

import json
from pathlib import Path

import pytest

from eventstore.main import Partition
from tests.api.backtest.conftest import place_order, receive, shop
from tests.api.cli.conftest import Taktstock

__all__ = ["shop"]

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")
POLICY = """\
policy: near<b>
version: 1
criteria: [unfilled, fulfilments, distance]
"""


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """Return a file with a policy that does what the default one does."""
    path = tmp_path / "near.yaml"
    path.write_text(POLICY.replace("<b>", ""))
    return str(path)


@pytest.fixture
def month(shop: Partition) -> Partition:
    """Return a history of two orders, which filling from the nearest splits."""
    receive(shop, MUG_A=2, MUG_B=5, MUG_C=5)
    place_order(shop, 1, MUG=5)
    place_order(shop, 2, day=3, MUG=5)
    return shop


@pytest.mark.usefixtures("month")
def test_strategies_stand_side_by_side(taktstock: Taktstock, policy: str) -> None:
    """What was really done first, then policies, then rules; speed goes to standard error."""
    said = taktstock("routing", "backtest", "--policy", policy, "--against", "nearest", *MARCH)
    rows = {line[:22].strip(): line[22:].split() for line in said.stdout.splitlines()}
    assert said.stdout.splitlines()[0].split() == ["really", "done", "near/1", "nearest"]
    assert rows["units served"] == ["10", "10", "10"]
    assert rows["fulfilments per order"] == ["1.000", "1.000", "2.000"]
    assert rows["split orders, %"] == ["0.0", "0.0", "100.0"]
    assert rows["shipping cost"] == ["-", "-", "-"]
    assert "Decisions a second: near/1" in said.stderr


@pytest.mark.usefixtures("month")
def test_json_has_every_figure(taktstock: Taktstock, policy: str) -> None:
    """For programs: the same columns, quantities exact."""
    words = ("--policy", policy, "--mode", "own-course", *MARCH)
    found = json.loads(taktstock("routing", "backtest", *words, "--json").stdout)
    assert (found["mode"], found["decisions"], found["skipped"]) == ("own-course", 2, 0)
    assert found["columns"]["near/1"] == found["columns"]["really done"]
    assert found["columns"]["near/1"]["served_units"] == "10"
    assert found["columns"]["near/1"]["sites"] == {"A": 0, "B": 1, "C": 1}
    assert found["decided_per_second"]["near/1"] > 0


@pytest.mark.usefixtures("month")
def test_the_page_stands_alone(taktstock: Taktstock, policy: str, tmp_path: Path) -> None:
    """Drawn bars and the table; no script, nothing to fetch, and names cannot break it."""
    page = tmp_path / "report.html"
    words = ("--policy", policy, "--against", "nearest,first", *MARCH, "--out", str(page))
    taktstock("routing", "backtest", *words)
    text = page.read_text()
    assert text.count("<svg") == 7 + 4
    assert "<script" not in text
    assert "http" not in text
    assert "1 March 2026 to 31 March 2026" in text
    assert "fulfilments per order" in text


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--policy", "none.yaml"), "cannot read none.yaml: No such file or directory"),
        (("--against", "hope"), "no rule is called 'hope'; there are nearest, set-cover, first"),
        ((), "nothing to compare: give --policy FILE, or --against with rules"),
        (("--against", "first", "--out", "/none/page.html"), "cannot write /none/page.html: No s"),
        (
            ("--against", "first", "--from", "2026-04-01", "--to", "2026-03-01"),
            "--from 2026-04-01 is after --to 2026-03-01; give the earlier date first",
        ),
        (
            ("--against", "first", "--from", "March"),
            "--from 'March' is no date; write one like 2010-12-01",
        ),
        (
            ("--against", "first", "--from", "2025-01-01", "--to", "2025-12-31"),
            "nothing was routed between 2025-01-01 and 2025-12-31",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    taktstock: Taktstock, words: tuple[str, ...], line: str
) -> None:
    """No traceback, and nothing on standard output."""
    said = taktstock("routing", "backtest", *MARCH, *words, code=1)
    assert str(said.exception).startswith(line)
    assert said.stdout == ""


@pytest.mark.usefixtures("month")
def test_a_bad_policy_is_told_with_its_line(taktstock: Taktstock, tmp_path: Path) -> None:
    """File, line and what is wrong; one name for two policies is refused too."""
    path = tmp_path / "bad.yaml"
    path.write_text(POLICY)
    said = taktstock("routing", "backtest", *MARCH, "--policy", str(path), code=1)
    assert f"{path}: line 1, column 9: policy:" in str(said.exception)
    path.write_text(POLICY.replace("<b>", ""))
    twice = ("--policy", str(path), "--policy", str(path))
    said = taktstock("routing", "backtest", *MARCH, *twice, code=1)
    assert "two policies are called 'near/1'" in str(said.exception)
