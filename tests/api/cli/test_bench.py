"""The bench of routing compares with CP-SAT, which only those who measure need."""

import json
import subprocess
import sys
from typing import Final

import pytest

from api.bench import routing
from api.cli.main import do
from tests.api.cli.conftest import Taktstock

CASE: Final = {
    "lines", "locations", "kind", "p50_ms", "p99_ms", "cpsat_p50_ms", "ratio", "gap_share",
}  # fmt: skip
TINY: Final = routing.Extent(decisions=2, compared=1, seconds=2.0, mixed=3)


def test_the_command_line_alone_never_loads_the_oracle() -> None:
    """All words of the command are there before OR-Tools is imported."""
    code = "import sys, api.cli.main; sys.exit(any('ortools' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_the_oracle_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, exit code 2, nothing measured."""
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    for name in ("api.bench.routing", "api.bench.agreement", "api.bench.cpsat"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(SystemExit) as ended:
        do(["bench", "routing", "--json"])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith("taktstock: the bench of routing compares with CP-SAT of OR-Tools")
    assert "make setup" in err


def test_routing_is_measured(taktstock: Taktstock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every size and kind has its figures; what was compared agrees; standard output is JSON."""
    monkeypatch.setattr(routing, "SIZES", ((3, 20),))
    monkeypatch.setattr(routing, "QUICK", TINY)
    done = taktstock("bench", "routing", "--quick", "--json")
    figures = json.loads(done.stdout)
    assert [set(case) for case in figures["cases"]] == [CASE, CASE]
    assert [case["kind"] for case in figures["cases"]] == ["dense", "sparse"]
    assert (figures["checked"], figures["mismatches"]) == (5, 0)
    assert "CP-SAT 1 of 1" in done.stderr
    table = taktstock("bench", "routing", "--quick").stdout
    assert "lines 3, locations 20, kind dense" in table
