"""`taktstock routing`: the policies that decide where goods come from, and back-tests."""

from typing import Final

import typer

from api.cli import backtest, policies

app: Final = typer.Typer(no_args_is_help=True, help="How orders are routed.")
app.add_typer(policies.app, name="policy")
app.command("backtest")(backtest.backtest)
