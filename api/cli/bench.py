"""`taktstock bench NAME`: one measurement, with its baseline in the same run."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer

from api.bench import append, hot, placement
from api.cli.errors import CommandError

BENCHES: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "placement": placement.run,
    "hot": hot.run,
    "append": append.run,
}
ALL: Final = "all"


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(BENCHES)}, or {ALL}.")] = ALL,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure on a throw-away database; ratios count, these machines are noisy."""
    if name != ALL and name not in BENCHES:
        known = ", ".join(BENCHES)
        raise CommandError(f"no bench is called {name!r}; there are {known}, or {ALL}")
    chosen = list(BENCHES) if name == ALL else [name]
    results = {one: BENCHES[one]() for one in chosen}
    if as_json:
        print(json.dumps(results if name == ALL else results[name]))
        return
    for one, figures in results.items():
        print(one)
        for key, value in figures.items():
            print(f"  {key:<32}{value}")
