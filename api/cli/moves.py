"""`taktstock routing moves`: how far the work of suspended locations has gone elsewhere."""

from typing import Annotated

import typer

from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from projections.backlog import queries
from projections.backlog.queries import LocationMoves


def moves(
    location: Annotated[
        list[str] | None, typer.Argument(help="Location ids; all that were suspended without.")
    ] = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show what has moved, what waits to be tried, and what stays because of which reason."""
    with one_log(partition) as log:
        found = queries.moves(log.datastore, locations=location or None)
    if as_json:
        print_json(found)
    elif found:
        headings = ("location", "suspended", "since", "moved", "waiting", "staying")
        print_table(headings, [_row(one) for one in found])
    else:
        print("no work has to move")


def _row(one: LocationMoves) -> tuple[object, ...]:
    """Return a line of the table, counted in orders."""
    staying = ", ".join(f"{each['orders']} {why}" for why, each in one.staying.items())
    state = ("yes" if one.moves_work else "yes, keeps its work") if one.suspended else "no"
    since = f"{one.suspended_at:%Y-%m-%d %H:%M}"
    return (
        one.location_id,
        state,
        since,
        one.moved_orders,
        one.waiting_orders,
        staying or None,
    )
