"""`taktstock keys`: who may call the HTTP API."""

from typing import Annotated, Final

import typer

from api.cli.errors import CommandError
from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from api.keys import ApiKey, ApiKeys, Role

app: Final = typer.Typer(no_args_is_help=True, help="Keys of the HTTP API.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who or what will use it, as the log shows it.")],
    role: Annotated[Role, typer.Option(help="What it may do.")] = "channel",
    channel: Annotated[list[str] | None, typer.Option(help="A channel in its scope.")] = None,
    location: Annotated[list[str] | None, typer.Option(help="A location in its scope.")] = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print its secret, which is shown this once."""
    with one_log(partition) as log:
        try:
            key, token = ApiKeys(log.datastore, partition).create(
                name, role, channels=channel or [], locations=location or []
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
    if as_json:
        print_json({"key_id": key.key_id, "name": name, "role": role, "token": token})
    else:
        print(token)


@app.command("list")
def list_keys(partition: PartitionOption = DEFAULT, *, as_json: JsonOption = False) -> None:
    """List all keys without their secrets, revoked ones too."""
    with one_log(partition) as log:
        found = [_shown(key) for key in ApiKeys(log.datastore, partition).all()]
    if as_json:
        print_json(found)
    else:
        headings = ("key", "name", "role", "channels", "locations", "created", "revoked")
        print_table(headings, [list(row.values()) for row in found])


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `keys list` shows it.")],
    partition: PartitionOption = DEFAULT,
) -> None:
    """Revoke a key; running processes notice within seconds."""
    with one_log(partition) as log:
        if not ApiKeys(log.datastore, partition).revoke(key_id):
            raise CommandError(f"no open key has the id {key_id!r}; see `taktstock keys list`")
    print(f"{key_id} is revoked")


def _shown(key: ApiKey) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role,
        "channels": list(key.channels),
        "locations": list(key.locations),
        "created_at": key.created_at.isoformat(timespec="seconds"),
        "revoked_at": key.revoked_at and key.revoked_at.isoformat(timespec="seconds"),
    }
