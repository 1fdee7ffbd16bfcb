"""`taktstock routing policy`: publishes, lists, shows, retires and checks policies."""

from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
import yaml
from pydantic import ValidationError

from api.cli.errors import CommandError
from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log, one_place
from api.cli.printing import print_json, print_table
from api.main import present
from api.policy_files import form_in, policy_in
from domain.base.messages import Command
from domain.policy.commands import PublishPolicy, RetirePolicy
from domain.policy.decider import check_id
from domain.policy.errors import UnknownPolicy
from domain.routing.policy_document import in_order, policy_schema
from eventstore.main import open_partition
from eventstore.oms import Answer, Caller
from projections.paging import LARGEST_PAGE
from projections.routing_policies import queries

app: Final = typer.Typer(no_args_is_help=True, help="Routing policies.")

FileArgument = Annotated[Path, typer.Argument(help="A policy in YAML.", metavar="FILE")]
IdArgument = Annotated[str, typer.Argument(help="The policy's id.", metavar="ID")]
_CALLER: Final = Caller(principal="command-line", actor="command line")
_AUDIENCE: Final = ("markets", "channels", "customer-groups", "services")


@app.command()
def check(file: FileArgument) -> None:
    """Say whether a file is a valid policy, and where it is not."""
    policy = policy_in(file)
    check_id(policy.policy_id)
    print(f"{policy.name} is valid")


@app.command()
def schema() -> None:
    """Print the JSON schema of a policy."""
    print_json(policy_schema())


@app.command()
def publish(file: FileArgument, partition: PartitionOption = DEFAULT) -> None:
    """Put a version in force; publishing it again changes nothing."""
    command = PublishPolicy(id=uuid4(), now=present(), policy=form_in(file))
    answer = _do(command, partition)
    name = f"{answer.outcome['policy_id']}/{answer.outcome['version']}"
    if answer.outcome["changed"]:
        print(f"{name} is in force, at position {partition}-{answer.position}")
    else:
        print(f"{name} was in force already")


@app.command()
def retire(
    policy_id: IdArgument,
    reason: Annotated[str, typer.Option(help="Why, as the log shows it.")],
    partition: PartitionOption = DEFAULT,
) -> None:
    """Take a policy out of force; a higher version brings it back."""
    try:
        command = RetirePolicy(id=uuid4(), now=present(), policy_id=policy_id, reason=reason)
    except ValidationError as error:
        fault = error.errors()[0]
        raise CommandError(f"{fault['loc'][0]}: {fault['msg']}") from error
    answer = _do(command, partition)
    print(f"{policy_id} is retired, at position {partition}-{answer.position}")


@app.command("list")
def list_policies(partition: PartitionOption = DEFAULT, *, as_json: JsonOption = False) -> None:
    """List the newest version of every policy, retired ones too."""
    found: list[queries.FoundVersion] = []
    cursor: str | None = None
    with one_log(partition) as log:
        while True:
            page = queries.list_policies(log.datastore, limit=LARGEST_PAGE, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
    if as_json:
        print_json(found)
        return
    headings = ("policy", "version", "active", *_AUDIENCE, "published", "by")
    print_table(headings, [_row(one) for one in found])


@app.command()
def show(
    policy_id: IdArgument,
    version: Annotated[int | None, typer.Option(help="Not the newest, but this one.")] = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print a policy in YAML, ready to be changed; with --json all its versions."""
    with one_log(partition) as log:
        found = queries.versions(log.datastore, policy_id)
    if not found:
        raise UnknownPolicy(f"No policy {policy_id!r} was published")
    if as_json:
        print_json(found)
        return
    wanted = [one for one in found if version in {None, one.version}]
    if not wanted:
        known = ", ".join(str(one.version) for one in found)
        raise CommandError(f"{policy_id} has no version {version}, but {known}")
    document = in_order(wanted[0].document)
    print(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), end="")


def _row(one: queries.FoundVersion) -> list[Any]:
    audience = one.document.get("applies-to", {})
    named = [audience.get(name, []) for name in _AUDIENCE]
    published = one.published_at.isoformat(timespec="seconds")
    active = "yes" if one.active else "no"
    return [one.policy_id, one.version, active, *named, published, one.published_by]


def _do(command: Command, partition: str) -> Answer:
    with one_place(partition) as (place, settings), open_partition(place, settings) as opened:
        return opened.oms.do(command, caller=_CALLER)
