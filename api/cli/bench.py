"""`taktstock bench NAME`: one measurement, with its baseline in the same run."""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Annotated, Any, Final

import typer

from api.cli.errors import CommandError

BENCHES: Final = ("placement", "hot", "append", "routing")
ALL: Final = "all"
QUICK: Final[Mapping[str, Mapping[str, Any]]] = {"routing": {"quick": True}}
"""What makes a bench shorter; the others are short."""
ORACLE: Final = "ortools"


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(BENCHES)}, or {ALL}.")] = ALL,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer cases of routing, and seconds for CP-SAT.")
    ] = False,
) -> None:
    """Measure on a throw-away database; ratios count, these machines are noisy."""
    if name != ALL and name not in BENCHES:
        known = ", ".join(BENCHES)
        raise CommandError(f"no bench is called {name!r}; there are {known}, or {ALL}")
    chosen = {one: runner(one) for one in (BENCHES if name == ALL else [name])}
    results = {one: run(**QUICK.get(one, {}) if quick else {}) for one, run in chosen.items()}
    if as_json:
        print(json.dumps(results if name == ALL else results[name]))
        return
    for one, figures in results.items():
        print(one)
        for key, value in figures.items():
            _print(key, value)


def runner(name: str) -> Callable[..., dict[str, Any]]:
    """Return the function that runs a bench; only one that is wanted is imported.

    Raises:
        CommandError: OR-Tools, which routing is compared with, is not installed.
    """
    try:
        run: Callable[..., dict[str, Any]] = import_module(f"api.bench.{name}").run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != ORACLE:
            raise
        raise CommandError(
            "the bench of routing compares with CP-SAT of OR-Tools, which is a development "
            "dependency: run `make setup` in the source tree, or `pip install ortools`"
        ) from error
    return run


def _print(key: str, value: Any) -> None:
    rows = value if isinstance(value, list) else [value]
    for row in rows:
        text = row
        if isinstance(row, Mapping):
            text = ", ".join(f"{name} {each}" for name, each in row.items())
        print(f"  {key:<32}{text}")
