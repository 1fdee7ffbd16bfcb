"""`taktstock routing`: policies that decide where goods come from, back-tests, moving work."""

from typing import Final

import typer

from api.cli import backtest, moves, policies

app: Final = typer.Typer(no_args_is_help=True, help="How orders are routed.")
app.add_typer(policies.app, name="policy")
app.command("backtest")(backtest.backtest)
app.command("moves")(moves.moves)
