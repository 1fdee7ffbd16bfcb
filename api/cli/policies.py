"""`taktstock routing policy`: checks policies."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.printing import print_json
from api.policy_files import policy_in
from domain.routing.policy_document import policy_schema

app: Final = typer.Typer(no_args_is_help=True, help="Routing policies.")

FileArgument = Annotated[Path, typer.Argument(help="A policy in YAML.", metavar="FILE")]


@app.command()
def check(file: FileArgument) -> None:
    """Say whether a file is a valid policy, and where it is not."""
    policy = policy_in(file)
    print(f"{policy.name} is valid")


@app.command()
def schema() -> None:
    """Print the JSON schema of a policy."""
    print_json(policy_schema())
