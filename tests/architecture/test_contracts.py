"""The import contracts hold, and each is seen to fail when it is broken on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "eventstore", "projections", "api", "scheduler")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the rooms' sources and of the contracts."""
    for room in ROOMS:
        for source in (ROOT / room).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the tree."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False
    )


def test_contracts_hold(copy: Path) -> None:
    """The tree as it is keeps every contract."""
    result = lint_imports(copy)
    assert " 0 broken." in result.stdout, result.stdout + result.stderr
    assert result.returncode == 0


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/__init__.py", "import eventstore", "Each room imports only the rooms below it"),
        ("projections/__init__.py", "import api", "Each room imports only the rooms below it"),
        (
            "scheduler/__init__.py",
            "import api",
            "The inbound and the outbound room never import each other",
        ),
        (
            "domain/base/__init__.py",
            "import psycopg",
            "The domain does no I/O and knows no clock, chance or framework",
        ),
        (
            "eventstore/__init__.py",
            "import fastapi",
            "The log and the read models know no HTTP, command line or timer",
        ),
        (
            "domain/stock/__init__.py",
            "import domain.item.events",
            "Inside the domain, contexts stand on the base and meet only in the order",
        ),
    ],
)
def test_a_broken_contract_is_named(copy: Path, module: str, line: str, contract: str) -> None:
    """One forbidden import breaks the contract that forbids it, by name."""
    with (copy / module).open("a") as source:
        source.write(f"\n{line}\n")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout, result.stdout + result.stderr
