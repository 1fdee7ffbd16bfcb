"""What cannot be done is told in one line, with exit code 2 and no traceback."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from api.cli.main import do

Told = Callable[..., str]

BAD = [
    (["projections", "rebuild", "nothing"], "no read model is called 'nothing'"),
    (["orders", "show", "WEB:1", "--partition", "other"], "no partition is called 'other'"),
    (["orders", "show", "WEB:1"], "the database is not set up; run `taktstock migrate` first"),
    (["orders", "show", "WEB"], "An order's id is CHANNEL:EXTERNAL_ID."),
    (["orders", "show", "WEB:1", "--known-at", "noon"], "'noon' is no instant"),
    (["orders", "routing", "nothing"], "An order's id is CHANNEL:EXTERNAL_ID."),
    (["orders", "routing", "WEB:1", "--position", "x-1"], "--position"),
    (["orders", "routing", "WEB:1", "--known-at", "noon"], "'noon' is no instant"),
    (["keys", "create", "web", "--role", "channel"], "needs at least one channel"),
    (["up", "--port", "0"], "name a port other than 0"),
    (["bench", "nothing"], "no bench is called 'nothing'; there are placement, hot, append, rout"),
]


@pytest.fixture
def told(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Told:
    """Return a function that does a command, which must end with 2, and returns its line."""

    def run(*words: str, **changed: str) -> str:
        for name, value in (environment | changed).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            do(words)
        assert ended.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return run


@pytest.mark.parametrize(("words", "line"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_a_command_that_cannot_be_done(told: Told, words: list[str], line: str) -> None:
    """The line says what is wrong."""
    said = told(*words)
    assert said.startswith("taktstock: ")
    assert line in said
    assert said.count("\n") == 1


def test_a_database_that_does_not_answer(told: Told) -> None:
    """A wrong address is told in one line."""
    said = told("migrate", DATABASE_URL="host=127.0.0.1 port=1 dbname=x connect_timeout=2")
    assert said.startswith("taktstock: the database says: ")
    assert said.count("\n") == 1


def test_a_misspelt_setting(told: Told) -> None:
    """A variable that would do nothing is told."""
    said = told("migrate", TAKTSTOCK_POOL_MAXSIZE="5")
    assert "did you mean TAKTSTOCK_POOL_MAX_SIZE?" in said


def test_the_program_itself() -> None:
    """As a process of its own it ends with 2 too, and without a traceback."""
    words = [sys.executable, "-m", "api", "dance"]
    result = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 2
    assert "No such command 'dance'" in result.stderr
    assert "Traceback" not in result.stderr
