"""`taktstock reference`: carriers, holidays and postal codes, in sets named by their content."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli import convert
from api.cli.errors import CommandError
from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from eventstore.reference.loading import load_carriers, load_holidays
from eventstore.reference.postal_codes import load_postal_codes
from eventstore.reference.sets import Draft, all_sets
from eventstore.reference.tables import read_text

app: Final = typer.Typer(no_args_is_help=True, help="Carriers, holidays and postal codes.")
load: Final = typer.Typer(no_args_is_help=True, help="Keep a set and bring it into use.")
app.add_typer(load, name="load")
app.add_typer(convert.app, name="convert")

SourceOption = Annotated[
    str, typer.Option("--source", help="Where it comes from, and whom to credit.")
]


@load.command("postal-codes")
def postal_codes(
    file: Annotated[Path, typer.Argument(help="country,postal_code,latitude,longitude")],
    source: SourceOption = "",
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Load where postal codes lie from a CSV file, gzipped or not."""
    with one_log(partition) as log:
        _tell(load_postal_codes(log.datastore, file, source), as_json=as_json)


@load.command("carriers")
def carriers(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders with services, rates, transit, zones.csv.")
    ],
    source: SourceOption = "",
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Load the carriers of one or more folders as one set: what is not named is not in use."""
    with one_log(partition) as log:
        _tell(load_carriers(log.datastore, folders, source), as_json=as_json)


@load.command("holidays")
def holidays(
    file: Annotated[
        Path | None, typer.Argument(help="country,subdivision,date,name; or say --countries.")
    ] = None,
    countries: Annotated[
        str | None, typer.Option(help="Countries of the holidays library: DE,FR.")
    ] = None,
    years: Annotated[str | None, typer.Option(help="Years of the library: 2010-2027.")] = None,
    source: SourceOption = "",
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Load days without work, from a CSV file or, once and for all, from the holidays library."""
    if (file is None) == (countries is None) or (countries is None) != (years is None):
        raise CommandError("name either a file, or --countries DE,FR with --years 2010-2027")
    if file is None:
        library = import_module("api.reference.official_days")
        wanted = [one.strip().upper() for one in (countries or "").split(",")]
        text, name = library.official_days(wanted, years), "holidays"
        source = source or f"holidays {library.VERSION} (MIT): {','.join(wanted)} {years}"
    else:
        text, name = read_text(file), str(file)
    with one_log(partition) as log:
        _tell(load_holidays(log.datastore, text, name, source), as_json=as_json)


@app.command("list")
def list_sets(partition: PartitionOption = DEFAULT, *, as_json: JsonOption = False) -> None:
    """List every set that was loaded, and which are in use."""
    with one_log(partition) as log:
        found = [
            {
                "kind": one.kind,
                "hash": one.hash,
                "rows": one.row_count,
                "loaded_at": one.loaded_at.isoformat(timespec="seconds"),
                "in_use": one.in_use,
                "source": one.source,
            }
            for one in all_sets(log.datastore)
        ]
    if as_json:
        print_json(found)
        return
    headings = ("kind", "hash", "rows", "loaded", "in use", "source")
    print_table(
        headings,
        [
            [*list(row.values())[:4], "yes" if row["in_use"] else "no", row["source"]]
            for row in found
        ],
    )


def _tell(draft: Draft, *, as_json: bool) -> None:
    if as_json:
        print_json({"kind": draft.kind, "hash": draft.hash, "rows": draft.row_count})
    else:
        print(f"{draft.kind} in use: {draft.row_count} rows, {draft.hash}")
