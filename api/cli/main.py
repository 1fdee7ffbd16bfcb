"""The command `taktstock`: one word per thing to do, one clear line when it cannot be done."""

import logging
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

import typer

from api.cli import (
    bench,
    demo,
    erase,
    keys,
    migrate,
    orders,
    projections,
    reference,
    routing,
    run,
    serve,
    up,
)
from api.cli.errors import EXPECTED, MISUSED, one_line
from eventstore.logs import write_json_logs
from eventstore.memory import collect_rarely

app: Final = typer.Typer(
    name="taktstock",
    help="An event-sourced order management system for many channels and many places.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("bench")(bench.bench)
app.command("up")(up.up)
app.command("serve")(serve.serve)
app.command("migrate")(migrate.migrate)
app.add_typer(keys.app, name="keys")
app.add_typer(projections.app, name="projections")
app.add_typer(orders.app, name="orders")
app.add_typer(reference.app, name="reference")
app.add_typer(routing.app, name="routing")
app.command("erase")(erase.erase)


@app.command("version")
def print_version() -> None:
    """Print the version."""
    print(version("taktstock"))


def main() -> None:
    """Run the command line and end the process."""
    collect_rarely()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    write_json_logs(logging.WARNING)
    do(sys.argv[1:])


def do(words: Sequence[str]) -> None:
    """Do what the words say.

    Raises:
        SystemExit: always, with 0, the command's own code, or 2 where it cannot be done.
    """
    try:
        app(words, prog_name="taktstock")
    except EXPECTED as error:
        print(f"taktstock: {one_line(error)}", file=sys.stderr)
        sys.exit(MISUSED)
