"""`taktstock erase`: destroys a person's key."""

from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError

from api.cli.errors import CommandError
from api.cli.places import DEFAULT, PartitionOption, one_place
from api.main import present
from domain.subject.commands import EraseReason, EraseSubject
from eventstore.main import open_partition
from eventstore.oms import Caller


def erase(
    subject: Annotated[str, typer.Argument(help="The person's id, as `subject_id` of an order.")],
    reason: Annotated[EraseReason, typer.Option(help="Why, as the log shows it.")],
    partition: PartitionOption = DEFAULT,
) -> None:
    """Erase a person: nothing sealed with the person's key can ever be read again."""
    try:
        command = EraseSubject(id=uuid4(), now=present(), subject_id=subject, reason=reason)
    except ValidationError as error:
        fault = error.errors()[0]
        raise CommandError(f"{fault['loc'][0]}: {fault['msg']}") from error
    caller = Caller(principal="command-line", actor="command line")
    with one_place(partition) as (place, settings), open_partition(place, settings) as opened:
        answer = opened.oms.do(command, caller=caller)
    print(f"{subject} is erased, at position {partition}-{answer.position}")
