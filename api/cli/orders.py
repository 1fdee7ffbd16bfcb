"""`taktstock orders`: an order as an auditor sees it, now or as of a moment, without HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from api.cli.errors import CommandError
from api.cli.order_routing import print_decisions, print_decisions_json
from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from api.http.errors import RequestError
from api.http.folding import folded
from api.http.order_events import payload_of
from api.http.order_ids import split_order_id
from api.http.positions import position_number
from domain.base.streams import order_stream
from domain.order.state import Order
from eventstore.recorded import RecordedEvent
from projections.decisions import PastDecisions

app: Final = typer.Typer(no_args_is_help=True, help="Orders for auditors.")

IdArgument = Annotated[str, typer.Argument(help="CHANNEL:EXTERNAL_ID", metavar="ORDER")]
KnownAt = Annotated[str | None, typer.Option(help="All that was recorded by this instant.")]
TrueAt = Annotated[str | None, typer.Option(help="All that had happened by this instant.")]
Position = Annotated[str | None, typer.Option(help="All that was in the log at this position.")]


@app.command()
def show(
    order: IdArgument,
    known_at: KnownAt = None,
    true_at: TrueAt = None,
    position: Position = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show where each unit of an order stands, now or as of a moment."""
    found = _events(order, known_at, true_at, position, partition)
    state: Order = folded(found[0].stream, found)
    lines = [
        {"line": line_id, "sku": state.lines[line_id].sku, **_figures(stages)}
        for line_id, stages in state.stages().items()
    ]
    if as_json:
        print_json({"order": order, "status": state.status, "lines": lines})
        return
    print(f"{order}: {state.status}, as of position {found[-1].position}")
    if lines:
        print_table(list(lines[0]), [list(line.values()) for line in lines])


@app.command()
def events(
    order: IdArgument,
    known_at: KnownAt = None,
    true_at: TrueAt = None,
    position: Position = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """List an order's events: when each happened and was recorded, by whom, caused by what."""
    found = _events(order, known_at, true_at, position, partition)
    if as_json:
        print_json([_full(event) for event in found])
        return
    headings = ("position", "version", "type", "occurred at", "recorded at", "actor", "cause")
    print_table(headings, [_row(event) for event in found])


@app.command()
def routing(
    order: IdArgument,
    known_at: KnownAt = None,
    true_at: TrueAt = None,
    position: Position = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Explain each routing decision, made again from the log and compared with its event."""
    found = _events(order, known_at, true_at, position, partition)
    with one_log(partition) as log:
        made = PastDecisions(log.datastore).of(found)
    if as_json:
        print_decisions_json(made, partition)
    elif made:
        print_decisions(order, made, partition)
    else:
        print(f"{order} was not routed: it has no goods, or had none to route then.")


def _events(
    order: str,
    known_at: str | None,
    true_at: str | None,
    position: str | None,
    partition: str,
) -> Sequence[RecordedEvent]:
    if sum(given is not None for given in (known_at, true_at, position)) > 1:
        raise CommandError("give one of --known-at, --true-at and --position, not more")
    try:
        channel_id, external_id = split_order_id(order)
        through = position and position_number(position, partition, field="--position")
    except RequestError as error:
        raise CommandError(error.detail) from error
    with one_log(partition) as log:
        found = log.reader.stream(
            order_stream(channel_id, external_id),
            through_position=through or None,
            known_at=_instant(known_at),
            true_at=_instant(true_at),
            open_personal=True,
        )
    if not found:
        raise CommandError(f"no order {order!r} is known, or none was then")
    return found


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no instant; write 2026-03-01T12:00:00Z") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _figures(stages: Any) -> dict[str, Any]:
    names = ("ordered", "unassigned", "backordered", "reserved", "shipped", "delivered")
    return {name: str(getattr(stages, name)) for name in (*names, "cancelled")}


def _row(event: RecordedEvent) -> tuple[object, ...]:
    return (
        event.position,
        event.version,
        event.type,
        event.occurred_at.isoformat(timespec="seconds"),
        event.recorded_at.isoformat(timespec="seconds"),
        event.actor,
        event.causation_id,
    )


def _full(event: RecordedEvent) -> dict[str, Any]:
    names = ("position", "version", "type", "occurred_at", "recorded_at", "actor")
    shown = {name: getattr(event, name) for name in names}
    ids = ("event_id", "command_id", "causation_id", "correlation_id")
    return shown | {name: getattr(event, name) for name in ids} | {"payload": payload_of(event)}
