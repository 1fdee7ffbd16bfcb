"""`taktstock orders routing`: why an order was routed as it was, for planners and auditors."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from api.cli.printing import print_json
from api.http.routing_views import decision_view
from domain.handlers.explaining.shape import CriterionValue, GroupExplanation, Named
from domain.handlers.explaining.telling import explain
from domain.handlers.explaining.words import MOST_NAMED, measure
from projections.decisions import Remade

INDENT: Final = 2


def print_decisions_json(made: Sequence[Remade], partition: str) -> None:
    """Print decisions as the API answers them to an administrator."""
    views = [decision_view(one, lambda n: f"{partition}-{n}", in_full=True) for one in made]
    print_json([view.model_dump(mode="json") for view in views])


def print_decisions(order: str, made: Sequence[Remade], partition: str) -> None:
    """Print decisions in sentences, with the plans of each group side by side."""
    console = Console(highlight=False)
    for number, one in enumerate(made, start=1):
        _print(console, f"{order}, decision {number} of {len(made)}", one, partition)


def _print(console: Console, title: str, made: Remade, partition: str) -> None:
    told = explain(made.decided, made.request, made.facts, made.again)
    when = f"{made.decided.at:%Y-%m-%d %H:%M:%S %Z}"
    console.print(f"[bold]{escape(title)}[/bold], {when}, position {made.decided.position}")
    console.print(escape(told.summary))
    for line in _verdict(made):
        console.print(line)
    for group in told.groups:
        console.print()
        console.print(f"[bold]Group {escape(group.group_id)}[/bold]: {escape(group.title)}")
        _print_sentences(console, group.sentences)
        if group.figures and group.runners_up:
            console.print(Padding(_plans(group), (0, 0, 0, INDENT)))
    if told.sentences:
        console.print()
        _print_sentences(console, told.sentences)
    reference = ", ".join(f"{kind} {name[:12]}" for kind, name in told.reference) or "none"
    facts = f"Facts as of {partition}-{told.facts_position}; engine {told.engine}"
    console.print(f"[dim]{facts}; reference data: {escape(reference)}.[/dim]\n")


def _verdict(made: Remade) -> Iterator[str]:
    if made.again is None:
        yield f"[yellow]Not verified:[/yellow] {escape(made.obstacle or '')}"
    elif made.verified:
        yield "[green]Verified:[/green] made again from the log, it is equal to what was recorded."
    else:
        yield "[red]Not verified:[/red] made again from the log, it differs from its event."
        for one in made.again.differences:
            yield f"  {one.what}: recorded {escape(str(one.recorded))}"
            yield f"  {one.what}: made again {escape(str(one.recomputed))}"


def _print_sentences(console: Console, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        lines = wrap(sentence, console.width - 1, initial_indent="  - ", subsequent_indent="    ")
        console.print(escape("\n".join(lines)))


def _plans(group: GroupExplanation) -> Table:
    """Return the chosen plan and the runners-up, a criterion in each column."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("plan")
    for figure in group.figures:
        table.add_column(figure.criterion, justify="right")
    chosen = _ids([one.location for one in group.chosen])
    table.add_row(f"chosen: {chosen}", *_cells(group.figures, group.figures))
    for one in group.runners_up:
        table.add_row(_ids(one.locations), *_cells(group.figures, one.figures))
    return table


def _ids(locations: Sequence[Named]) -> str:
    ids = [one.location_id for one in locations]
    more = [f"{len(ids) - MOST_NAMED} more"] if len(ids) > MOST_NAMED else []
    return escape(", ".join([*ids[:MOST_NAMED], *more]))


def _cells(criteria: Sequence[CriterionValue], figures: Sequence[CriterionValue]) -> Iterator[str]:
    known = {one.criterion: one for one in figures}
    for each in criteria:
        one = known.get(each.criterion)
        yield "-" if one is None else measure(one.criterion, one.value, one.unit)
