"""`taktstock projections`: how far the read models are, whether they are right, and anew."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from projections.catalogue import READ_MODELS, read_model
from projections.rebuild import rebuild as build_anew
from projections.replay import replay_parked as fold_parked
from projections.status import status as status_of
from projections.verify import verify as compare

app: Final = typer.Typer(no_args_is_help=True, help="Read models: status, verify, rebuild.")

ModelArgument = Annotated[str, typer.Argument(help="The read model's name.")]


@app.command()
def status(partition: PartitionOption = DEFAULT, *, as_json: JsonOption = False) -> None:
    """Show how far each read model is behind the log, in events and seconds."""
    with one_log(partition) as log:
        found = status_of(log.datastore)
    if as_json:
        print_json(found)
        return
    headings = ("read model", "tables", "state", "position", "events behind", "seconds", "parked")
    rows = [
        (
            row.name,
            row.generation,
            row.state,
            row.position,
            row.lag_events,
            row.lag_seconds,
            row.parked,
        )
        for row in found
    ]
    print_table(headings, rows)


@app.command()
def verify(
    name: Annotated[list[str] | None, typer.Argument(help="Read models; all without.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Compare so many rows drawn at random per table.")
    ] = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Fold the log again and compare; exit code 1 where any row differs or any event is parked."""
    models = [read_model(one) for one in name] if name else READ_MODELS
    with one_log(partition) as log:
        found = compare(log.datastore, log.reader, models, sample=sample)
    if as_json:
        print_json([{**asdict(row), "clean": row.clean} for row in found])
    else:
        headings = ("read model", "position", "rows", "differences", "parked", "stale", "clean")
        rows = [
            (row.name, row.position, row.rows, row.differences, row.parked, row.stale, row.clean)
            for row in found
        ]
        print_table(headings, rows)
        for row in found:
            if row.fault:
                print(f"not compared: {row.name}: {row.fault}")
            for example in row.examples:
                print(f"differs: {row.name}: {example}")
    if not all(row.clean for row in found):
        raise typer.Exit(1)


@app.command()
def rebuild(name: ModelArgument, partition: PartitionOption = DEFAULT) -> None:
    """Fold a read model from the start into fresh tables, and show those in place of the old."""
    with one_log(partition) as log:
        rebuilt = build_anew(log.datastore, log.reader, read_model(name))
    compared = "no old rows to compare"
    if rebuilt.differences is not None:
        compared = f"{rebuilt.differences} rows differ from the old tables"
    print(f"{name}: {rebuilt.generation} in use at position {rebuilt.position}, {compared}")


@app.command("replay-parked")
def replay_parked(
    name: Annotated[str | None, typer.Argument(help="A read model; all without.")] = None,
    partition: PartitionOption = DEFAULT,
) -> None:
    """Fold parked events again after their fault was mended; exit code 1 where some stay."""
    models = [read_model(name)] if name else READ_MODELS
    left = 0
    with one_log(partition) as log:
        for model in models:
            replayed = fold_parked(log.datastore, log.reader, model)
            left += replayed.left
            print(f"{model.name}: {replayed.folded} folded, {replayed.left} still parked")
    if left:
        raise typer.Exit(1)
