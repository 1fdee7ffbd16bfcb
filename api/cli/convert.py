"""`taktstock reference convert`: carriers in other shapes, as folders that can be loaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.errors import CommandError
from api.reference.rate_sheets import Sheet, convert_rate_sheet
from api.reference.usps import Chart, convert_zone_chart
from api.reference.writing import write_tables
from eventstore.reference.tables import read_text

app: Final = typer.Typer(no_args_is_help=True, help="Carriers in other shapes, as a folder.")

ToOption = Annotated[Path, typer.Option("--to", help="The folder to write the tables into.")]
LevelOption = Annotated[
    list[str] | None, typer.Option("--level", help="SERVICE=LEVEL; the others are standard.")
]


@app.command("rate-sheet")
def rate_sheet(
    sheet: Annotated[Path, typer.Argument(help="A row for each service, zone and weight band.")],
    carrier: Annotated[str, typer.Option(help="Whose sheet it is.")],
    origin: Annotated[str, typer.Option(help="The country that parcels start from, like DE.")],
    to: ToOption,
    level: LevelOption = None,
    days: Annotated[
        int | None, typer.Option(min=0, help="Working days of services that state none.")
    ] = None,
) -> None:
    """Convert a rate sheet (service_code, zone_label, country_codes, max_weight, rate, ...)."""
    if len(origin) != len("DE") or not origin.isalpha():
        raise CommandError(f"--origin {origin!r} is no country code; write one like DE")
    about = Sheet(carrier, origin.upper(), _pairs("--level", level or ()), days)
    write_tables(to, convert_rate_sheet(read_text(sheet), str(sheet), about))
    print(f"{to} can be loaded: taktstock reference load carriers {to}")


@app.command("zone-chart")
def zone_chart(
    zones: Annotated[Path, typer.Option(help="origin_zip3,dest_zip3_from,dest_zip3_to,zone")],
    rates: Annotated[Path, typer.Option(help="service,max_weight_oz,zone,price_usd")],
    days: Annotated[list[str], typer.Option(help="SERVICE=WORKING DAYS, for every service.")],
    to: ToOption,
    exceptions: Annotated[
        Path | None, typer.Option(help="origin_zip3,dest_zip5_from,dest_zip5_to,zone")
    ] = None,
    level: LevelOption = None,
) -> None:
    """Convert a zone chart and prices in the shape of the United States' postal service."""
    chart = Chart(
        zones=(read_text(zones), str(zones)),
        rates=(read_text(rates), str(rates)),
        exceptions=None if exceptions is None else (read_text(exceptions), str(exceptions)),
        days={service: _whole(text) for service, text in _pairs("--days", days).items()},
        levels=_pairs("--level", level or ()),
    )
    write_tables(to, convert_zone_chart(chart))
    print(f"{to} can be loaded: taktstock reference load carriers {to}")


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        service, separator, value = text.partition("=")
        if not separator or not service or not value:
            raise CommandError(f"{option} {text!r} should be SERVICE=..., like Express=1")
        found[service] = value
    return found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise CommandError(f"--days {text!r} is no whole number of working days")
    return int(text)
