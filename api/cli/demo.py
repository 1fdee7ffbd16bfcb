"""`taktstock demo`: a file of real orders on a throw-away database, and what came of it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.demo.figures import count
from api.demo.files import DECEMBER, example_file
from api.demo.month import (
    Advance,
    Loaded,
    Stage,
    catch_up,
    is_loaded,
    load,
    open_demo,
    survey_file,
)
from api.demo.projector import projections_running, settings_of
from api.demo.report import as_json, in_words
from eventstore.embedded import ANY_PORT, ThrowAwayPostgres
from eventstore.main import Partition
from eventstore.places import Place
from eventstore.settings import Settings
from projections.catalogue import READ_MODELS
from projections.verify import verify


def demo(
    file: Annotated[
        Path | None, typer.Option("--file", help="A .csv or .csv.gz of that data set.")
    ] = None,
    *,
    as_json_only: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the server running and say how to reach it.")
    ] = False,
    scattered: Annotated[
        bool, typer.Option("--scattered", help="Stock all locations alike, each with few SKUs.")
    ] = False,
) -> None:
    """Place every order of a file on a throw-away database and reconcile."""
    path = file or example_file(DECEMBER)
    found = survey_file(path)
    with ThrowAwayPostgres(port=ANY_PORT if keep else None) as server:
        place = Place(name="main", conninfo=server.conninfo, schema="main", key=bytes(32))
        with projections_running(settings_of(place)), open_demo(place, Settings()) as partition:
            with progress() as stage:
                loaded = load(partition, path, found, stage, is_scattered=scattered)
            report = reconcile(partition, loaded)
        if keep:
            server.keep()
            report["connection"] = place.conninfo
    if as_json_only:
        print(json.dumps(report))
    else:
        print("\n".join(in_words(report)))
    if keep:
        print(f"The server keeps running: psql '{place.conninfo}'", file=sys.stderr)


def prepare_month(place: Place, settings: Settings) -> None:
    """Load the demo's month unless it is there, and say what came of it."""
    path = example_file(DECEMBER)
    found = survey_file(path)
    with open_demo(place, settings) as partition:
        if is_loaded(partition, found):
            print("The demo's month is loaded.", flush=True)
            return
        with projections_running(settings_of(place)):
            with progress() as stage:
                loaded = load(partition, path, found, stage)
            print("\n".join(in_words(reconcile(partition, loaded))), flush=True)


def reconcile(partition: Partition, loaded: Loaded) -> dict[str, Any]:
    """Count the log, compare the read models with it, and return both as a report."""
    catch_up(partition)
    found = verify(partition.datastore, partition.reader, READ_MODELS)
    match = len(found) == len(READ_MODELS) and all(one.clean for one in found)
    return as_json(loaded, count(partition.datastore), projections_match=match)


@contextmanager
def progress() -> Iterator[Stage]:
    """Yield what shows a bar for each stage, on standard error."""
    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:

        def stage(words: str, steps: int) -> Advance:
            task = bars.add_task(words, total=steps)
            return lambda: bars.advance(task)

        yield stage
