"""`taktstock routing policy`: publishes, lists, shows and retires, and names mistakes by line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import do
from api.http.limits import Limits
from api.http.services import Services
from api.main import open_services
from projections.main import catch_up
from tests.api.cli.conftest import Taktstock
from tests.support.partitions import place, settings_for_tests

EXAMPLES = Path(__file__).parents[3] / "examples" / "policies"
GOOD = "policy: near\nversion: 1\ncriteria: [unfilled, distance]\n"


@pytest.fixture
def services(postgres: str, schema: str) -> Iterator[Services]:
    """Return the services of an API on the test's schema, migrated."""
    with open_services(place(postgres, schema), settings_for_tests(), limits=Limits()) as opened:
        yield opened


def test_every_example_is_published_listed_shown_and_retired(
    taktstock: Taktstock, services: Services, tmp_path: Path
) -> None:
    """What is shown can be changed and published as the next version."""
    for file in sorted(EXAMPLES.glob("*.yaml")):
        assert (
            f"{file.stem}/1 is in force"
            in taktstock("routing", "policy", "publish", str(file)).stdout
        )
    again = taktstock("routing", "policy", "publish", str(EXAMPLES / "nearest.yaml"))
    assert again.stdout == "nearest/1 was in force already\n"
    catch_up(services.datastore, services.reader)
    shown = taktstock("routing", "policy", "show", "promise-first").stdout
    assert [line.split(":")[0] for line in shown.splitlines() if line[0].islower()] == [
        "policy",
        "version",
        "criteria",
        "currency",
        "applies-to",
        "priorities",
    ]
    changed = tmp_path / "next.yaml"
    changed.write_text(shown.replace("version: 1", "version: 2"))
    assert "promise-first/2" in taktstock("routing", "policy", "publish", str(changed)).stdout
    taktstock("routing", "policy", "retire", "balanced", "--reason", "enough")
    catch_up(services.datastore, services.reader)
    listed = taktstock("routing", "policy", "list").stdout.splitlines()
    assert [line.split()[:3] for line in listed[1:]] == [
        ["balanced", "1", "no"],
        ["cheapest", "1", "yes"],
        ["nearest", "1", "yes"],
        ["promise-first", "2", "yes"],
        ["rate-aware", "1", "yes"],
    ]
    rows: list[dict[str, Any]] = json.loads(taktstock("routing", "policy", "list", "--json").stdout)
    assert rows[0]["retired_because"] == "enough"
    both = json.loads(taktstock("routing", "policy", "show", "promise-first", "--json").stdout)
    assert [one["version"] for one in both] == [2, 1]
    first = taktstock("routing", "policy", "show", "promise-first", "--version", "1").stdout
    assert first == shown


def refusal(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line in which a command says that it cannot be done."""
    with pytest.raises(SystemExit) as ended:
        do(["routing", "policy", *words])
    assert ended.value.code == 2
    told: str = capsys.readouterr().err
    assert told.startswith("taktstock: ")
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "order: monye\n", "line 4, column 8: order: "),
        (GOOD + "ordr: money\n", "line 4, column 1: ordr: 'ordr' is no key here; did you mean"),
        (GOOD + "policy: again\n", "line 4, column 1: policy: stands twice"),
        ("policy: [\n", "line 2, column 1: the document: "),
        ("", "line 1, column 1: the document: there is nothing in it"),
    ],
)
@pytest.mark.parametrize("word", ["check", "publish"])
def test_a_bad_file_is_told_by_line(
    word: str, text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a database: the file comes first."""
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    assert f"{file}: {message}" in refusal([word, str(file)], capsys)


def test_a_missing_file_and_a_good_one(
    taktstock: Taktstock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first is told by name, the second is valid."""
    missing = tmp_path / "none.yaml"
    assert f"cannot read {missing}: No such file" in refusal(["check", str(missing)], capsys)
    missing.write_text(GOOD)
    assert taktstock("routing", "policy", "check", str(missing)).stdout == "near/1 is valid\n"


def test_what_does_not_exist_is_told_in_one_line(
    environment: dict[str, str],
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Unknown policies and versions, and an empty reason."""
    catch_up(services.datastore, services.reader)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert "No policy 'ghost'" in refusal(["show", "ghost"], capsys)
    assert "No policy 'ghost'" in refusal(["retire", "ghost", "--reason", "x"], capsys)
    assert "reason: " in refusal(["retire", "ghost", "--reason", " "], capsys)


def test_a_check_refuses_an_id_that_publishing_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine's own policy is not replaced, and `schema` has another meaning."""
    file = tmp_path / "policy.yaml"
    for name in ("default", "schema"):
        file.write_text(GOOD.replace("near", name))
        assert f"'{name}' is no id for a policy" in refusal(["check", str(file)], capsys)
