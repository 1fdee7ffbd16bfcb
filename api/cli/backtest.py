"""`taktstock routing backtest`: what other policies would have done."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from api.backtest.page import as_page
from api.backtest.replay import DONE, Mode, NothingToReplay, Outcome
from api.backtest.reports import as_json, as_table
from api.backtest.run import Asked, run
from api.backtest.sources import Kept
from api.backtest.window import BadWindow, Window, window_of
from api.cli.demo import progress
from api.cli.errors import CommandError
from api.cli.places import DEFAULT, JsonOption, PartitionOption, one_log
from api.cli.printing import print_json, print_table
from api.policy_files import policy_in
from domain.routing.replay.rules import RULES

PolicyFiles = Annotated[
    list[Path], typer.Option("--policy", help="A policy to try, as YAML; may be given again.")
]
Against = Annotated[
    str, typer.Option(help=f"Simple rules to compare with: {', '.join(RULES)}; comma between.")
]
First = Annotated[str, typer.Option("--from", help="The first day of the window, in UTC.")]
Last = Annotated[str, typer.Option("--to", help="The last day of the window, in UTC.")]
ModeOption = Annotated[
    Mode, typer.Option(help="Each decision on what was known, or on the strategy's own stock.")
]
KeptOption = Annotated[
    Kept, typer.Option("--reference", help="Carriers as each decision knew them, or those now.")
]
Out = Annotated[Path | None, typer.Option(help="Where to write the picture, an HTML page.")]


def backtest(  # noqa: PLR0913 - a word of the command line for each
    first: First,
    last: Last,
    policy: PolicyFiles = [],  # noqa: B006 - typer never changes it
    against: Against = "",
    mode: ModeOption = "as-known",
    reference: KeptOption = "known",
    out: Out = None,
    partition: PartitionOption = DEFAULT,
    *,
    as_json_only: JsonOption = False,
) -> None:
    """Decide a window's orders again under other policies, beside what was really done."""
    asked = Asked(
        window=_window(first, last),
        mode=mode,
        reference=reference,
        policies=tuple(policy_in(path) for path in policy),
        rules=_rules(against),
    )
    if not asked.policies and not asked.rules:
        raise CommandError("nothing to compare: give --policy FILE, or --against with rules")
    _check_names(asked)
    with one_log(partition) as log, progress() as stage:
        try:
            outcome = run(log.datastore, log.reader, asked, stage)
        except NothingToReplay as error:
            raise CommandError(f"{error}; see the days with `taktstock orders`") from error
    _tell_speed(outcome)
    report = as_json(asked, outcome)
    if out is not None:
        _write(out, as_page(asked, outcome))
    if as_json_only:
        print_json(report)
    else:
        print_table(*as_table(outcome))


def _window(first: str, last: str) -> Window:
    try:
        return window_of(first, last)
    except BadWindow as error:
        raise CommandError(str(error)) from error


def _rules(against: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in against.split(",") if name.strip()))
    for name in names:
        if name not in RULES:
            raise CommandError(f"no rule is called {name!r}; there are {', '.join(RULES)}")
    return names


def _check_names(asked: Asked) -> None:
    twice = [name for name, times in Counter((DONE, *asked.names)).items() if times > 1]
    if twice:
        raise CommandError(f"two policies are called {twice[0]!r}; give one another version")


def _tell_speed(outcome: Outcome) -> None:
    speeds = (f"{name} {speed:,.0f}" for name, speed in outcome.decided_per_second.items())
    print(f"Decisions a second: {', '.join(speeds)}", file=sys.stderr)
    if outcome.skipped:
        print(
            f"{outcome.skipped:,} decisions answered something that happened to an order in "
            "history; an own course leaves them out.",
            file=sys.stderr,
        )


def _write(out: Path, page: str) -> None:
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror}") from error
